"""CDC WONDER exports: deaths with T40.4 by state of residence and month, final and provisional.

A cell under ten is absent: whether it was nine or none is not known, so every sum of these cells is a lower bound. The
export does not hold its query; that the underlying cause was restricted is inferred (see the definition). Final years
are dated by the NCHS release that first published them, provisional ones only by their file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tocsin.feeds.cdc_t404 import final_release
from tocsin.feeds.cells import count, month, month_number, subdivision, year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.observing import observed
from tocsin.feeds.reading import BadRow, Skip, newest_of, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.node.list_changes import Slot
from tocsin.node.merge import Statement
from tocsin.records import Observation

source = "us-cdc-wonder"
_COLUMNS = (
    "Notes", "Year", "Year Code", "Month", "Month Code", "Multiple Cause of death", "Multiple Cause of death Code",
    "Deaths", "Population", "Crude Rate",
)  # fmt: skip
_LAYOUTS = (
    Layout("final", (*_COLUMNS, "State", "State Code")),
    Layout("provisional", (*_COLUMNS, "Residence State", "Residence State Code")),
)
_STATUSES = {"": "final", "(provisional)": "provisional", "(provisional and partial)": "incomplete"}


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per export; it states each of its years completely."""
    return [_release(file) for file in files]


def slot_of(statement: Statement) -> Slot | None:
    """A year is stated as a whole, by final and provisional exports apart."""
    return f"{statement.part} {statement.value[:4]}", statement.key


def _release(file: SourceFile) -> Release:
    years: set[int] = set()

    def read(row: Row) -> list[Draft]:
        body = _observation(row)
        years.add(body.period_start.year)
        released = final_release(body.period_start.year) if row.layout == "final" else None
        return [Draft(body, f"row {row.line}", released or file.published_at)]

    layout, reading = read_table(file, _LAYOUTS, read)
    facets = {f"{layout.name} {y}" for y in years}
    return release_of(source, reading, layout.name, published_at=newest_of(reading), facets=facets, slot_of=slot_of)


def _observation(row: Row) -> Observation:
    if row["Notes"]:
        raise Skip("total or note of the publisher")
    label = re.fullmatch(r"(\d{4})\s*(.*)", row["Year"])
    code = re.fullmatch(r"(\d{4})/(\d{2})", row["Month Code"])
    if label is None or code is None or label[1] != code[1] or label[2] not in _STATUSES:
        raise BadRow(f"year {row['Year']!r} and month {row['Month Code']!r} do not fit; columns may be swapped")
    if row["Multiple Cause of death Code"] != "T40.4":
        raise BadRow(f"the cause is {row['Multiple Cause of death Code']!r}, and this feed reads T40.4")
    state = row["State" if row.layout == "final" else "Residence State"]
    return observed(
        "us-t404-resident-month",
        subdivision("US", state),
        month(year(code[1]), month_number(code[2])),
        count(row["Deaths"]),
        _STATUSES[label[2]],
        substance="T40.4",
    )
