"""Records as lines of a list and as fields of a page, masked where they must be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tocsin.records.display import displayed
from tocsin.records.jsonl import to_row
from tocsin.records.kinds import Claim, Event, Observation, Record
from tocsin.records.summary import summary


def lines_of(records: Iterable[Record]) -> list[dict[str, Any]]:
    """A line for each record: what it says in short, who says it, since when."""
    return [_line(record) for record in records]


def fields_of(record: Record) -> list[tuple[str, str]]:
    """Every field that has a value, as text."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in to_row(displayed(record)).items()
        if value not in (None, [], {})
    ]


def subject_of(record: Record) -> str | None:
    """The party a record is about, if it is about one."""
    if isinstance(record.body, Claim):
        return record.body.subject
    if isinstance(record.body, Event) and record.body.parties:
        return record.body.parties[0][0]
    return None


def _line(record: Record) -> dict[str, Any]:
    shown = displayed(record)
    body = shown.body
    return {
        "id": record.id,
        "kind": body.record,
        "says": summary(shown),
        "published": record.published_at,
        "known": record.known_at,
        "source": record.source,
        "withdrawn": record.withdrawn,
        "subject": subject_of(record),
        "place": body.place if isinstance(body, Event | Observation) else None,
        "value": body.value if isinstance(body, Observation) else None,
        "status": body.status if isinstance(body, Observation) else "",
    }
