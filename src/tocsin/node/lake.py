"""The lake: four Apache Iceberg tables of immutable Parquet files, whose catalog is in the node's database.

Whoever holds a ``Lake`` may write; readers use ``view``. A record counts as landed once its document is in the
``document`` table, which is written last: a load that was killed half-way shows nothing.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import CommitFailedException

from tocsin.errors import NodeError
from tocsin.node.database import driver_url
from tocsin.records.schemas import KINDS, SCHEMAS

if TYPE_CHECKING:
    from pyiceberg.table import Table

_NAMESPACE = "tocsin"
_ATTEMPTS = 20
_PROPERTIES = {
    "write.parquet.compression-codec": "zstd",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}


class Lake:
    """The four tables, by kind of record."""

    def __init__(self, database: str, warehouse: str) -> None:
        self._catalog = SqlCatalog("tocsin", uri=_patient(driver_url(database)), warehouse=warehouse)

    def create(self) -> None:
        """Make the tables that are missing."""
        self._catalog.create_namespace_if_not_exists(_NAMESPACE)
        for kind in KINDS:
            self._catalog.create_table_if_not_exists((_NAMESPACE, kind), SCHEMAS[kind], properties=_PROPERTIES)

    def append(self, kind: str, data: pa.Table) -> None:
        """Add records in one commit; another writer's commit in between is waited out. NodeError if it never ends."""
        for _ in range(_ATTEMPTS):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self._table(kind).append(data)
                return
            except CommitFailedException:
                continue
        raise NodeError(f"the lake's {kind} table is written by too many at once", mend="try again later")

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
        """The Parquet files the table consists of now."""
        return [task.file.file_path for task in self._table(kind).scan().plan_files()]

    def snapshots(self, kind: str) -> int:
        """How many snapshots the table still remembers."""
        return len(self._table(kind).snapshots())

    def location(self, kind: str) -> str:
        """The URL of the folder that holds the table."""
        return self._table(kind).location()

    def _table(self, kind: str) -> Table:
        return self._catalog.load_table((_NAMESPACE, kind))


def _patient(url: str) -> str:
    """SQLite waits for another writer instead of failing after five seconds."""
    return f"{url}?timeout=60" if url.startswith("sqlite") and "?" not in url else url
