"""The bench of the console measures what it says: a node that holds what was asked for, percentiles, a client that reads."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.console import Line, Memory
from bench.console_node import Made, made
from bench.console_pages import CLASSES, Held
from bench.http_load import NO_ANSWER, Load, Outcome, percentile, put_on

from tocsin.node import Node, read_settings
from tocsin.records import record_id, record_key
from tocsin.records.tables import from_table

OBSERVATIONS, CLAIMS = 2_000, 600


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench") / "node"


@pytest.fixture(scope="module")
def held(folder: Path) -> Made:
    return made(folder, OBSERVATIONS, CLAIMS)


@pytest.fixture(scope="module")
def node(folder: Path, held: Made) -> Iterator[Node]:
    opened = Node.open(read_settings(str(folder), {}))
    yield opened
    opened.close()


def test_at_least_as_much_is_made_as_was_asked_for(held: Made) -> None:
    assert held.observations >= OBSERVATIONS
    assert CLAIMS <= held.claims < CLAIMS * 1.5


def test_a_node_that_is_there_is_taken_and_a_smaller_one_refused(folder: Path, held: Made) -> None:
    assert made(folder, OBSERVATIONS, CLAIMS) == held
    with pytest.raises(SystemExit):
        made(folder, held.observations + 1, CLAIMS)


@pytest.mark.parametrize("kind", ["observation", "claim"])
def test_every_record_made_is_seen_under_its_right_id_and_key(node: Node, held: Made, kind: str) -> None:
    with node.view() as view:
        rows = view.table(
            f"SELECT * EXCLUDE (released) FROM {kind}_all WHERE document IN (SELECT id FROM document_all WHERE part = 'bench')"
        )
    assert rows.num_rows == {"observation": held.observations, "claim": held.claims}[kind]
    for one in from_table(kind, rows):
        assert one.key == record_key(one.body)
        assert one.id == record_id(one.source, one.document, one.locator, one.body, one.published_at, one.withdrawn)


def test_there_are_vintages_withdrawals_gaps_and_intervals(node: Node) -> None:
    with node.view() as view:
        assert view.value("SELECT max(n) FROM (SELECT count(*) AS n FROM observation_all GROUP BY source, key)") > 2
        assert view.value("SELECT count(*) FROM claim_all WHERE withdrawn AND source LIKE 'bench-%'") > 0
        assert view.value("SELECT count(*) FROM observation_all WHERE value IS NULL AND source = 'bench-world'") > 0
        assert view.value("SELECT count(*) FROM observation WHERE lower < value AND value < upper") > 0


def test_every_row_of_every_release_is_accounted_for(node: Node, held: Made) -> None:
    entries = [entry for entry in node.ledger() if entry.part == "bench"]
    assert len(entries) == held.documents
    assert sum(entry.accounting.accepted for entry in entries) == held.observations + held.claims


def test_the_same_pages_are_asked_for_each_time(node: Node) -> None:
    for one in CLASSES:
        paths = one.paths(Held(node), 50)
        assert paths == one.paths(Held(node), 50)
        assert all(path.startswith("/") and path.isascii() and " " not in path for path in paths)


def test_percentiles_are_nearest_ranks() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.95) == 95
    assert percentile(values, 0.5) == 50
    assert percentile([7.0], 0.95) == 7
    assert percentile([], 0.95) == math.inf
    assert Outcome([200] * 4, [1, 2, 3, 10], 1).median == 2.5


@pytest.mark.parametrize(
    ("milliseconds", "statuses", "verdict"),
    [
        ([100.0] * 20, [200] * 20, "met"),
        ([101.0] * 20, [200] * 20, "MISSED"),
        ([50.0] * 18 + [201.0] * 2, [200] * 20, "MISSED"),
        ([50.0] * 20, [200] * 19 + [404], "MISSED"),
    ],
)
def test_a_bar_is_on_median_tail_and_errors(milliseconds: list[float], statuses: list[int], verdict: str) -> None:
    assert Line("x", "at once", Outcome(statuses, milliseconds, 1.0), Memory(0, 0), 100).verdict.endswith(verdict)


def test_the_client_reads_answers_of_both_kinds_and_asks_again_on_an_ended_connection() -> None:
    """One with a length, one in chunks after which the server ends the connection, one that breaks off."""
    answers = {
        b"/length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"/chunks": b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"/broken": b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
    }

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.read(4096):
            path = head.split()[1]
            writer.write(answers[path])
            if path != b"/length":
                break
        writer.close()

    async def ask() -> Outcome:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            paths = ["/length", "/length", "/chunks", "/length", "/broken"]
            return await put_on(Load(port, paths, users=1, reading=False, seconds=20))

    outcome = asyncio.run(ask())
    assert list(outcome.statuses) == [200, 200, 404, 200, NO_ANSWER]
    assert outcome.errors == {NO_ANSWER: 1, 404: 1}
    assert list(outcome.failed) == [(NO_ANSWER, "/broken"), (404, "/chunks")]
