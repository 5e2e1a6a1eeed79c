"""PHAC: opioid- and stimulant-related harms in Canada, in the layouts of 2023 and 2026.

A newer file may raise or lower any earlier period, and does not say why; both stay. The layout of 2023 writes -1 where
the later one writes ``Suppr.`` and -2 where it writes ``n/a``. It tells accidental deaths from all by ``Type_Event``;
totals carry no event here, so that they are one series with the totals of the later layout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from tocsin.feeds.cells import count, decimal, month, month_number, year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.observing import observed
from tocsin.feeds.reading import BadRow, Skip, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.records.data_files import data_rows
from tocsin.records.kinds import Pairs, pairs

source = "ca-phac-harms"
_COLUMNS = (
    "Substance", "Source", "Specific_Measure", "Region", "PRUID", "Time_Period", "Year_Quarter", "Aggregator",
    "Disaggregator", "Unit", "Value",
)  # fmt: skip
_LAYOUTS = (Layout("2023", (*_COLUMNS, "Type_Event")), Layout("2026", _COLUMNS))
_EMS = "Emergency Medical Services (EMS)"
_DEFINITIONS = {
    "Deaths": "ca-phac-deaths",
    "Hospitalizations": "ca-phac-hospitalizations",
    "Emergency Department (ED) Visits": "ca-phac-ed-visits",
    _EMS: "ca-phac-ems",
}
_UNITS = {"Number": "", "Crude rate": "-crude-rate", "Age-adjusted rate": "-age-adjusted-rate", "Percent": "-share"}
_BREAKDOWNS = {"Overall numbers": "", "Age group by sex": "Sex and age group"}
_SUPPRESSED, _NOT_AVAILABLE = ("Suppr.", "-1"), ("n/a", "-2")


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per file; its day is the user's or that of its name, for the file does not say it.

    Each layout is a part of its own: what a later layout no longer breaks down is not withdrawn.
    """
    found = (read_table(file, _LAYOUTS, _drafts) for file in files)
    return [release_of(source, reading, f"layout of {layout.name}") for layout, reading in found]


def _drafts(row: Row) -> list[Draft]:
    if row["Value"] in _NOT_AVAILABLE:
        raise Skip("not available (n/a)")
    if row["Source"] not in _DEFINITIONS or row["Unit"] not in _UNITS or not row["Substance"]:
        raise BadRow("source, unit or substance is none of the publisher's; columns may be swapped")
    value = None if row["Value"] in _SUPPRESSED else (count if row["Unit"] == "Number" else decimal)(row["Value"])
    place, part = _place(row["Region"])
    definition = _DEFINITIONS[row["Source"]] + _UNITS[row["Unit"]]
    dims = pairs(dict(_dims(row)), **({"part": part} if part else {}))
    period = _period(row["Year_Quarter"])
    body = observed(definition, place, period, value, "provisional", substance=row["Substance"], dims=dims)
    return [Draft(body, f"row {row.line}")]


def _dims(row: Row) -> Pairs:
    """What narrows the number; an aggregator that repeats the period narrows nothing."""
    breakdown = _BREAKDOWNS.get(row["Specific_Measure"], row["Specific_Measure"])
    group = "" if row["Aggregator"] == row["Year_Quarter"] else row["Aggregator"]
    event = row["Type_Event"] if row.layout == "2023" and row["Source"] != _EMS else ""
    event = "" if event.startswith("Total ") else event
    named = {"breakdown": breakdown, "group": group, "value": row["Disaggregator"], "event": event}
    return pairs({name: text for name, text in named.items() if text})


def _period(text: str) -> tuple[date, date]:
    """``2021``, ``2021 Q3`` or ``2022 (Jan to Jun)``."""
    match = re.fullmatch(r"(\d{4})(?: Q([1-4])| \((\w{3}) to (\w{3})\))?", text)
    if match is None:
        raise BadRow(f"{text!r} is not a period; columns may be swapped")
    first, last = 1, 12
    if match[2]:
        first, last = 3 * int(match[2]) - 2, 3 * int(match[2])
    elif match[3]:
        first, last = month_number(match[3]), month_number(match[4])
    y = year(match[1])
    return date(y, first, 1), month(y, last)[1]


def _place(region: str) -> tuple[str, str]:
    """The ISO code, and which part of it is meant; cities and groups of territories are parts."""
    found = _regions().get(region.replace(",", "").casefold())
    if found is None:
        raise BadRow(f"{region!r} is no region known here; columns may be swapped")
    return found


@cache
def _regions() -> dict[str, tuple[str, str]]:
    return {row["region"].casefold(): (row["place"], row["part"]) for row in data_rows("feeds", "phac_regions.csv")}
