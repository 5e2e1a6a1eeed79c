"""US Census: residents of the states on 1 July, from the spreadsheet-shaped tables NST-EST.

The header is spread over lines and its years grow; it is found by its run of years. Columns before the years are counts
of 1 April: the census itself (``Census``) and the base of the estimates. Regions have no ISO code and are skipped.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial

from tocsin.errors import InputError
from tocsin.feeds.cells import grouped_count, subdivision, year
from tocsin.feeds.files import SourceFile, csv_rows
from tocsin.feeds.observing import observed
from tocsin.feeds.reading import BadRow, Reading, Skip, read_row, release_of
from tocsin.node import Draft, Release
from tocsin.node.list_changes import Slot
from tocsin.node.merge import Statement

source = "us-census-population"
_REGIONS = ("Northeast", "Midwest", "South", "West")
_WHOLE = {"United States": "US", "Puerto Rico": "PR"}
_RELEASED = re.compile(r"Release Date: (\w+) (\d{4})")
_FEWEST_YEARS = 3
_Columns = Mapping[int, tuple[str, date]]


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per vintage, dated by the last day of the month the file says it was released in."""
    return [_release(file) for file in files]


def slot_of(statement: Statement) -> Slot | None:
    """A decade is stated as a whole by its newest vintage."""
    return f"{statement.value[:3]}0s", statement.key


def _release(file: SourceFile) -> Release:
    rows = list(csv_rows(file))
    at, columns = _header(file, rows)
    reading = Reading(file)
    for number, (line, raw) in enumerate(rows):
        if not any(cell.strip() for cell in raw):
            reading.skip("blank")
        elif number <= at:
            reading.skip("title or header")
        else:
            read_row(reading, line, raw, partial(_drafts, line, raw, columns))
    reading.check()
    decades = {f"{str(day.year)[:3]}0s" for _, day in columns.values()}
    day = _released(rows) or file.published_at
    return release_of(source, reading, "states", published_at=day, facets=decades, slot_of=slot_of)


def _header(file: SourceFile, rows: Sequence[tuple[int, list[str]]]) -> tuple[int, _Columns]:
    for number, (_, raw) in enumerate(rows):
        years = {place: int(cell) for place, cell in enumerate(raw) if re.fullmatch(r"20\d\d", cell.strip())}
        run = list(years.values())
        if not raw[0].strip() and len(run) >= _FEWEST_YEARS and run == list(range(run[0], run[0] + len(run))):
            columns = {place: ("us-census-july-1", date(year(str(y)), 7, 1)) for place, y in years.items()}
            for place in range(1, min(years)):
                counted = "us-census-count" if raw[place].strip() == "Census" else "us-census-base"
                columns[place] = (counted, date(run[0], 4, 1))
            return number, columns
    raise InputError("columns changed: no line holds a run of years", file=file.name, mend="give a table NST-EST")


def _drafts(line: int, raw: Sequence[str], columns: _Columns) -> Iterator[Draft]:
    name = raw[0].strip().removeprefix(".")
    if not any(cell.strip() for cell in raw[1:]):
        raise Skip("note")
    if name in _REGIONS:
        raise Skip("region without an ISO code")
    if len(raw) <= max(columns):
        raise BadRow("ends before the last year; get the file again")
    place = _WHOLE.get(name) or subdivision("US", name)
    for column, (definition, day) in columns.items():
        body = observed(definition, place, (day, day), grouped_count(raw[column]), "final")
        yield Draft(body, f"row {line}, column {column + 1}")


def _released(rows: Sequence[tuple[int, list[str]]]) -> datetime | None:
    """The last day of the month of release; the day itself is not in the file."""
    for _, raw in rows:
        if raw and (match := _RELEASED.match(raw[0].strip())) and match[1] in month_name:
            m, y = list(month_name).index(match[1]), int(match[2])
            return datetime(y, m, monthrange(y, m)[1], tzinfo=UTC)
    return None
