"""Killed loads, concurrent loads, readers between them: nothing lost, nothing doubled, nothing half seen."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import NAMES_HEADER, T404_HEADER
from tocsin.feeds import load
from tocsin.node import Node, read_settings

TRIES = 52
_LOAD = """
import sys, warnings
warnings.simplefilter("ignore")
from pathlib import Path
from tocsin.feeds import load
from tocsin.node import Node, read_settings
node = Node.open(read_settings(sys.argv[1], {}))
node.lake.files("document"); node.lake._catalog
print("ready", flush=True)
load(node, sys.argv[2], [Path(sys.argv[3])])
print("done", flush=True)
"""


def _names(day: str, size: int) -> str:
    rows = [f'{1000 + i},"PARTY {i} {day if i % 5 == 0 else ""}",individual,SDNTK,ALSO {i}' for i in range(size)]
    return "\n".join([NAMES_HEADER, *rows, ""])


def _start(folder: Path, source: str, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _LOAD, str(folder), source, str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _state(node: Node) -> tuple[int, int, int]:
    """(records seen, distinct ids seen, parties whose claims are not all there)."""
    with node.view() as view:
        seen = view.value("SELECT count(*) FROM claim_stored")
        distinct = view.value("SELECT count(DISTINCT id) FROM claim_stored")
        torn = view.value(
            "SELECT count(*) FROM (SELECT subject FROM claim_stored GROUP BY subject HAVING count(DISTINCT property) < 4)"
        )
    return seen, distinct, torn


def test_kill_9_at_random_moments(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    node = Node.create(read_settings(str(folder), {}))
    chance = random.Random(20230707)
    files = []
    for number in range(4):
        path = tmp_path / f"names_2024-0{number + 1}-01.csv"
        path.write_text(_names(str(number), 400))
        files.append(path)
    took = 0.6
    interrupted = 0
    for attempt in range(TRIES):
        process = _start(folder, "us-ofac-sdn", files[attempt % len(files)])
        assert process.stdout and process.stdout.readline() == "ready\n"
        started = time.monotonic()
        time.sleep(chance.uniform(0, took))
        process.send_signal(signal.SIGKILL)
        if "done" in process.stdout.read():
            took = max(0.1, min(took, time.monotonic() - started))
        else:
            interrupted += 1
        process.stdout.close()
        process.wait()
        seen, distinct, torn = _state(node)
        assert seen == distinct and torn == 0, f"after try {attempt}"
        assert all(entry.accounting.adds_up() for entry in node.state.ledger())
        if attempt % 13 == 12:
            # A fresh node, so that every stretch of tries begins with something to lose.
            folder = tmp_path / f"node{attempt}"
            _complete_equals_undisturbed(node, files, tmp_path / f"undisturbed{attempt}")
            node = Node.create(read_settings(str(folder), {}))
    assert interrupted >= TRIES // 4


def _complete_equals_undisturbed(node: Node, files: list[Path], other: Path) -> None:
    """The next loads complete, and the node then holds what an undisturbed one holds."""
    undisturbed = Node.create(read_settings(str(other), {}))
    for file in files:
        load(node, "us-ofac-sdn", [file])
        load(undisturbed, "us-ofac-sdn", [file])
    for day in ("2024-01-15", "2024-02-15", "2024-03-15", "2024-04-15"):
        assert _held(node, day) == _held(undisturbed, day)
    assert len(node.state.ledger()) == len(files)


def _held(node: Node, day: str) -> list[dict[str, object]]:
    from datetime import date

    with node.view(date.fromisoformat(day)) as view:
        return view.rows("SELECT subject, property, value FROM claim ORDER BY ALL")


def test_two_loads_and_a_reader_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    node = Node.create(read_settings(str(folder), {}))
    names = tmp_path / "names_2024-01-01.csv"
    names.write_text(_names("x", 2000))
    months = tmp_path / "t404.csv"
    months.write_text("\n".join([T404_HEADER, *(f"2020,{m},{m * 10},final" for m in range(1, 13)), ""]))
    with ThreadPoolExecutor() as pool:
        loads = [_start(folder, "us-ofac-sdn", names), _start(folder, "us-cdc-t404", months)]
        reader = pool.submit(_read_until, node, loads)
        for process in loads:
            output, _ = process.communicate()
            assert output.endswith("done\n")
        assert reader.result() > 0
    with node.view() as view:
        assert view.value("SELECT count(*) FROM claim") == 2000 * 4
        assert view.value("SELECT count(*) FROM observation") == 12


def _read_until(node: Node, loads: list[subprocess.Popen[str]]) -> int:
    reads = 0
    while any(process.poll() is None for process in loads):
        with node.view() as view:
            assert view.value("SELECT count(*) FROM claim") in (0, 8000)
            assert view.value("SELECT count(*) FROM observation") in (0, 12)
        reads += 1
    return reads


def test_an_interrupted_load_leaves_no_trace_for_readers(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tmp_path / "names_2024-01-01.csv"
    names.write_text(_names("x", 10))
    monkeypatch.setattr("tocsin.node.landing.Envelope.record", _interrupt_documents)
    with pytest.raises(KeyboardInterrupt):
        load(node, "us-ofac-sdn", [names])
    with node.view() as view:
        assert view.value("SELECT count(*) FROM claim_stored") == 0
    monkeypatch.undo()
    load(node, "us-ofac-sdn", [names])
    assert _state(node) == (40, 40, 0)


def _interrupt_documents(*_: object) -> None:
    raise KeyboardInterrupt
