"""Ids and keys: reload adds nothing, a changed figure is a new record, vintages share a key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given

from tests.conftest import NOW, a_record
from tests.records.strategies import bodies, records
from tocsin.records import Claim, Event, Observation, Record, record_id, record_key
from tocsin.records.ids import digest, series_key
from tocsin.records.kinds import Body, Document

DEATHS = Observation("deaths", "def", "US", date(2020, 1, 1), date(2020, 12, 31), "deaths", "final", 10.0, "T40.4")


@given(records())
def test_the_id_leaves_out_when_this_node_learned_it(record: Record) -> None:
    later = replace(record, known_at=record.known_at + timedelta(days=400))
    assert record_id("source", "document", "row 1", later.body, later.published_at, later.withdrawn) == record.id


@given(bodies, bodies)
def test_other_bodies_have_other_ids(a: Body, b: Body) -> None:
    if a != b and not isinstance(a, Document) and not isinstance(b, Document):
        assert record_id("s", "d", "l", a, NOW) != record_id("s", "d", "l", b, NOW)


def test_a_changed_figure_is_a_new_record_of_the_same_series() -> None:
    before, after = a_record(DEATHS), a_record(replace(DEATHS, value=12.0))
    assert before.id != after.id
    assert before.key == after.key


def test_withdrawing_is_a_record_of_its_own() -> None:
    assert record_id("s", "d", "l", DEATHS, NOW) != record_id("s", "d", "l", DEATHS, NOW, withdrawn=True)


def test_a_column_added_later_changes_no_id() -> None:
    # Empty fields are not hashed: this id is frozen with schema version 1.
    claim = Claim("ofac-1", "name", "王树成", schema="Person")
    assert record_id("s", "d", "row 1", claim, NOW) == "790656b8f98e58ca81050ef4c5ec6b13"


def test_the_series_key_can_be_built_from_its_names() -> None:
    assert record_key(DEATHS) == series_key("deaths", "def", "US", date(2020, 1, 1), date(2020, 12, 31), "T40.4")
    assert record_key(DEATHS) != series_key("deaths", "other", "US", date(2020, 1, 1), date(2020, 12, 31), "T40.4")


def test_a_claim_taken_back_keeps_its_key() -> None:
    claim = Claim("ofac-1", "name", "A", schema="Person")
    assert record_key(claim) == record_key(replace(claim, valid_to=date(2024, 1, 1)))
    assert record_key(claim) != record_key(replace(claim, value="B"))


def test_an_event_is_known_by_its_reference() -> None:
    seizure = Event("seizure", ref="case 7", date=date(2024, 1, 1), quantity=10.0)
    assert record_key(seizure) == record_key(replace(seizure, quantity=12.0))
    assert record_key(replace(seizure, ref=None)) != record_key(replace(seizure, ref=None, quantity=12.0))


def test_the_same_bytes_released_on_two_days_are_two_documents() -> None:
    document = Document("list", "t", "p", "ab" * 32, 10)
    first = record_id("s", "", "", document, NOW)
    assert first == record_id("s", "", "", replace(document, file_name="copy of it.csv"), NOW)
    assert first != record_id("s", "", "", document, NOW + timedelta(days=1))


def test_parts_cannot_run_into_each_other() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest(["a"], "b") != digest(["a", "b"])
