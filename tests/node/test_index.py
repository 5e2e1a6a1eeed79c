"""The index holds what the lake holds, whatever came in, in whatever order, however often it was killed."""

from __future__ import annotations

import fcntl
import random
import tempfile
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.node.makers import counts, party_list
from tests.node.test_landing import D1, D2
from tests.records.strategies import claims, events, observations
from tocsin.errors import NodeError
from tocsin.node import Node, read_settings
from tocsin.node import index as index_module
from tocsin.node.finding import Moment, Query, by_ids, find, search, vintages
from tocsin.node.index import Index
from tocsin.node.keeping import compact
from tocsin.records import Record, record_id, record_key
from tocsin.records.folding import folded
from tocsin.records.jsonl import to_row
from tocsin.records.kinds import Body, Claim, Document, Observation
from tocsin.records.schemas import KINDS
from tocsin.records.tables import from_table, group_by_kind, to_table

LANDED = Document("part", "a title", "a publisher", "0" * 64, 1, file_name="file.csv")
DAYS = [datetime(2024, 1, day, tzinfo=UTC) for day in range(1, 5)]
quick = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def record(body: Body, published: datetime, known: datetime, document: str, withdrawn: bool = False) -> Record:
    """A record around a body, of one of two sources."""
    name = document if body is LANDED else record_id("s", document, "row 1", body, published, withdrawn)
    return Record(body, name, record_key(body), "s", document, "row 1", published, known, "US-PD", withdrawn)


@st.composite
def histories(draw: st.DrawFn) -> list[Record]:
    """A few things said, some of them again and otherwise, some withdrawn, in four releases."""
    said = draw(st.lists(claims | events() | observations(), min_size=1, max_size=6))
    found = [record(LANDED, day, day, f"{place:032x}") for place, day in enumerate(DAYS)]
    for body in said:
        for place in draw(st.sets(st.integers(0, 3), min_size=1)):
            now = draw(numbered(body))
            found.append(record(now, draw(st.sampled_from(DAYS)), DAYS[place], f"{place:032x}", draw(st.booleans())))
    return list({one.id: one for one in found}.values())


def numbered(body: Body) -> st.SearchStrategy[Body]:
    """The same thing with another value, where it has one apart from its key."""
    if isinstance(body, Observation) and body.status != "suppressed":
        return st.floats(0, 9).map(lambda value: replace(body, value=value))
    return st.just(body)


def expected(records: Iterable[Record], moment: Moment) -> set[str]:
    """The ids of what held, by the words of the design."""
    published = [r for r in records if r.published_at < end(moment.as_of) and r.known_at < end(moment.known_by)]
    released = {r.id: r.published_at for r in records if isinstance(r.body, Document)}
    newest: dict[tuple[str, str, str], Record] = {}
    for one in sorted(published, key=lambda r: r.id, reverse=True):
        key = (one.body.record, one.source, one.key)
        held = newest.get(key)

        def order(r: Record) -> tuple[datetime, datetime, datetime, bool]:
            return r.published_at, released[r.document], r.known_at, not r.withdrawn

        if held is None or order(one) >= order(held):
            newest[key] = one
    return {r.id for r in newest.values() if not r.withdrawn}


def end(day: date | None) -> datetime:
    return (
        datetime(9999, 1, 1, tzinfo=UTC)
        if day is None
        else datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(1)
    )


def made(folder: str, records: list[Record]) -> Node:
    node = Node.create(read_settings(str(Path(folder) / "node"), {}))
    for kind, some in sorted(group_by_kind(records).items(), key=lambda item: item[0] == "document"):
        node.lake.append(kind, to_table(kind, some))
    return node


@quick
@given(histories(), st.sampled_from([None, *DAYS]), st.sampled_from([None, *DAYS]))
def test_what_held_when_is_what_the_lake_says(
    said: list[Record], as_of: datetime | None, known: datetime | None
) -> None:
    moment = Moment(as_of and as_of.date(), known and known.date())
    with tempfile.TemporaryDirectory() as folder, closing(made(folder, said)) as node:
        assert node.index.refresh() == len(said)
        found = search(node.index, Query(limit=1000), moment)
        assert {one.id for one in found} == expected(said, moment)
        with closing(node.view(moment.as_of, moment.known_by)) as view:
            lake = {one.id: one for kind in KINDS for one in from_table(kind, view.table(f"SELECT * FROM {kind}"))}
        assert {one.id: one for one in found} == lake
        assert {one.id for one in by_ids(node.index, [one.id for one in said])} == {one.id for one in said}
        for one in said:
            assert find(node.index, one.id) == one
            again = [r for r in said if (r.key, r.source) == (one.key, one.source) and r.body.record == one.body.record]
            if not isinstance(one.body, Document):
                assert {r.id for r in vintages(node.index, one)} == {r.id for r in again}


@quick
@given(st.lists(claims | observations(), min_size=1, max_size=8), st.data())
def test_any_piece_of_a_text_finds_it(said: list[Body], data: st.DataObject) -> None:
    records = [record(LANDED, DAYS[0], DAYS[0], "0" * 32)]
    records += [record(body, DAYS[0], DAYS[0], "0" * 32) for body in said]
    records = list({one.id: one for one in records}.values())
    one = data.draw(st.sampled_from(records[1:])).body
    text = (
        one.value
        if isinstance(one, Claim) and one.schema is None
        else one.definition
        if isinstance(one, Observation)
        else ""
    )
    words = folded(str(text)).split()
    piece = data.draw(st.sampled_from(words)) if words else "a"
    start = data.draw(st.integers(0, len(piece) - 1))
    piece = piece[start : data.draw(st.integers(start + 1, len(piece)))]
    with tempfile.TemporaryDirectory() as folder, closing(made(folder, records)) as node:
        node.index.refresh()
        found = search(node.index, Query((piece,), limit=1000))
    assert not words or one in [r.body for r in found]
    for r in found:
        assert folded(piece) in folded(" ".join(map(str, flat(to_row(r)))))


def flat(value: object) -> list[object]:
    """All values of a row, those inside lists and maps too."""
    if isinstance(value, dict):
        return [one for item in value.items() for part in item for one in flat(part)]
    return [one for item in value for one in flat(item)] if isinstance(value, list) else [value]


def texts_of(index: Index) -> list[str]:
    return [str(one.body) for one in search(index, Query(limit=1000))]


def test_a_load_is_taken_in_by_itself(node: Node) -> None:
    node.land([party_list(D1, {"a": "王树成"})], {})
    first = node.index.refresh()
    node.land([party_list(D2, {"a": "王树成", "b": "李"})], {})
    second = node.index.refresh()
    assert node.index.refresh() == 0
    with node.view() as view:
        stored = sum(view.value(f"SELECT count(*) FROM {kind}_stored") for kind in KINDS)
    assert (first > 0, second > 0, first + second) == (True, True, stored)
    assert ["value='李'" in str(one.body) for one in search(node.index, Query(("李",)))] == [True]


def test_records_without_their_document_are_not_seen_until_it_lands(node: Node) -> None:
    body = Claim("a", "name", "Nobody", schema="Person")
    late = record(LANDED, DAYS[0], DAYS[0], "1" * 32)
    node.lake.append("claim", to_table("claim", [record(body, DAYS[0], DAYS[0], late.id)]))
    assert node.index.refresh() == 0
    assert search(node.index, Query(("nobody",))) == []
    node.lake.append("document", to_table("document", [late]))
    assert node.index.refresh() == 2
    assert len(search(node.index, Query(("nobody",)))) == 1


def test_compaction_changes_nothing(node: Node) -> None:
    node.land([party_list(D1, {"a": "A"}), counts(D1, {2020: 1})], {})
    node.land([counts(D2, {2020: 2})], {})
    node.index.refresh()
    before = texts_of(node.index)
    compact(node)
    assert node.index.refresh() == 0
    assert texts_of(node.index) == before


def test_a_killed_index_goes_on(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    node.land([party_list(D1, {str(i): f"party {i}" for i in range(50)}), counts(D1, {2020: 1})], {})
    whole, calls = index_module._take_rows, random.Random(1)

    def killed(*arguments: object) -> None:
        whole(*arguments)  # type: ignore[arg-type]
        if calls.random() < 0.6:
            raise KeyboardInterrupt

    monkeypatch.setattr(index_module, "_take_rows", killed)
    for _ in range(40):
        try:
            node.index.refresh()
            break
        except KeyboardInterrupt:
            continue
    with node.view() as view:
        stored = sum(view.value(f"SELECT count(*) FROM {kind}_stored") for kind in KINDS)
    assert len(search(node.index, Query(limit=1000))) == stored


def test_an_index_of_another_version_is_made_anew(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    node.land([party_list(D1, {"a": "A"})], {})
    added = node.index.refresh()
    monkeypatch.setattr(index_module, "VERSION", 99)
    other = Index(node.lake, node.settings.node)
    assert other.refresh() == added
    other.close()


def test_a_deleted_index_is_made_anew(node: Node) -> None:
    node.land([party_list(D1, {"a": "A"})], {})
    added = node.index.refresh()
    node.index.close()
    for path in node.settings.node.glob("index-*"):
        path.unlink()
    again = Index(node.lake, node.settings.node)
    assert again.refresh() == added
    again.close()


def test_what_is_behind_is_counted(node: Node) -> None:
    node.land([party_list(D1, {"a": "A"})], {})
    assert node.index.behind() == 4
    node.index.refresh()
    assert node.index.behind() == 0


def test_a_write_is_seen_however_soon_after_a_look(node: Node) -> None:
    seen = {node.lake.state()}
    for day in range(1, 6):
        node.land([counts(date(2024, 1, day), {2020: day})], {})
        state = node.lake.state()
        assert state not in seen and node.lake.state() == state
        seen.add(state)


def test_a_view_that_remembers_says_the_same(node: Node) -> None:
    node.land([counts(D1, {2020: 1})], {})
    with node.view(remember=True) as view:
        query = "SELECT value FROM observation WHERE place = ?"
        assert view.table(query, ["US"]) is view.table(query, ["US"])
        assert view.rows(query, ["US"]) == [{"value": 1.0}] and view.rows(query, ["CA"]) == []


def test_a_kill_between_learning_of_a_document_and_reading_its_records_loses_nothing(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = Claim("a", "name", "Nobody", schema="Person")
    late = record(LANDED, DAYS[0], DAYS[0], "1" * 32)
    node.lake.append("claim", to_table("claim", [record(body, DAYS[0], DAYS[0], late.id)]))
    node.index.refresh()
    node.lake.append("document", to_table("document", [late]))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(index_module, "_take_rows", killed)
        with pytest.raises(KeyboardInterrupt):
            node.index.refresh()
    again = Index(node.lake, node.settings.node)
    assert again.refresh() == 2 and len(search(again, Query(("nobody",)))) == 1
    again.close()


@pytest.mark.parametrize("harm", ["deleted", "truncated", "no database", "empty"])
def test_an_index_harmed_under_a_running_reader_is_made_anew(node: Node, harm: str) -> None:
    node.land([party_list(D1, {str(number): f"party {number}" for number in range(300)})], {})
    node.index.refresh()
    assert len(search(node.index, Query(("party",), limit=500))) == 300
    with node.index.reading() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (path,) = node.settings.node.glob("index-*.db")
    if harm == "deleted":
        for one in node.settings.node.glob("index-*"):
            one.unlink()
    else:
        path.write_bytes({"truncated": path.read_bytes()[:20_000], "no database": b"x" * 50_000, "empty": b""}[harm])
    for _ in range(3):
        with suppress(NodeError):
            node.index.refresh()
            found = search(node.index, Query(("party",), limit=500))
            break
    assert len(found) == 300
    fresh = Index(node.lake, node.settings.node)
    fresh.refresh()
    assert len(search(fresh, Query(("party",), limit=500))) == 300
    fresh.close()


def test_nobody_waits_for_a_refresh_of_another_process(node: Node) -> None:
    node.land([party_list(D1, {"a": "A"})], {})
    with (node.settings.node / "index.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert node.index.refresh(wait=False) == 0
        assert not node.index.is_fresh()
    assert node.index.refresh(wait=False) == 4 and node.index.is_fresh()
