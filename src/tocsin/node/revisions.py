"""What a release revises: its numbers set against those the source gave before, as one event a definition.

The event says how many numbers changed, which way, how many are new and how many are no longer said; the numbers
themselves stay as vintages and ``differences`` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import pyarrow as pa

from tocsin.node.lake import Lake
from tocsin.node.view import View, newest
from tocsin.records import Event, Observation, Record
from tocsin.records.kinds import pairs

_WORDS = ("revised", "raised", "lowered", "new", "unchanged")


def revisions(lake: Lake, document: str, published_at: datetime, incoming: Sequence[Record]) -> Iterator[Event]:
    """One event for each definition of which an earlier number changed, in the order of their names."""
    said = [r for r in incoming if isinstance(r.body, Observation) and not r.withdrawn]
    if not said:
        return
    for row in _compared(lake, document, published_at, said):
        if row["revised"]:
            numbers = {word: str(row[word]) for word in _WORDS}
            day, source = published_at.date(), said[0].source
            yield Event(
                kind="revision",
                ref=f"{source} {document} {row['definition']}",
                date=day,
                qualifiers=pairs(numbers, definition=str(row["definition"]), before=str(row["before"]), list=source),
            )


def _compared(lake: Lake, document: str, published_at: datetime, said: Sequence[Record]) -> list[dict[str, object]]:
    table = pa.table(
        {
            "key": [record.key for record in said],
            "definition": [record.body.definition for record in said if isinstance(record.body, Observation)],
            "value": pa.array(
                [record.body.value for record in said if isinstance(record.body, Observation)], pa.float64()
            ),
        }
    )
    held = """(SELECT * FROM observation_stored WHERE source = $1 AND published_at <= $2 AND document <> $3)"""
    with View(lake) as view:
        view.register("incoming", table)
        return view.rows(
            f"""WITH held AS (SELECT key, value, published_at FROM ({newest(held)}) WHERE rank = 1 AND NOT withdrawn)
                SELECT definition,
                    count(*) FILTER (WHERE held.key IS NOT NULL AND i.value IS DISTINCT FROM held.value) AS revised,
                    count(*) FILTER (WHERE i.value > held.value) AS raised,
                    count(*) FILTER (WHERE i.value < held.value) AS lowered,
                    count(*) FILTER (WHERE held.key IS NULL) AS new,
                    count(*) FILTER (WHERE held.key IS NOT NULL AND i.value IS NOT DISTINCT FROM held.value) AS unchanged,
                    max(held.published_at)::DATE AS before
                FROM incoming AS i LEFT JOIN held USING (key) GROUP BY 1 ORDER BY 1""",
            [said[0].source, published_at, document],
        )
