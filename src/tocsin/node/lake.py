"""The lake: four Apache Iceberg tables of immutable Parquet files, whose catalog is in the node's database.

A record counts as landed once its document is in the ``document`` table, which is written last: a load that was killed
half-way shows nothing. Readers go through ``view``.
"""

from __future__ import annotations

import json
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import sqlalchemy as sa

from tocsin.errors import NodeError
from tocsin.node.database import driver_url, stamp_of
from tocsin.records.schemas import KINDS, SCHEMAS

if TYPE_CHECKING:
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.table import Table

_NAME = "tocsin"
_ATTEMPTS = 20
_DOCUMENT, _STEP = "tocsin.document", "tocsin.step"
_PROPERTIES = {
    "write.parquet.compression-codec": "zstd",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}

_files = sa.Table(
    "lake_files",
    sa.MetaData(),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("metadata", sa.String, nullable=False),
    sa.Column("files", sa.String, nullable=False),
)
_CURRENT = sa.text(
    "SELECT metadata_location FROM iceberg_tables WHERE catalog_name = :name AND table_namespace = :name AND table_name = :kind"
)
_ALL_CURRENT = sa.text(
    "SELECT metadata_location FROM iceberg_tables WHERE catalog_name = :name AND table_namespace = :name ORDER BY table_name"
)


class Step(NamedTuple):
    """A commit of a load in many commits: the document's id, and its number from 1."""

    document: str
    number: int


class Lake:
    """The four tables, by kind of record."""

    def __init__(self, engine: sa.Engine, database: str, warehouse: str) -> None:
        self._engine, self._database, self._warehouse = engine, database, warehouse
        self._known: tuple[object, tuple[str, ...]] | None = None

    @cached_property
    def _catalog(self) -> SqlCatalog:
        # Iceberg takes a second to import, and readers of an unchanged lake do without it.
        from pyiceberg.catalog.sql import SqlCatalog

        return SqlCatalog(_NAME, uri=_patient(driver_url(self._database)), warehouse=self._warehouse)

    def close(self) -> None:
        """Give the catalog's connections back, where it was opened at all."""
        if "_catalog" in self.__dict__:
            self._catalog.engine.dispose()

    def create(self) -> None:
        """Make the tables that are missing."""
        _files.metadata.create_all(self._engine)
        self._catalog.create_namespace_if_not_exists(_NAME)
        for kind in KINDS:
            self._catalog.create_table_if_not_exists((_NAME, kind), SCHEMAS[kind], properties=_PROPERTIES)

    def append(self, kind: str, data: pa.Table, step: Step | None = None) -> None:
        """Add records in one commit; another writer's commit in between is waited out. NodeError if it never ends.

        ``step`` is written into the commit itself, so that a load in many commits knows after a kill which are done.
        """
        about = {} if step is None else {_DOCUMENT: step.document, _STEP: str(step.number)}
        from pyiceberg.exceptions import CommitFailedException

        for _ in range(_ATTEMPTS):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self._table(kind).append(data, snapshot_properties=about)
                return
            except CommitFailedException:
                continue
        raise NodeError(f"the lake's {kind} table is written by too many at once", mend="try again later")

    def steps(self, kind: str, document: str) -> tuple[int, int]:
        """How many steps of a document's load are committed, and how many records they added."""
        done, added = 0, 0
        for snapshot in self._table(kind).snapshots():
            about = snapshot.summary.additional_properties if snapshot.summary else {}
            if about.get(_DOCUMENT) == document:
                done = max(done, int(about[_STEP]))
                added += int(about.get("added-records", "0"))
        return done, added

    def replace(self, kind: str, data: pa.Table) -> None:
        """Put these records in place of all in the table, in one commit, and forget older snapshots."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = self._table(kind)
            table.overwrite(data)
            current = table.current_snapshot()
            expired = [s.snapshot_id for s in table.snapshots() if current and s.snapshot_id != current.snapshot_id]
            if expired:
                table.maintenance.expire_snapshots().by_ids(expired).commit()

    def evolve(self) -> None:
        """Add the columns a newer version of the schemas knows; nothing is renamed, retyped or dropped."""
        for kind in KINDS:
            with self._table(kind).update_schema() as update:
                update.union_by_name(SCHEMAS[kind])

    def files(self, kind: str) -> list[str]:
        """The Parquet files the table consists of now.

        The answer is kept beside the table's metadata location, so it is right as long as that has not moved.
        """
        known = sa.select(_files.c.files).where(_files.c.kind == kind, _files.c.metadata == sa.bindparam("metadata"))
        with self._engine.connect() as connection:
            current = connection.scalar(_CURRENT, {"name": _NAME, "kind": kind})
            if held := connection.scalar(known, {"metadata": current}):
                return list(json.loads(held))
        table = self._table(kind)
        files = [task.file.file_path for task in table.scan().plan_files()]
        self._remember(kind, table.metadata_location, files)
        return files

    def state(self) -> tuple[str, ...]:
        """What the tables are made of: equal as long as nothing was committed."""
        stamp = stamp_of(self._engine)
        if stamp is not None and self._known is not None and self._known[0] == stamp:
            return self._known[1]
        with self._engine.connect() as connection:
            state = tuple(connection.scalars(_ALL_CURRENT, {"name": _NAME}))
        self._known = (stamp, state)
        return state

    def snapshots(self, kind: str) -> int:
        """How many snapshots the table still remembers."""
        return len(self._table(kind).snapshots())

    def location(self, kind: str) -> str:
        """The URL of the folder that holds the table."""
        return self._table(kind).location()

    def _remember(self, kind: str, metadata: str, files: list[str]) -> None:
        row: dict[str, Any] = {"kind": kind, "metadata": metadata, "files": json.dumps(files)}
        try:
            with self._engine.begin() as connection:
                connection.execute(_files.delete().where(_files.c.kind == kind))
                connection.execute(_files.insert(), row)
        except sa.exc.DBAPIError:
            # Two readers may remember at once, or the database be read-only: the next one asks the catalog again.
            return

    def _table(self, kind: str) -> Table:
        return self._catalog.load_table((_NAME, kind))


def _patient(url: str) -> str:
    """SQLite waits for another writer instead of failing after five seconds."""
    return f"{url}?timeout=60" if url.startswith("sqlite") and "?" not in url else url
