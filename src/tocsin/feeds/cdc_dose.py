"""DOSE: emergency department visits for suspected nonfatal overdoses per 10,000 visits, by state and for the US.

A withheld rate (``*``) may rest on fewer than 20 visits, on too few months, or fall into March to August 2020: the sign
does not say which. ``§`` is a state that does not share, ``¶`` one that takes no part: neither is a suppressed number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.feeds.cells import count, decimal, month, month_number, twelve_months_to, us_place, year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.observing import observed
from tocsin.feeds.reading import BadRow, Skip, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.records import Observation
from tocsin.records.kinds import Pairs, pairs

source = "us-cdc-dose"
_RATES = {
    "drug_rate": "drugs",
    "opioid_rate": "opioids",
    "fentanyl_rate": "fentanyl",
    "heroin_rate": "heroin",
    "stimulant_rate": "stimulants",
    "cocaine_rate": "cocaine",
    "methamphetamine_rate": "methamphetamine",
    "benzodiazepine_rate": "benzodiazepines",
}
_WHEN = ("year", "month", "rate_time")
_LAYOUTS = (
    Layout("jurisdiction", ("jurisdiction", *_WHEN, *_RATES)),
    Layout("overall", ("geoid", *_WHEN, "jurisdiction_count", "sex", "age_range", *_RATES)),
)
_PERIODS = {"Monthly": ("us-dose-visits", month), "Annual": ("us-dose-visits-12-months", twelve_months_to)}
_ABSENT = {"§": "state does not share data (§)", "¶": "state takes no part (¶)"}


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per table."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    layout, reading = read_table(file, _LAYOUTS, _drafts)
    return release_of(source, reading, layout.name)


def _drafts(row: Row) -> list[Draft]:
    if row["rate_time"] not in _PERIODS:
        raise BadRow(f"{row['rate_time']!r} is neither Monthly nor Annual; columns may be swapped")
    signs = {row[name] for name in _RATES}
    if len(signs) == 1 and (reason := _ABSENT.get(next(iter(signs)))):
        raise Skip(reason)
    return [Draft(body, f"row {row.line}, {name}") for name, body in (*_rates(row), *_taking_part(row))]


def _rates(row: Row) -> Iterator[tuple[str, Observation]]:
    definition, period_of = _PERIODS[row["rate_time"]]
    period = period_of(year(row["year"]), month_number(row["month"]))
    place = us_place(row["jurisdiction" if row.layout == "jurisdiction" else "geoid"])
    for name, substance in _RATES.items():
        if row[name] not in _ABSENT:
            value = None if row[name] == "*" else decimal(row[name])
            yield name, observed(definition, place, period, value, "provisional", substance=substance, dims=_group(row))


def _group(row: Row) -> Pairs:
    if row.layout == "jurisdiction":
        return ()
    return pairs({name: row[name] for name in ("sex", "age_range") if row[name] != "Total"})


def _taking_part(row: Row) -> Iterator[tuple[str, Observation]]:
    """How many states the US figure of this period is made of: it changes, so levels do not compare."""
    if row.layout == "overall" and not _group(row) and row["rate_time"] == "Monthly":
        period = month(year(row["year"]), month_number(row["month"]))
        number = count(row["jurisdiction_count"])
        yield "jurisdiction_count", observed("us-dose-jurisdictions", "US", period, number, "provisional")
