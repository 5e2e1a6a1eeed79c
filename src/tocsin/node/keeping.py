"""Keeping a node in order: backup and restore, compaction, migration, and what it holds.

A backup is one tar file of Parquet, JSON and documents' bytes. It names no database, so it moves a node from SQLite to
PostgreSQL as well as from one machine to another.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.errors import InputError, NodeError
from tocsin.node.ledger_json import from_json, to_json
from tocsin.node.node import Node, trouble
from tocsin.node.settings import Settings
from tocsin.node.view import View
from tocsin.records.schemas import KINDS, SCHEMA_VERSION, SCHEMAS

_FORMAT = "tocsin-backup/1"
_GRACE_SECONDS = 24 * 3600
"""How long files no snapshot names are left for readers that still hold their names."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a node holds of one kind: records landed, files, snapshots, bytes; ``unlanded``: left by a killed load."""

    kind: str
    records: int
    unlanded: int
    files: int
    snapshots: int
    size: int


def holdings(node: Node) -> list[Holding]:
    """What the node holds, by kind of record."""
    with node.view() as view:
        return [_holding(node, view, kind) for kind in KINDS]


def backup(node: Node, target: Path) -> int:
    """Write all records, the ledger and the documents' bytes to a tar file; how many records. All or nothing."""
    if target.is_dir() or not target.parent.is_dir():
        raise NodeError(
            "is no file that can be written", file=str(target), mend="name a file in a folder that is there"
        )
    part = target.with_name(f".{target.name}.part")
    count = 0
    try:
        with node.writing(), tarfile.open(part, "w") as archive:
            head = {"format": _FORMAT, "schema_version": SCHEMA_VERSION}
            _add(archive, "backup.json", json.dumps(head).encode())
            _add(archive, "ledger.json", json.dumps([to_json(e) for e in node.ledger()]).encode())
            with node.view() as view:
                for kind in KINDS:
                    table = _stored(view, kind)
                    count += table.num_rows
                    sink = io.BytesIO()
                    pq.write_table(table, sink, compression="zstd")
                    _add(archive, f"{kind}.parquet", sink.getvalue())
            for path in sorted(node.documents.glob("*/*.zst")):
                archive.add(path, f"documents/{path.parent.name}/{path.name}", recursive=False)
        with trouble(target):
            os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return count


def restore(settings: Settings, source: Path) -> int:
    """Make a node from a backup where none is; how many records. InputError when the file is no whole backup."""
    contents = dict(_members(source))
    try:
        head = json.loads(contents["backup.json"])
        if head["format"] != _FORMAT or head["schema_version"] > SCHEMA_VERSION:
            raise ValueError(f"format {head['format']!r}, schema {head['schema_version']}")
        tables = {kind: pq.read_table(io.BytesIO(contents[f"{kind}.parquet"])).cast(SCHEMAS[kind]) for kind in KINDS}
        entries = [from_json(row) for row in json.loads(contents["ledger.json"])]
    except (ValueError, KeyError, TypeError, AttributeError, pa.ArrowException) as error:
        reason = f"is no whole backup this Tocsin can read: {error}"
        raise InputError(reason, file=source.name, mend="make it with: tocsin node backup") from error
    with closing(Node.create(settings)) as node:
        if node.ledger():
            raise NodeError(
                "this node already holds records", file=str(settings.node), mend="restore into an empty one"
            )
        with trouble(settings.node):
            for name, data in contents.items():
                if name.startswith("documents/"):
                    path = settings.node / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
        return sum(node.adopt(tables, entries, keep_known_at=True).values())


def compact(node: Node) -> None:
    """Rewrite each table as one file without what killed loads left, and remove files no snapshot names any more."""
    with node.writing():
        # What a load in pieces had committed goes with the rest that killed loads left, so its notes go too.
        shutil.rmtree(node.settings.node / "loading", ignore_errors=True)
        node.index.remove_others()
        for kind in KINDS:
            with node.view() as view:
                table = _stored(view, kind)
            node.lake.replace(kind, table)
            _sweep(node, kind)


def migrate(settings: Settings) -> tuple[int, int]:
    """Bring a node of an older schema to this one; the versions before and after."""
    node = Node.unchecked(settings)
    before = node.state.schema_version()
    if before is None:
        raise NodeError("there is no node here", file=str(settings.node), mend="run: tocsin node init")
    if before < SCHEMA_VERSION:
        with node.writing():
            node.lake.evolve()
            node.state.create()
            node.state.set_schema_version(SCHEMA_VERSION)
    node.state.check_version()
    return before, SCHEMA_VERSION


def _holding(node: Node, view: View, kind: str) -> Holding:
    files = node.lake.files(kind)
    landed: int = view.value(f"SELECT count(*) FROM {kind}_stored")
    physical: int = view.value(f"SELECT count(*) FROM {kind}_physical")
    size = sum(_path(file).stat().st_size for file in files)
    return Holding(kind, landed, physical - landed, len(files), node.lake.snapshots(kind), size)


def _stored(view: View, kind: str) -> pa.Table:
    names = ", ".join(f'"{name}"' for name in SCHEMAS[kind].names)
    return view.table(f"SELECT {names} FROM {kind}_stored ORDER BY source, key, published_at, id").cast(SCHEMAS[kind])


def _sweep(node: Node, kind: str) -> None:
    named = {_path(file) for file in node.lake.files(kind)}
    for path in (_path(node.lake.location(kind)) / "data").rglob("*.parquet"):
        if path not in named and time.time() - path.stat().st_mtime > _GRACE_SECONDS:
            path.unlink()


def _path(url: str) -> Path:
    return Path(url.removeprefix("file://"))


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def _members(source: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(source, "r:") as archive:
            for member in archive:
                parts = Path(member.name).parts
                if not member.isfile() or ".." in parts or Path(member.name).is_absolute():
                    raise InputError(
                        f"holds {member.name!r}, which no backup has", file=source.name, mend="do not trust it"
                    )
                data = archive.extractfile(member)
                yield member.name, data.read() if data else b""
    except (tarfile.TarError, EOFError) as error:
        raise InputError(f"is no whole tar file: {error}", file=source.name, mend="copy the backup again") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(source), mend="check name and rights") from error
