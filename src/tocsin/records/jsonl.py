"""JSON Lines: one record a line, every column by its name, times and days in ISO 8601, maps as objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from tocsin.errors import RecordError
from tocsin.records.kinds import Record
from tocsin.records.markings import Marking
from tocsin.records.schemas import KINDS, SCHEMAS
from tocsin.records.tables import CLASSES, marking_from


def to_row(record: Record) -> dict[str, Any]:
    """A record as plain JSON values; ``record`` names its kind and stands first."""
    row: dict[str, Any] = {"record": record.body.record}
    for field in SCHEMAS[record.body.record]:
        owner = record.body if hasattr(record.body, field.name) else record
        row[field.name] = _plain(field, getattr(owner, field.name))
    return row


def write(records: Iterable[Record]) -> Iterator[str]:
    """A line per record, without the line end."""
    for record in records:
        yield json.dumps(to_row(record), ensure_ascii=False, allow_nan=False)


def read(lines: Iterable[str], file: str = "") -> Iterator[Record]:
    """The records of JSON Lines; RecordError with the line's number when one cannot be read. Blank lines pass."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield from_row(json.loads(line, parse_constant=_no_constant))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, RecordError) as error:
            reason = error.reason if isinstance(error, RecordError) else f"not a record: {error!r}"
            raise RecordError(reason, file=file, row=number, mend="mend or remove this line") from error


def from_row(row: dict[str, Any]) -> Record:
    """The record of one decoded line; KeyError or RecordError when a field is missing or wrong."""
    kind = row["record"]
    if kind not in KINDS:
        raise RecordError(f"unknown kind of record {kind!r}", mend=f"use one of {', '.join(KINDS)}")
    values = {field.name: _typed(field, row.get(field.name)) for field in SCHEMAS[kind]}
    cls = CLASSES[kind]
    body = cls(**{name: values.pop(name) for name in cls.__slots__})
    return Record(body=body, **values)


def _plain(field: pa.Field, value: Any) -> Any:
    if isinstance(value, Marking):
        return {**value.as_dict(), "expires": _plain(field, value.expires)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if pa.types.is_map(field.type):
        return dict(value)
    if field.name == "parties":
        return [{"party": party, "role": role} for party, role in value]
    return list(value) if isinstance(value, tuple) else value


def _typed(field: pa.Field, value: Any) -> Any:
    if value is None:
        if field.nullable:
            return None
        raise RecordError(f"{field.name} is missing", mend="give it")
    if field.name == "marking":
        _is(field, value["relay"], bool)
        return marking_from({**value, "expires": _moment(value["expires"]) if value.get("expires") else None})
    if pa.types.is_timestamp(field.type):
        return _moment(value)
    if pa.types.is_date(field.type):
        return date.fromisoformat(value)
    if pa.types.is_map(field.type):
        return tuple(sorted((_is(field, name, str), _is(field, word, str)) for name, word in value.items()))
    if field.name == "parties":
        return tuple((item["party"], item["role"]) for item in value)
    if pa.types.is_list(field.type):
        return tuple(_is(field, one, str) for one in value)
    if pa.types.is_floating(field.type):
        return float(_is(field, value, int | float))
    return _is(
        field, value, bool if pa.types.is_boolean(field.type) else int if pa.types.is_integer(field.type) else str
    )


def _is(field: pa.Field, value: Any, kind: Any) -> Any:
    """The value, if it is of that kind; texts must be Unicode that can be written down."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise RecordError(f"{field.name} is {value!r}, of the wrong kind", mend="mend the value")
    if isinstance(value, str):
        value.encode()
    return value


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
