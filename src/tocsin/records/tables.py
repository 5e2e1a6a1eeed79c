"""Records as Arrow tables, and back: one column per field, in the order of the schemas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any

import pyarrow as pa

from tocsin.records.kinds import Body, Claim, Document, Event, Observation, Record
from tocsin.records.markings import TLP, Marking
from tocsin.records.schemas import BODIES, SCHEMAS

CLASSES: dict[str, type[Body]] = {cls.record: cls for cls in (Document, Claim, Event, Observation)}
_BODY_NAMES = {kind: tuple(field.name for field in fields) for kind, fields in BODIES.items()}
_ENVELOPE = ("id", "key", "source", "document", "locator", "published_at", "known_at", "withdrawn", "licence")


def to_table(kind: str, records: Sequence[Record]) -> pa.Table:
    """Records of one kind as a table of that kind's schema, in the given order."""
    schema = SCHEMAS[kind]
    if not records:
        return schema.empty_table()
    columns: dict[str, Any] = {name: list(map(attrgetter(name), records)) for name in _ENVELOPE}
    columns["marking"] = _markings(records)
    bodies = [record.body for record in records]
    for name in _BODY_NAMES[kind]:
        columns[name] = list(map(attrgetter(name), bodies))
    if kind == "event":
        columns["parties"] = [[{"party": p, "role": r} for p, r in body] for body in columns["parties"]]
    arrays = [_array(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def from_table(kind: str, table: pa.Table) -> Iterator[Record]:
    """The records of a table of that kind; columns the schema does not know are left out."""
    cls = CLASSES[kind]
    names = _BODY_NAMES[kind]
    for batch in table.select(SCHEMAS[kind].names).to_batches(max_chunksize=10_000):
        columns = {name: batch.column(name).to_pylist() for name in batch.schema.names}
        for row in range(batch.num_rows):
            body = cls(**{name: _value(name, columns[name][row]) for name in names})
            envelope = {name: columns[name][row] for name in _ENVELOPE}
            yield Record(body=body, marking=marking_from(columns["marking"][row]), **envelope)


def group_by_kind(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Records sorted into the four kinds; kinds without a record are absent."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.body.record, []).append(record)
    return groups


def marking_from(value: dict[str, Any]) -> Marking:
    """A marking from its stored form (see ``Marking.as_dict``)."""
    released = value["released_to"]
    return Marking(
        tlp=TLP.parse(value["tlp"]),
        owners=frozenset(value["owners"]),
        released_to=None if released is None else frozenset(released),
        relay=value["relay"],
        expires=value["expires"],
    )


def _markings(records: Sequence[Record]) -> Any:
    first = records[0].marking
    if all(record.marking is first for record in records):
        return pa.repeat(pa.scalar(first.as_dict(), SCHEMAS["claim"].field("marking").type), len(records))
    return [record.marking.as_dict() for record in records]


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    first = values[0] if values else None
    if isinstance(first, str | bool) and values == list(repeat(first, len(values))):
        return pa.repeat(pa.scalar(first, kind), len(values))
    return pa.array(values, kind)


def _value(name: str, value: Any) -> Any:
    """Lists come back as tuples, parties as pairs: values are frozen."""
    if name == "parties":
        return tuple((item["party"], item["role"]) for item in value)
    return tuple(value) if isinstance(value, list) else value
