"""Backup, restore, compaction and migration change nothing that can be asked."""

from __future__ import annotations

import os
import tarfile
import time
from datetime import date
from pathlib import Path

import pytest

from tests.node.makers import counts, party_list
from tests.node.test_landing import D1, D2, counts_on, names_on
from tocsin.errors import InputError, NodeError
from tocsin.node import Node, read_settings
from tocsin.node.keeping import backup, compact, holdings, migrate, restore


@pytest.fixture
def used(node: Node) -> Node:
    """A node with two releases of a list and of a series, and a document's bytes."""
    node.land([party_list(D1, {"a": "A", "b": "B"}), counts(D1, {2019: 1, 2020: 10})], {"ab" * 32: b"the bytes" * 1000})
    node.land([party_list(D2, {"b": "B"}), counts(D2, {2020: 12})], {})
    return node


def _answers(node: Node) -> object:
    from tocsin.node import documents

    with node.view() as view:
        stored = [
            view.rows(f"SELECT * FROM {kind}_stored ORDER BY id")
            for kind in ("document", "claim", "event", "observation")
        ]
    return (
        stored,
        names_on(node, D1),
        names_on(node, D2),
        counts_on(node, D1),
        documents.fetch(node.documents, "ab" * 32),
    )


def test_a_restored_node_answers_as_before(used: Node, tmp_path: Path) -> None:
    count = backup(used, tmp_path / "b.tar")
    assert restore(read_settings(str(tmp_path / "copy"), {}), tmp_path / "b.tar") == count
    copy = Node.open(read_settings(str(tmp_path / "copy"), {}))
    assert _answers(copy) == _answers(used)
    assert [e.document for e in copy.state.ledger()] == [e.document for e in used.state.ledger()]


def test_restore_does_not_touch_a_used_node(used: Node, tmp_path: Path) -> None:
    backup(used, tmp_path / "b.tar")
    with pytest.raises(NodeError, match="this node already holds records.*restore into an empty one"):
        restore(used.settings, tmp_path / "b.tar")


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_truncated_backup_is_refused(used: Node, tmp_path: Path, keep: float) -> None:
    backup(used, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes().rstrip(b"\0")
    (tmp_path / "cut.tar").write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(InputError, match=r"cut\.tar: "):
        restore(read_settings(str(tmp_path / "copy"), {}), tmp_path / "cut.tar")
    assert not (tmp_path / "copy" / "tocsin.db").exists()


def test_a_backup_that_reaches_outside_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("../evil"))
    with pytest.raises(InputError, match=r"holds '\.\./evil', which no backup has; do not trust it"):
        restore(read_settings(str(tmp_path / "copy"), {}), tmp_path / "evil.tar")


def test_compaction_leaves_one_file_and_the_same_answers(used: Node) -> None:
    before = _answers(used)
    compact(used)
    assert _answers(used) == before
    assert [h.files for h in holdings(used)] == [1, 1, 1, 1]
    assert [h.snapshots for h in holdings(used)] == [1, 1, 1, 1]


def test_compaction_drops_what_a_killed_load_left(used: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tocsin.node.landing.Envelope.record", stop)
    with pytest.raises(KeyboardInterrupt):
        used.land([party_list(date(2024, 5, 1), {"z": "Z"})], {})
    monkeypatch.undo()
    compact(used)
    assert [h.unlanded for h in holdings(used)] == [0, 0, 0, 0]


def test_compaction_sweeps_old_files_and_spares_young_ones(used: Node) -> None:
    def files() -> set[Path]:
        return set((used.settings.node / "lake").rglob("*.parquet"))

    before = files()
    compact(used)
    assert before < files()
    for path in before:
        os.utime(path, (time.time() - 90_000,) * 2)
    compact(used)
    assert not before & files()


def test_migrating_adds_the_columns_that_are_missing(used: Node) -> None:
    with used.lake._table("observation").update_schema(allow_incompatible_changes=True) as update:
        update.delete_column("upper")
    used.state.set_schema_version(0)
    assert migrate(used.settings) == (0, 1)
    names = [field.name for field in used.lake._table("observation").schema().fields]
    assert "upper" in names
    assert migrate(used.settings) == (1, 1)
    assert counts_on(Node.open(used.settings), D2) == {2020: 12}
