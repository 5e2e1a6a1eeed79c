"""Published age-adjusted rates of deaths with synthetic opioids other than methadone (T40.4), US.

The rows are facts compiled in ``data/nchs_rates.csv``, each with the text it was read in, its day and a quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from tocsin.feeds.cells import year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.reading import BadRow, newest_of, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.records import Observation

source = "us-nchs-rates"
_LAYOUTS = (Layout("year", ("year", "rate", "published", "title", "source", "quote", "basis")),)


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per file, dated by its newest row."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    _, reading = read_table(file, _LAYOUTS, _draft)
    return release_of(source, reading, "year", published_at=newest_of(reading))


def _draft(cell: Row) -> list[Draft]:
    if not re.fullmatch(r"\d{1,3}\.\d", cell["rate"]):
        raise BadRow(f"{cell['rate']!r} is not a rate with one decimal; columns may be swapped")
    y = year(cell["year"])
    body = Observation(
        measure="age_adjusted_death_rate",
        definition="us-t404-age-adjusted",
        place="US",
        period_start=date(y, 1, 1),
        period_end=date(y, 12, 31),
        substance="T40.4",
        unit="deaths per 100,000",
        status="final",
        value=float(cell["rate"]),
    )
    try:
        published = datetime.combine(date.fromisoformat(cell["published"]), time(), UTC)
    except ValueError:
        raise BadRow(f"{cell['published']!r} is not a day; columns may be swapped") from None
    read_in = f"row {cell.line}: {cell['title']}, read in {cell['source']} ({cell['basis']})"
    return [Draft(body, read_in, published_at=published)]
