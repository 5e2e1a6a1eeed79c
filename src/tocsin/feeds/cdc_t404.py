"""US deaths with synthetic opioids other than methadone (T40.4), final, by month.

Final data do not change, so each data year is dated by the NCHS release that first published it
(``data/nchs_final_releases.csv``); a year not in that table counts as published with the file.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from tocsin.feeds.catalogue import SOURCES
from tocsin.feeds.files import SourceFile, csv_rows
from tocsin.feeds.reading import BadRow, Reading, columns, count, document, read_rows, year
from tocsin.node import Draft, Release
from tocsin.records import Observation
from tocsin.records.data_files import data_rows

source = "us-cdc-t404"
_FINAL = re.compile(r"final( \(residual: [^()]*\))?$")
_COLUMNS = ("year", "month", "deaths", "status")


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per file; its day is the newest of the releases its years came with."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    rows = csv_rows(file)
    _, header = next(rows)
    at = columns(file, header, _COLUMNS)
    released = _release_days()
    seen: dict[tuple[date, date], int] = {}

    def read(line: int, fields: list[str]) -> list[Draft]:
        body = _observation(fields, at)
        month = (body.period_start, body.period_end)
        if month in seen:
            raise BadRow(f"the month stands twice, first in row {seen[month]}; remove one")
        seen[month] = line
        status = fields[at["status"]]
        return [Draft(body, f"row {line}: {status}", released.get(body.period_start.year, file.published_at))]

    reading = read_rows(Reading(file), rows, len(header), read)
    about = SOURCES[source]
    return Release(
        source=source,
        licence=about.licence,
        document=document("month", about.name, about.publisher, about.page, file),
        published_at=max(draft.published_at or file.published_at for draft in reading.drafts),
        drafts=tuple(reading.drafts),
        accounting=reading.accounting,
        facets=frozenset({"month"}),
    )


def _observation(fields: Sequence[str], at: dict[str, int]) -> Observation:
    y, m = year(fields[at["year"]]), count(fields[at["month"]])
    if m is None or not 1 <= m <= 12:
        raise BadRow(f"{fields[at['month']]!r} is not a month; columns may be swapped")
    if not _FINAL.match(fields[at["status"]]):
        raise BadRow(
            f"the status is {fields[at['status']]!r}, and this feed reads final counts; load it as another feed"
        )
    start, end = date(y, m, 1), date(y, m, monthrange(y, m)[1])
    if end > datetime.now(UTC).date():
        raise BadRow(f"{y}-{m:02d} lies in the future; check the row")
    deaths = count(fields[at["deaths"]])
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


def _release_days() -> dict[int, datetime]:
    return {
        data_year: datetime.combine(date.fromisoformat(row["released"]), time(), UTC)
        for row in data_rows("feeds", "nchs_final_releases.csv")
        for data_year in range(int(row["first_year"]), int(row["last_year"]) + 1)
    }
