"""Section: how fresh each source is, where its rows went, and what it cannot say."""

from __future__ import annotations

from datetime import date
from typing import Any

from tocsin.brief.model import Cell, Context, Mark, Section, Sentence, Table
from tocsin.feeds import SOURCES
from tocsin.node import Accounting

_NEWEST = """WITH spoken AS (
        SELECT document, max(published_at) AS newest FROM (
            SELECT document, published_at FROM claim_all UNION ALL SELECT document, published_at FROM event_all
            UNION ALL SELECT document, published_at FROM observation_all)
        GROUP BY document)
    SELECT source, part, max(newest)::DATE AS newest, arg_max(id, newest) AS document,
        arg_max(published_at, newest)::DATE AS released
    FROM spoken JOIN (SELECT id AS document, id, source, part, published_at FROM document_stored) USING (document)
    GROUP BY ALL ORDER BY source, newest DESC, part"""


def section(context: Context) -> Section:
    """Every part of every source held as of the day, newest record first."""
    rows = context.view.rows(_NEWEST)
    accounting = {entry.document: entry.accounting for entry in context.ledger}
    held = sorted({row["source"] for row in rows} & SOURCES.keys())
    cells = tuple(_row(row, accounting.get(row["document"]), context.as_of) for row in rows)
    columns = (
        "Source",
        "Part",
        "Newest record",
        "Age",
        "In the file of",
        "Rows read = accepted + skipped + quarantined",
    )
    return Section(
        id="sources",
        title="How fresh, and what it cannot say",
        question="How fresh is each source, and what can it not say?",
        answer=(Sentence(_lead([row["newest"] for row in rows], context.as_of)),),
        caveats=tuple(f"{SOURCES[source].name} ({source}): {SOURCES[source].cannot_say}" for source in held),
        tables=(Table("sources", "Sources held", columns, cells, ("Age",)),) if cells else (),
    )


def _row(row: dict[str, Any], counts: Accounting | None, as_of: date) -> tuple[Cell, ...]:
    went = "–"
    if counts:
        went = f"{counts.read:,} = {counts.accepted:,} + {counts.skipped.total():,} + {len(counts.quarantined):,}"
    age = (as_of - row["newest"]).days
    return (
        Cell(row["source"], row["source"], evidence=(row["document"],)),
        Cell(row["part"].replace("_", "-"), row["part"]),
        Cell(str(row["newest"]), str(row["newest"])),
        Cell(_age(age), age),
        Cell(str(row["released"]), str(row["released"]), (Mark.RETROSPECTIVE,) if row["released"] > as_of else ()),
        Cell(went, counts.read if counts else None),
    )


def _lead(newest: list[date], as_of: date) -> str:
    if not newest:
        return f"No source is held as of {as_of}. Load one with: tocsin feed load"
    return f"The newest record used is of {max(newest)}. Every window says where it ends."


def _age(days: int) -> str:
    if days < 60:
        return f"{days} days"
    return f"{days / 30.44:.0f} months" if days < 730 else f"{days / 365.25:.1f} years"
