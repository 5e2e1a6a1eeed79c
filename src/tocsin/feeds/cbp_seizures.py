"""US Customs and Border Protection: drugs seized at ports of entry and between them, by month, area and drug.

Fiscal years run from October to September; records stand at their calendar month. Files overlap and their span moves,
so each fiscal year is stated as a whole by whichever file holds it. Only complete fiscal years are final.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tocsin.feeds.cells import count, decimal, month, month_number, year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.observing import observed
from tocsin.feeds.reading import BadRow, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.node.list_changes import Slot
from tocsin.node.merge import Statement
from tocsin.records.kinds import pairs

source = "us-cbp-seizures"
_DIMS = {
    "Component": "component",
    "Region": "region",
    "Land Filter": "land_filter",
    "Area of Responsibility": "area",
}
_LAYOUTS = (Layout("month", ("FY", "Month (abbv)", *_DIMS, "Drug Type", "Count of Event", "Sum Qty (lbs)")),)
_COMPONENTS = ("Office of Field Operations", "U.S. Border Patrol")
_FIRST_MONTH = 10


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per file; it states each of its fiscal years completely."""
    return [_release(file) for file in files]


def fiscal_year(day: date) -> int:
    """The US federal fiscal year a day lies in: October 2025 is in 2026."""
    return day.year + (day.month >= _FIRST_MONTH)


def slot_of(statement: Statement) -> Slot | None:
    """A fiscal year is stated as a whole."""
    return f"fy{fiscal_year(date.fromisoformat(statement.value))}", statement.key


def _release(file: SourceFile) -> Release:
    years: set[int] = set()

    def read(row: Row) -> list[Draft]:
        fiscal, to_date = _fiscal(row["FY"])
        years.add(fiscal)
        return _drafts(row, fiscal, "provisional" if to_date else "final")

    _, reading = read_table(file, _LAYOUTS, read)
    return release_of(source, reading, "month", facets={f"fy{y}" for y in years}, slot_of=slot_of)


def _fiscal(text: str) -> tuple[int, bool]:
    match = re.fullmatch(r"(\d{4})( \(FYTD\))?", text)
    if match is None:
        raise BadRow(f"{text!r} is not a fiscal year; columns may be swapped")
    # A fiscal year begins three months before its calendar year.
    return year(str(int(match[1]) - 1)) + 1, match[2] is not None


def _drafts(row: Row, fiscal: int, status: str) -> list[Draft]:
    if row["Component"] not in _COMPONENTS or not row["Drug Type"]:
        raise BadRow("component or drug is none of the publisher's; columns may be swapped")
    m = month_number(row["Month (abbv)"])
    period = month(fiscal - (m >= _FIRST_MONTH), m)
    dims = pairs({name: row[column] for column, name in _DIMS.items()})
    drug = row["Drug Type"].rstrip("*")
    values = {
        "us-cbp-seizure-events": count(row["Count of Event"]),
        "us-cbp-seized-weight": decimal(row["Sum Qty (lbs)"]),
    }
    return [
        Draft(observed(name, "US", period, value, status, substance=drug, dims=dims), f"row {row.line}")
        for name, value in values.items()
    ]
