"""What goes wrong on disks and with versions ends in one line that says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import T404_HEADER
from tocsin.errors import NodeError, UsageError
from tocsin.feeds import load
from tocsin.node import Node, read_settings
from tocsin.node.keeping import holdings
from tocsin.records.schemas import SCHEMA_VERSION

MONTHS = "\n".join([T404_HEADER, *(f"{y},{m},{m},final" for y in range(1999, 2020) for m in range(1, 13)), ""])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        os.getuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True).returncode
    ):
        pytest.skip("a small disk can only be mounted as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_no_node(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match=r"there is no node here; run: tocsin node init"):
        Node.open(read_settings(str(tmp_path), {}))


def test_a_node_of_a_newer_schema(node: Node) -> None:
    node.state.set_schema_version(99)
    with pytest.raises(
        NodeError, match=rf"written by a newer Tocsin \(schema 99; this one knows {SCHEMA_VERSION}\); upgrade"
    ):
        Node.open(node.settings)


def test_a_node_of_an_older_schema(node: Node) -> None:
    node.state.set_schema_version(0)
    with pytest.raises(NodeError, match="run: tocsin node migrate"):
        Node.open(node.settings)


def test_a_full_disk_keeps_what_was_committed(small_disk: Path, tmp_path: Path) -> None:
    node = Node.create(read_settings(str(small_disk / "node"), {}))
    file = tmp_path / "months.csv"
    file.write_text(MONTHS)
    filler = small_disk / "filler"
    with filler.open("wb") as handle:
        handle.write(b"x" * (shutil.disk_usage(small_disk).free - 8192))
    with pytest.raises(NodeError, match=r"No space left on device|database or disk is full"):
        load(node, "us-cdc-t404", [file])
    filler.unlink()
    reopened = Node.open(node.settings)
    with reopened.view() as view:
        assert view.value("SELECT count(*) FROM observation_stored") == 0
    assert load(reopened, "us-cdc-t404", [file]).added == {"observation": 252}


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    target = Path("/proc/tocsin") if os.getuid() == 0 else tmp_path / "locked" / "node"
    if os.getuid() != 0:
        target.parent.mkdir(mode=0o500)
    with pytest.raises(NodeError, match=r"cannot write here: .*; name"):
        Node.create(read_settings(str(target), {}))


def test_a_disk_that_turned_read_only_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("a read-only disk can only be mounted as root")
    try:
        file = tmp_path / "months.csv"
        file.write_text(MONTHS)
        node = Node.create(read_settings(str(folder / "node"), {}))
        load(node, "us-cdc-t404", [file])
        with node.view() as view:
            assert view.value("SELECT count(*) FROM observation") == 252
        node.close()
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        file.write_text(MONTHS + "2020,1,7,final\n")
        with pytest.raises(NodeError, match="name a folder that can be written|the database refuses"):
            load(Node.open(node.settings), "us-cdc-t404", [file])
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_the_database_may_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = {"TOCSIN_DATABASE": f"sqlite:///{tmp_path / 'elsewhere.db'}"}
    Node.create(read_settings(str(tmp_path / "node"), elsewhere))
    assert Node.open(read_settings(str(tmp_path / "node"), elsewhere)).ledger() == []


@pytest.mark.parametrize("name", ["sp ace", "umläut 王", "a[b]*c", "quo'te", "100 per cent"])
def test_a_folder_may_have_any_ordinary_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / "months.csv"
    file.write_text(MONTHS)
    node = Node.create(read_settings(str(tmp_path / name / "node"), {}))
    load(node, "us-cdc-t404", [file])
    with node.view() as view:
        assert view.value("SELECT count(*) FROM observation") == 252
    assert sorted(path.name for path in (tmp_path / name / "node").iterdir())[:2] == ["documents", "lake"]
    assert sum(holding.records for holding in holdings(node)) == 253


@pytest.mark.parametrize("name", ["a?b", "a#b", "a%20b"])
def test_a_folder_whose_name_means_something_in_an_address_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=r"has one of \? # % in its name"):
        read_settings(f"/somewhere/{name}", {})


def test_a_foreign_warehouse_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match="is no local folder; give a file:// URL"):
        Node(read_settings(str(tmp_path), {"TOCSIN_WAREHOUSE": "s3://bucket"}))


def test_an_unknown_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="database 'mysql' is not supported"):
        Node(read_settings(str(tmp_path), {"TOCSIN_DATABASE": "mysql://x"}))


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    settings = read_settings(str(tmp_path), {"TOCSIN_DATABASE": "postgresql://nobody@127.0.0.1:9/none"})
    with pytest.raises(NodeError, match="check its disk, its rights and that it runs"):
        Node.create(settings)


def test_a_damaged_database(node: Node) -> None:
    node.engine.dispose()
    (node.settings.node / "tocsin.db").write_bytes(b"not a database" * 100)
    for leftover in ("tocsin.db-wal", "tocsin.db-shm"):
        (node.settings.node / leftover).unlink(missing_ok=True)
    with pytest.raises(NodeError, match="the database refuses: file is not a database"):
        Node.open(node.settings)


def test_the_database_is_written_ahead(node: Node) -> None:
    with node.engine.connect() as connection:
        assert connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"


def test_errors_reach_the_terminal_as_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tocsin", "brief", "--node", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"tocsin: {tmp_path / 'none'}: there is no node here; run: tocsin node init\n"
