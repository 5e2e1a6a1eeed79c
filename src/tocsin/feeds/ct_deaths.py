"""Connecticut: accidental drug-related deaths, counted and never kept singly.

The file lists single deaths; date, age and town name a person. So this feed keeps counts only: all deaths by month, and
deaths by year in which a substance was detected, none under ten. The two are no margins of one another, so no small
count can be worked out. A column that was not filled in a year says nothing of that year (``data/ct_flags.csv``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from tocsin.feeds.cells import month, month_number, year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.observing import observed
from tocsin.feeds.reading import BadRow, Skip, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.records.data_files import data_rows

source = "us-ct-ocme"
keeps_bytes = False
"""The listing itself is not kept: a copy of it would be case-level data."""
_SMALLEST = 10
_SHARED = (
    "Date", "Age", "Sex", "Race", "Location", "Heroin", "Cocaine", "Fentanyl", "Oxycodone", "Oxymorphone", "Ethanol",
    "Hydrocodone", "Benzodiazepine", "Methadone", "Amphet", "Tramad", "Hydromorphone", "Other", "ResidenceCityGeo",
    "InjuryCityGeo", "DeathCityGeo",
)  # fmt: skip
_LAYOUTS = (
    Layout("2019", (
        *_SHARED, "ID", "DateType", "ResidenceCity", "ResidenceCounty", "ResidenceState", "DeathCity", "DeathCounty",
        "LocationifOther", "DescriptionofInjury", "InjuryPlace", "InjuryCity", "InjuryCounty", "InjuryState", "COD",
        "OtherSignifican", "FentanylAnalogue", "Morphine_NotHeroin", "OpiateNOS", "AnyOpioid", "MannerofDeath",
    )),
    Layout("2022", (
        *_SHARED, "Date Type", "Ethnicity", "Residence City", "Residence County", "Residence State", "Injury City",
        "Injury County", "Injury State", "Injury Place", "Description of Injury", "Death City", "Death County",
        "Death State", "Location if Other", "Cause of Death", "Manner of Death", "Other Significant Conditions",
        "Heroin death certificate (DC)", "Fentanyl Analogue", "Meth/Amphetamine", "Morphine (Not Heroin)", "Xylazine",
        "Gabapentin", "Opiate NOS", "Heroin/Morph/Codeine", "Other Opioid", "Any Opioid",
    )),
)  # fmt: skip
_Flags = dict[str, tuple[tuple[str, int, int], ...]]


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per listing, of counts; its day is the user's, for the file does not say it."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    months: Counter[tuple[int, int]] = Counter()
    detected: Counter[tuple[int, str]] = Counter()

    def read(row: Row) -> tuple[Draft, ...]:
        y, m = _when(row)
        months[y, m] += 1
        detected.update((y, substance) for substance in _substances(row, y))
        return ()

    layout, reading = read_table(file, _LAYOUTS, read, summed=True)
    reading.drafts = [*_by_month(months), *_by_substance(months, detected, layout.name)]
    return release_of(source, reading, "counts")


def _when(row: Row) -> tuple[int, int]:
    manner = row["MannerofDeath" if row.layout == "2019" else "Manner of Death"]
    if manner.casefold() not in ("accident", "pending", ""):
        raise Skip("manner of death is no accident")
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})( 12:00:00 AM)?", row["Date"])
    if match is None:
        raise BadRow("the day of death or report is missing or no day; get the file again")
    y, m = year(match[3]), month_number(match[1])
    month(y, m)
    return y, m


def _substances(row: Row, y: int) -> set[str]:
    """What was detected, as far as its column was filled in that year; remarks such as ``PCP NEG`` are no Y."""
    return {
        substance
        for column, windows in _flags(row.layout).items()
        for substance, first, last in windows
        if first <= y <= last and row[column].upper().startswith("Y")
    }


def _by_month(months: Counter[tuple[int, int]]) -> Iterator[Draft]:
    for (y, m), number in sorted(months.items()):
        body = observed("us-ct-accidental-deaths", "US-CT", month(y, m), _not_small(number), "final")
        yield Draft(body, f"rows of {y}-{m:02d}, counted")


def _by_substance(months: Counter[tuple[int, int]], detected: Counter[tuple[int, str]], layout: str) -> Iterator[Draft]:
    windows = {window for some in _flags(layout).values() for window in some}
    for y in sorted({y for y, _ in months}):
        for substance in sorted({name for name, first, last in windows if first <= y <= last}):
            number = _not_small(detected[y, substance])
            body = observed(
                "us-ct-detected", "US-CT", (date(y, 1, 1), date(y, 12, 31)), number, "final", substance=substance
            )
            yield Draft(body, f"rows of {y} with {substance}, counted")


def _not_small(number: int) -> int | None:
    return number if number >= _SMALLEST else None


@cache
def _flags(layout: str) -> _Flags:
    """Column → (substance, first year, last year) in which the column was filled."""
    found: _Flags = {}
    for row in data_rows("feeds", "ct_flags.csv"):
        if row["layout"] == layout:
            window = (row["substance"], int(row["first_year"]), int(row["last_year"] or 9999))
            found[row["column"]] = (*found.get(row["column"], ()), window)
    return found
