"""FollowTheMoney data in bulk: what a line says, bad lines, interruptions at every step, changes between two releases."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.feeds import bulk, load
from tocsin.feeds.bulk import _end_of_rows
from tocsin.feeds.opensanctions import STATEMENTS
from tocsin.node import Node, read_settings
from tocsin.node.lake import Lake, Step
from tocsin.node.landing import Landed

Write = Callable[[str, "str | bytes"], Path]
COLUMNS = [
    "canonical_id",
    "entity_id",
    "prop",
    "prop_type",
    "schema",
    "value",
    "dataset",
    "origin",
    "lang",
    "original_value",
    "external",
    "first_seen",
    "last_seen",
    "id",
]


def person(number: int, **properties: list[str]) -> dict[str, Any]:
    return {
        "id": f"NK-{number}",
        "caption": f"Sample {number}",
        "schema": "Person",
        "referents": [f"ofac-{number}", f"eu-{number}"],
        "datasets": ["us_ofac_sdn", "eu_fsf"],
        "first_seen": "2023-04-20T10:00:00",
        "last_seen": "2026-01-01T00:00:00",
        "last_change": "2025-05-05T00:00:00",
        "properties": {"name": [f"Sample {number}"], "topics": ["sanction"], "phone": ["+1555000"], **properties},
        "target": True,
    }


def lines(*entities: dict[str, Any] | str) -> str:
    return "".join((one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)) + "\n" for one in entities)


def statements(*rows: dict[str, str]) -> str:
    sink = io.StringIO()
    writer = csv.DictWriter(sink, COLUMNS, dialect="unix", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue()


def said(**cells: str) -> dict[str, str]:
    usual = {
        "canonical_id": "NK-1", "entity_id": "ofac-1", "prop": "name", "prop_type": "name", "schema": "Person",
        "value": "王树成", "dataset": "us_ofac_sdn", "lang": "zho", "external": "f", "first_seen": "2023-04-20T10:00:00",
        "last_seen": "2026-01-01T00:00:00", "id": "abc",
    }  # fmt: skip
    return usual | cells


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches of a line or two, in this process, so that a small file has many pieces."""
    monkeypatch.setattr(bulk, "_STRETCH", 700)
    monkeypatch.setattr(bulk, "_STRETCHES_A_PIECE", 1)


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node.create(read_settings(str(tmp_path / "node"), {"TOCSIN_WORKERS": "1"}))


def claims(node: Node) -> list[tuple[str, str, str]]:
    with node.view() as view:
        rows = view.rows("SELECT subject, property, value FROM claim ORDER BY ALL")
    return [(row["subject"], row["property"], row["value"]) for row in rows]


def test_an_entity_becomes_claims(node: Node, write: Write) -> None:
    landed = load(node, "opensanctions", [write("entities_2026-01-01.ftm.json", lines(person(1, alias=["S", "S"])))])
    (entry,) = landed.entries
    assert claims(node) == [
        ("NK-1", "alias", "S"),
        ("NK-1", "id", "NK-1"),
        ("NK-1", "name", "Sample 1"),
        ("NK-1", "phone", "+1555000"),
        ("NK-1", "topics", "sanction"),
    ]
    with node.view() as view:
        (whole,) = view.rows(
            "SELECT qualifiers, valid_from::VARCHAR AS since, locator, licence FROM claim WHERE property = 'id'"
        )
    assert dict(whole["qualifiers"]) == {
        "caption": "Sample 1", "datasets": "eu_fsf us_ofac_sdn", "referents": "eu-1 ofac-1", "target": "True",
        "last_change": "2025-05-05T00:00:00",
    }  # fmt: skip
    assert (whole["since"], whole["locator"], whole["licence"]) == ("2023-04-20", "row 1", "CC-BY-NC-4.0")
    assert (entry.accounting.read, entry.accounting.accepted, str(entry.published_at.date())) == (1, 1, "2026-01-01")


def test_a_statement_says_which_list_said_it(node: Node, write: Write) -> None:
    rows = statements(
        said(), said(prop="id", value="c0ffee"), said(external="t", value="maybe"), said(value='a "b"\nc')
    )
    (entry,) = load(node, "opensanctions", [write("statements.csv", rows)]).entries
    with node.view() as view:
        found = view.rows(
            "SELECT property, value, lang, said_by, qualifiers['entity_id'] AS e FROM claim ORDER BY 1, 2"
        )
    assert [(row["property"], row["value"]) for row in found] == [
        ("id", "ofac-1"),
        ("name", 'a "b"\nc'),
        ("name", "王树成"),
    ]
    assert found[2] == {"property": "name", "value": "王树成", "lang": "zho", "said_by": ["us_ofac_sdn"], "e": "ofac-1"}
    assert dict(entry.accounting.skipped) == {"external suggestion, not approved by the publisher": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "not JSON: "),
        ("[" * 100_000, "not JSON: "),
        ('{"schema": "Person", "properties": {}}', "an entity needs an id; get the file again"),
        ('{"id": "x", "schema": "Starship"}', "FollowTheMoney has no schema 'Starship' known here"),
        ('{"id": "x", "schema": "Person", "properties": [1]}', "the properties are no object; get the file again"),
        ('{"id": "x", "schema": "Person", "properties": {"name": [1]}}', "the values of 'name' are no list of texts"),
        ('{"id": "x", "schema": "Person", "properties": {"name": ["\\ud800"]}}', "a value is no Unicode text"),
        ('{"id": "x", "schema": "Person", "properties": {"": ["a"]}}', "a claim needs a subject and a property"),
        ('{"id": "x", "schema": "Person", "first_seen": "soon"}', "'soon' is no day; columns may be swapped"),
    ],
)
def test_a_bad_line_is_kept_apart(node: Node, write: Write, line: str, reason: str) -> None:
    text = lines(person(1), line, "", person(2))
    (entry,) = load(node, "opensanctions", [write("e.json", text)]).entries
    (bad,) = entry.accounting.quarantined
    assert (bad.row, entry.accounting.read, entry.accounting.accepted) == (2, 4, 2)
    assert bad.reason.startswith(reason)
    assert entry.accounting.adds_up()


def test_an_unknown_property_is_kept_masked_and_counted(node: Node, write: Write) -> None:
    from tocsin.node.finding import Query, search
    from tocsin.records.display import displayed

    (entry,) = load(node, "opensanctions", [write("e.json", lines(person(1, retinaScan=["secret-12345678"])))]).entries
    assert entry.accounting.not_understood == 1
    node.index.refresh()
    shown = [displayed(one) for one in search(node.index, Query(subject="NK-1", kind="claim"))]
    assert shown
    assert search(node.index, Query(words=("secret-12345678",))) == []
    assert "secret" not in str(shown)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("e.json", "", "e.json: is empty; get the file again"),
        ("e.json", "\n\n\n{}\n", "e.json, row 1: columns changed: missing canonical_id"),
        ("e.json", lines("{}", "{}", person(1)), "e.json, row 1: 2 of 3 rows cannot be read; the first: an entity needs an id"),
        ("s.csv", statements().replace('"lang"', '"tongue"'), "s.csv, row 1: columns changed: missing lang; new tongue"),
        ("e.json", b'{"id": "\xff"}\n', "e.json, row 1: is not UTF-8; get the file again"),
        ("e.json.gz", gzip.compress(lines(*map(person, range(50))).encode(), mtime=0)[:-30], "e.json.gz: the archive is damaged"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused_in_one_line(
    node: Node, write: Write, name: str, text: str | bytes, reason: str
) -> None:
    load(node, "opensanctions", [write("good.json", lines(person(9)))])
    before = claims(node)
    with pytest.raises(InputError) as error:
        load(node, "opensanctions", [write(name, text)])
    assert str(error.value).startswith(reason)
    assert len(str(error.value).splitlines()) == 1
    assert claims(node) == before


def test_a_packed_file_is_the_same_file(node: Node, write: Write) -> None:
    text = lines(*map(person, range(20))).encode()
    load(node, "opensanctions", [write("e.json", text)])
    assert sum(load(node, "opensanctions", [write("again.json.gz", gzip.compress(text))]).added.values()) == 0
    assert len(node.ledger()) == 1


class Killed(BaseException):
    """Stands for a process that ends here."""


def interrupted_at(monkeypatch: pytest.MonkeyPatch, call: int, before: bool) -> None:
    """Let the n-th commit to the lake be the last thing that happens, or the first that does not."""
    commit, calls = Lake.append, 0

    def append(self: Lake, kind: str, data: pa.Table, step: Step | None = None) -> None:
        nonlocal calls
        calls += 1
        if calls == call and before:
            raise Killed
        commit(self, kind, data, step)
        if calls == call:
            raise Killed

    monkeypatch.setattr(Lake, "append", append)


def after_interruptions(tmp_path: Path, files: list[Path], call: int, before: bool) -> tuple[Node, Landed]:
    node = Node.create(read_settings(str(tmp_path / f"node-{call}-{before}"), {"TOCSIN_WORKERS": "1"}))
    for path in files[:-1]:
        load(node, "opensanctions", [path])
    with pytest.MonkeyPatch.context() as patch:
        interrupted_at(patch, call, before)
        try:
            load(node, "opensanctions", [files[-1]])
        except Killed:
            assert len(claims(node)) in ((0, 48) if len(files) == 1 else (48, 49))
    return node, load(node, "opensanctions", [files[-1]])


@pytest.mark.parametrize("call", range(1, 8))
@pytest.mark.parametrize("before", [True, False])
def test_a_first_load_interrupted_at_any_commit_goes_on(tmp_path: Path, write: Write, call: int, before: bool) -> None:
    path = write("e_2026-01-01.json", lines(*map(person, range(12)), "{broken"))
    node, landed = after_interruptions(tmp_path, [path], call, before)
    assert len(claims(node)) == 12 * 4
    with node.view() as view:
        assert view.value("SELECT count(*) - count(DISTINCT id) FROM claim_physical") == 0
    (entry,) = node.ledger()
    assert (entry.accounting.read, entry.accounting.accepted, len(entry.accounting.quarantined)) == (13, 12, 1)
    assert (entry.records_added, landed.added["claim"]) in ((48, 48), (48, 0))
    assert not any((node.settings.node / "loading").iterdir())


@pytest.mark.parametrize("call", range(1, 8))
@pytest.mark.parametrize("before", [True, False])
def test_a_later_load_interrupted_at_any_commit_goes_on(tmp_path: Path, write: Write, call: int, before: bool) -> None:
    first = write("e_2026-01-01.json", lines(*map(person, range(12))))
    second = write("e_2026-01-08.json", lines(*(person(n, alias=["New"] if n == 3 else []) for n in range(2, 14))))
    node, _ = after_interruptions(tmp_path, [first, second], call, before)
    found = claims(node)
    assert {subject for subject, *_ in found} == {f"NK-{n}" for n in range(2, 14)}
    assert len(found) == 12 * 4 + 1
    with node.view() as view:
        events = view.rows(
            "SELECT kind, date::VARCHAR AS day, date_earliest::VARCHAR AS earliest, parties[1].party AS p FROM event ORDER BY ALL"
        )
        doubled = view.value("SELECT count(*) - count(DISTINCT id) FROM claim_physical")
        withdrawn = view.value("SELECT count(*) FROM claim_all WHERE withdrawn AND valid_to = '2026-01-08'")
    assert [(row["kind"], row["p"]) for row in events] == [
        ("delisting", "NK-0"), ("delisting", "NK-1"), ("designation", "NK-12"), ("designation", "NK-13"),
    ]  # fmt: skip
    assert {(row["earliest"], row["day"]) for row in events} == {("2026-01-02", "2026-01-08")}
    assert (doubled, withdrawn) == (0, 8)


def test_a_load_really_killed_goes_on(tmp_path: Path, write: Write) -> None:
    path = write("e_2026-01-01.json", lines(*map(person, range(40))))
    folder = tmp_path / "killed"
    Node.create(read_settings(str(folder), {}))
    code = """
import os, sys
from pathlib import Path
from tocsin.feeds import bulk, load
from tocsin.node import Node, read_settings
from tocsin.node.lake import Lake
bulk._STRETCH, bulk._STRETCHES_A_PIECE = 700, 2
commit, calls = Lake.append, [0]
def append(self, kind, data, step=None):
    commit(self, kind, data, step)
    calls[0] += 1
    if calls[0] == 3:
        os.kill(os.getpid(), 9)
Lake.append = append
load(Node.open(read_settings(sys.argv[1], {"TOCSIN_WORKERS": "1"})), "opensanctions", [Path(sys.argv[2])])
"""
    done = subprocess.run([sys.executable, "-c", code, str(folder), str(path)], check=False)
    assert done.returncode == -9
    node = Node.open(read_settings(str(folder), {"TOCSIN_WORKERS": "1"}))
    assert claims(node) == []
    load(node, "opensanctions", [path])
    assert len(claims(node)) == 160


def test_compaction_between_starts_the_load_again(tmp_path: Path, write: Write) -> None:
    from tocsin.node.keeping import compact

    path = write("e_2026-01-01.json", lines(*map(person, range(12))))
    node = Node.create(read_settings(str(tmp_path / "n"), {"TOCSIN_WORKERS": "1"}))
    with pytest.MonkeyPatch.context() as patch:
        interrupted_at(patch, 3, before=False)
        with pytest.raises(Killed):
            load(node, "opensanctions", [path])
    compact(node)
    load(node, "opensanctions", [path])
    assert len(claims(node)) == 48


def test_a_release_a_third_smaller_is_refused(node: Node, write: Write) -> None:
    load(node, "opensanctions", [write("e_2026-01-01.json", lines(*map(person, range(40))))])
    shrunk = write("e_2026-01-02.json", lines(*map(person, range(10))))
    with pytest.raises(InputError, match="lacks 120 of the 160 statements held before it"):
        load(node, "opensanctions", [shrunk])
    load(node, "opensanctions", [shrunk], may_shrink=True)
    assert len(claims(node)) == 40


def test_an_older_release_is_refused(node: Node, write: Write) -> None:
    load(node, "opensanctions", [write("e_2026-01-08.json", lines(person(1)))])
    with pytest.raises(InputError, match="is older than the release of 2026-01-08 that is held"):
        load(node, "opensanctions", [write("e_2026-01-01.json", lines(person(2)))])


def test_two_workers_give_what_one_gives(tmp_path: Path, write: Write) -> None:
    path = write("e_2026-01-01.json", lines(*map(person, range(30))))
    found = []
    for workers in ("1", "2"):
        node = Node.create(read_settings(str(tmp_path / workers), {"TOCSIN_WORKERS": workers}))
        load(node, "opensanctions", [path])
        with node.view() as view:
            found.append(view.table("SELECT id FROM claim ORDER BY id")["id"].to_pylist())
    assert found[0] == found[1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8), min_size=1, max_size=6))
def test_rows_of_a_csv_are_never_torn(values: list[str]) -> None:
    data = statements(*(said(value=value) for value in values)).encode()
    whole = list(csv.reader(io.StringIO(data.decode(), newline="")))
    for length in range(len(data)):
        cut = _end_of_rows(data[:length], STATEMENTS)
        rows = list(csv.reader(io.StringIO(data[:cut].decode(), newline="")))
        assert rows == whole[: len(rows)]


def test_the_processes_of_a_load_end_with_it(tmp_path: Path, write: Write) -> None:
    node = Node.create(read_settings(str(tmp_path / "n"), {"TOCSIN_WORKERS": "2"}))
    load(node, "opensanctions", [write("e.json", lines(*map(person, range(10))))])
    children = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "spawn_main"], capture_output=True, text=True, check=False
    )
    assert children.stdout == ""


def test_a_byte_order_mark_costs_no_entity(node: Node, write: Write) -> None:
    (entry,) = load(
        node, "opensanctions", [write("e.json", b"\xef\xbb\xbf" + lines(person(1), person(2)).encode())]
    ).entries
    assert (entry.accounting.read, entry.accounting.accepted) == (2, 2)


def test_a_long_value_of_a_statement_is_read(node: Node, write: Write) -> None:
    load(node, "opensanctions", [write("s.csv", statements(said(value="x" * 200_000)))])
    assert len(claims(node)[0][2]) == 200_000


@pytest.mark.parametrize("day", ["2099-01-05", "1800-01-01"])
def test_an_odd_day_is_refused(node: Node, write: Write, day: str) -> None:
    from datetime import date

    with pytest.raises(InputError, match="its release day"):
        load(node, "opensanctions", [write("e.json", lines(person(1)))], date.fromisoformat(day))
