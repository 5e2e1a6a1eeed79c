"""Section: how fresh each source is, where its rows went, and what it cannot say."""

from __future__ import annotations

from datetime import date

from tocsin.brief.model import Cell, Context, Section, Sentence, Table
from tocsin.feeds import SOURCES

_NEWEST = """SELECT source, part, max(published_at)::DATE AS released, arg_max(id, published_at) AS document,
    arg_max(scope, published_at) AS scope FROM document_all GROUP BY ALL ORDER BY source, released DESC"""


def section(context: Context) -> Section:
    """Every part of every source held as of the day, newest release first."""
    rows = context.view.rows(_NEWEST)
    accounting = {entry.document: entry.accounting for entry in context.ledger}
    cells = []
    for row in rows:
        counts = accounting.get(row["document"])
        went = (
            f"{counts.read:,} = {counts.accepted:,} + {counts.skipped.total():,} + {len(counts.quarantined):,}" if counts else "–"
        )
        age = (context.as_of - row["released"]).days
        cells.append(
            (
                Cell(row["source"], row["source"], evidence=(row["document"],)),
                Cell(row["part"].replace("_", "-"), row["part"]),
                Cell(str(row["released"]), str(row["released"])),
                Cell(_age(age), age),
                Cell(went, counts.read if counts else None),
            )
        )
    columns = ("Source", "Part", "Newest release", "Age", "Rows read = accepted + skipped + quarantined")
    held = sorted({row["source"] for row in rows})
    return Section(
        id="sources",
        title="How fresh, and what it cannot say",
        question="How fresh is each source, and what can it not say?",
        answer=(Sentence(_lead(rows[0]["released"] if rows else None, rows, context.as_of)),),
        caveats=tuple(f"{SOURCES[source].name} ({source}): {SOURCES[source].cannot_say}" for source in held if source in SOURCES),
        tables=(Table("sources", "Sources held", columns, tuple(cells), ("Age",)),) if cells else (),
    )


def _lead(first: date | None, rows: list[dict[str, object]], as_of: date) -> str:
    if first is None:
        return f"No source is held as of {as_of}. Load one with: tocsin feed load"
    newest = max(str(row["released"]) for row in rows)
    return f"The newest release held as of {as_of} is of {newest}. Nothing newer is in this brief; every window says where it ends."


def _age(days: int) -> str:
    if days < 60:
        return f"{days} days"
    return f"{days / 30.44:.0f} months" if days < 730 else f"{days / 365.25:.1f} years"
