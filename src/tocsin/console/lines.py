"""Records as lines of a list and as fields of a page, masked where they must be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tocsin.node.finding import Moment, facts_of
from tocsin.node.index import Index
from tocsin.records.display import displayed
from tocsin.records.jsonl import to_row
from tocsin.records.kinds import Claim, Event, Observation, Record
from tocsin.records.summary import summary


def lines_of(index: Index, records: Iterable[Record], moment: Moment) -> list[dict[str, Any]]:
    """A line for each record: what it is about, what it says in short, who says it, since when."""
    some = list(records)
    facts = facts_of(index, {subject for one in some if (subject := subject_of(one))}, ("name",), moment)
    names = {subject: said["name"][0] for subject, said in facts.items()}
    return [_line(record, names) for record in some]


def fields_of(record: Record) -> list[tuple[str, str]]:
    """Every field that has a value, as text."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in to_row(displayed(record)).items()
        if value not in (None, [], {})
    ]


def start_of(record: Record) -> tuple[str, str]:
    """What puts records in the order of what they tell: by kind, then by the first day they speak of."""
    body = record.body
    day = body.period_start if isinstance(body, Observation) else body.date if isinstance(body, Event) else None
    return body.record, str(day or record.published_at.date())


def subject_of(record: Record) -> str | None:
    """The party a record is about, if it is about one."""
    if isinstance(record.body, Claim):
        return record.body.subject
    if isinstance(record.body, Event) and record.body.parties:
        return record.body.parties[0][0]
    return None


def _line(record: Record, names: Mapping[str, str]) -> dict[str, Any]:
    shown = displayed(record)
    body = shown.body
    subject = subject_of(record)
    return {
        "id": record.id,
        "kind": body.record,
        "says": _says(shown),
        "published": record.published_at,
        "known": record.known_at,
        "source": record.source,
        "withdrawn": record.withdrawn,
        "subject": subject,
        "party": names.get(subject, subject) if subject else None,
        "place": body.place if isinstance(body, Event | Observation) else None,
        "value": body.value if isinstance(body, Observation) else None,
        "status": body.status if isinstance(body, Observation) else "",
    }


def _says(record: Record) -> str:
    """The summary without what stands beside it: the party or the place."""
    body = record.body
    if isinstance(body, Claim):
        return summary(record).removeprefix(f"{body.subject} ")
    if isinstance(body, Event):
        return summary(record).rpartition(": ")[0] or summary(record)
    return summary(record)
