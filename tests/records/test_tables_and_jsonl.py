"""Records survive Arrow and JSON Lines unchanged."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import a_record
from tests.records.strategies import records
from tocsin.errors import RecordError
from tocsin.records import Claim, Event, Observation, Record, jsonl
from tocsin.records.schemas import BODIES, ENVELOPE, SCHEMA_VERSION, SCHEMAS
from tocsin.records.tables import CLASSES, from_table, group_by_kind, to_table


@given(st.lists(records(), max_size=5))
def test_arrow_round_trip(some: list[Record]) -> None:
    for kind, group in group_by_kind(some).items():
        table = to_table(kind, group)
        assert table.schema.equals(SCHEMAS[kind])
        assert list(from_table(kind, table)) == group


@given(st.lists(records(), max_size=5))
def test_jsonl_round_trip(some: list[Record]) -> None:
    assert list(jsonl.read(jsonl.write(some))) == some


def test_every_field_of_a_class_is_a_column_and_the_other_way_round() -> None:
    for kind, cls in CLASSES.items():
        assert set(cls.__slots__) == {field.name for field in BODIES[kind]}
    assert {f.name for f in ENVELOPE} | {"body"} == set(Record.__slots__)


def test_the_schemas_of_version_1_are_frozen() -> None:
    # A change here is a new version: add nullable columns, never rename, retype or drop.
    frozen = {
        kind: [f"{f.name}:{f.type}{'' if f.nullable else '!'}" for f in schema] for kind, schema in SCHEMAS.items()
    }
    assert SCHEMA_VERSION == 1
    assert len(frozen["claim"]) == 24
    assert "value:double" in frozen["observation"]
    assert "published_at:timestamp[us, tz=UTC]!" in frozen["event"]
    assert all(len(columns) == len(set(columns)) for columns in frozen.values())


def test_a_broken_line_is_named() -> None:
    lines = [next(jsonl.write([a_record()])), "", "{not json"]
    with pytest.raises(RecordError, match=r"in.jsonl, row 3: not a record: .*; mend or remove this line"):
        list(jsonl.read(lines, "in.jsonl"))


def test_a_line_without_a_required_field_is_refused() -> None:
    row = jsonl.to_row(a_record())
    row["licence"] = None
    with pytest.raises(RecordError, match="licence is missing"):
        list(jsonl.read([json.dumps(row)]))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(RecordError, match="unknown kind of record 'rumour'"):
        list(jsonl.read(['{"record": "rumour"}']))


def test_moments_come_back_in_utc() -> None:
    row = jsonl.to_row(a_record())
    row["published_at"] = "2026-01-02T05:00:00+02:00"
    assert jsonl.from_row(row).published_at == datetime(2026, 1, 2, 3, tzinfo=UTC)


def test_unknown_columns_are_left_out() -> None:
    table = to_table("claim", [a_record()])
    assert list(from_table("claim", table.append_column("new", pa.array(["x"])))) == [a_record()]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Claim("", "name", "x"), "a claim needs a subject and a property"),
        (lambda: Claim("a", "name", "x", polarity="maybe"), "polarity 'maybe' is not known; use one of affirmed"),
        (lambda: Event("seizure"), "an event has a date, or the precision 'unknown'"),
        (
            lambda: Event("seizure", date=date(2020, 1, 1), date_earliest=date(2021, 1, 1)),
            "date_earliest is after date",
        ),
        (
            lambda: Observation("m", "d", "US", date(2020, 2, 1), date(2020, 1, 1), "u", "final", 1.0),
            "the period ends before it starts",
        ),
        (
            lambda: Observation("m", "d", "US", date(2020, 1, 1), date(2020, 1, 1), "u", "final", None),
            "a number is missing",
        ),
        (lambda: Observation("m", "d", "US", date(2020, 1, 1), date(2020, 1, 1), "u", "good", 1.0), "status 'good'"),
    ],
)
def test_what_cannot_be_is_refused(make: object, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        make()  # type: ignore[operator]
