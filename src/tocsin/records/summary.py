"""A record in one line, for lists."""

from __future__ import annotations

from tocsin.records.kinds import Claim, Document, Event, Observation, Record


def summary(record: Record) -> str:
    """What the record says, in a few words."""
    body = record.body
    if isinstance(body, Claim):
        about = ", ".join(f"{name} {value}" for name, value in body.qualifiers if name != "keyed_hash")
        return f"{body.subject} {body.property} {body.value}" + (f" ({about})" if about else "")
    if isinstance(body, Observation):
        value = body.status if body.value is None else f"{body.value:,g} {body.unit} ({body.status})"
        form = dict(body.dims).get("form", "")
        return f"{body.measure} {body.place} {body.period} {form or body.substance or ''}: {value}"
    if isinstance(body, Event):
        when = "on an unknown day" if body.date is None else f"{body.date_precision} {body.date}"
        return f"{body.kind} {when}: {', '.join(party for party, _ in body.parties) or body.place or ''}"
    assert isinstance(body, Document)
    return f"{body.title} ({body.file_name or body.part})"
