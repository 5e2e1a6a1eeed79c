"""Published age-adjusted rates of deaths with synthetic opioids other than methadone (T40.4), US.

The rows are facts compiled in ``data/nchs_rates.csv``, each with the text it was read in, its day and a quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from tocsin.feeds.catalogue import SOURCES
from tocsin.feeds.files import SourceFile, csv_rows
from tocsin.feeds.reading import BadRow, Reading, columns, document, read_rows, year
from tocsin.node import Draft, Release
from tocsin.records import Observation

source = "us-nchs-rates"
_COLUMNS = ("year", "rate", "published", "title", "source", "quote", "basis")


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per file, dated by its newest row."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    rows = csv_rows(file)
    _, header = next(rows)
    at = columns(file, header, _COLUMNS)
    reading = read_rows(Reading(file), rows, len(header), lambda line, fields: [_draft(line, fields, at)])
    about = SOURCES[source]
    return Release(
        source=source,
        licence=about.licence,
        document=document("year", about.name, about.publisher, about.page, file),
        published_at=max(draft.published_at or file.published_at for draft in reading.drafts),
        drafts=tuple(reading.drafts),
        accounting=reading.accounting,
        facets=frozenset({"year"}),
    )


def _draft(line: int, fields: Sequence[str], at: dict[str, int]) -> Draft:
    cell = {name: fields[place] for name, place in at.items()}
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
    read_in = f"row {line}: {cell['title']}, read in {cell['source']} ({cell['basis']})"
    return Draft(body, read_in, published_at=published)
