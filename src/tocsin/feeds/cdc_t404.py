"""US deaths with synthetic opioids other than methadone (T40.4), final, by month.

Final data do not change, so each data year is dated by the NCHS release that first published it
(``data/nchs_final_releases.csv``); a year not in that table counts as published with the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache

from tocsin.feeds.cells import count, month, month_number, year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.reading import BadRow, newest_of, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.records import Observation
from tocsin.records.data_files import data_rows

source = "us-cdc-t404"
_FINAL = re.compile(r"final( \(residual: [^()]*\))?$")
_LAYOUTS = (Layout("month", ("year", "month", "deaths", "status")),)


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per file; its day is the newest of the releases its years came with."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    def read(row: Row) -> list[Draft]:
        body = _observation(row)
        released = final_release(body.period_start.year) or file.published_at
        return [Draft(body, f"row {row.line}: {row['status']}", released)]

    _, reading = read_table(file, _LAYOUTS, read)
    return release_of(source, reading, "month", published_at=newest_of(reading))


def _observation(row: Row) -> Observation:
    start, end = month(year(row["year"]), month_number(row["month"]))
    if not _FINAL.match(row["status"]):
        raise BadRow(f"the status is {row['status']!r}, and this feed reads final counts; load it as another feed")
    deaths = count(row["deaths"])
    return Observation(
        measure="deaths",
        definition="us-t404-final-resident",
        place="US",
        period_start=start,
        period_end=end,
        substance="T40.4",
        unit="deaths",
        status="suppressed" if deaths is None else "final",
        value=deaths,
    )


def final_release(data_year: int) -> datetime | None:
    """The day NCHS first published the final deaths of a year; ``None`` where it is not known."""
    return _release_days().get(data_year)


@cache
def _release_days() -> dict[int, datetime]:
    return {
        data_year: datetime.combine(date.fromisoformat(row["released"]), time(), UTC)
        for row in data_rows("feeds", "nchs_final_releases.csv")
        for data_year in range(int(row["first_year"]), int(row["last_year"]) + 1)
    }
