"""What a release revises: its numbers set against those the source gave before, as one event a definition.

The event says how many numbers changed, which way, how many are new and how many are no longer said; the numbers
themselves stay as vintages and ``differences`` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa

from tocsin.node.lake import Lake
from tocsin.node.state import LedgerEntry
from tocsin.node.view import View, newest
from tocsin.records import Event, Observation, Record, record_id, record_key
from tocsin.records.kinds import Body, pairs
from tocsin.records.schemas import SCHEMAS
from tocsin.records.tables import from_table

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


def told_again(lake: Lake, follower: LedgerEntry) -> list[Record]:
    """What must be said anew of a release held, once an earlier one came in late: it revises other numbers now.

    The records are of the follower's document: events that changed, and withdrawals of those that no longer hold.
    """
    names = {kind: ", ".join(f'"{name}"' for name in SCHEMAS[kind].names) for kind in ("observation", "event")}
    with View(lake) as view:
        numbers = view.table(
            f"SELECT {names['observation']} FROM observation_stored WHERE document = ? AND NOT withdrawn",
            [follower.document],
        )
        said = "(SELECT * FROM event_stored WHERE document = $1 AND kind = 'revision')"
        told = view.table(
            f"SELECT {names['event']} FROM ({newest(said)}) WHERE rank = 1 AND NOT withdrawn", [follower.document]
        )
    before = {record.key: record for record in from_table("event", told)}
    incoming = list(from_table("observation", numbers))
    bodies = list(revisions(lake, follower.document, follower.published_at, incoming))
    now = {record_key(body): body for body in bodies}
    changed = [body for key, body in now.items() if key not in before or before[key].body != body]
    fresh = [_record(replace(incoming[0], published_at=follower.published_at), body, False) for body in changed]
    gone = [_record(record, record.body, True) for key, record in before.items() if key not in now]
    return [*fresh, *gone]


def _record(like: Record, body: Body, withdrawn: bool) -> Record:
    """An event in the envelope of another record of its document, known from now on."""
    locator = "numbers set against those before, once an earlier release came in"
    name = record_id(like.source, like.document, locator, body, like.published_at, withdrawn)
    return replace(
        like, body=body, id=name, key=record_key(body), locator=locator, known_at=datetime.now(UTC), withdrawn=withdrawn
    )
