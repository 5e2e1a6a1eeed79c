"""What the node remembers about itself: schema version, ingest ledger, quarantine.

The ledger's sum always holds: rows read = accepted + skipped (by reason) + quarantined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa

from tocsin.errors import NodeError
from tocsin.records.schemas import SCHEMA_VERSION

_metadata = sa.MetaData()

_meta = sa.Table("node_meta", _metadata, sa.Column("name", sa.String, primary_key=True), sa.Column("value", sa.String))
_ledger = sa.Table(
    "ingest_ledger",
    _metadata,
    sa.Column("document", sa.String, primary_key=True),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("part", sa.String, nullable=False),
    sa.Column("scope", sa.String, nullable=False),
    sa.Column("file_name", sa.String, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("published_at", sa.String, nullable=False),
    sa.Column("loaded_at", sa.String, nullable=False),
    sa.Column("facets", sa.String, nullable=False),
    sa.Column("rows_read", sa.Integer, nullable=False),
    sa.Column("rows_accepted", sa.Integer, nullable=False),
    sa.Column("records_added", sa.Integer, nullable=False),
    sa.Column("not_understood", sa.Integer, nullable=False),
    sa.CheckConstraint("rows_accepted <= rows_read"),
)
_skipped = sa.Table(
    "ingest_skipped",
    _metadata,
    sa.Column("document", sa.String, primary_key=True),
    sa.Column("reason", sa.String, primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
)
_quarantine = sa.Table(
    "ingest_quarantine",
    _metadata,
    sa.Column("document", sa.String, primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("file_name", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that could not be read: where, why, and its text as far as it fits."""

    file_name: str
    row: int
    reason: str
    text: str


@dataclass(slots=True)
class Accounting:
    """Where every row of a file went. ``not_understood``: pieces of accepted rows kept as text only."""

    read: int = 0
    accepted: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    quarantined: list[Quarantined] = field(default_factory=list)
    not_understood: int = 0

    def adds_up(self) -> bool:
        """Whether rows read = accepted + skipped + quarantined."""
        return self.read == self.accepted + self.skipped.total() + len(self.quarantined)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One release of one part of a source, as it was loaded."""

    document: str
    source: str
    part: str
    scope: str
    file_name: str
    sha256: str
    published_at: datetime
    loaded_at: datetime
    facets: tuple[str, ...]
    accounting: Accounting
    records_added: int


class State:
    """Reads and writes the state tables of one node."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def create(self) -> None:
        """Make the tables and write the schema version, where they are missing."""
        _metadata.create_all(self._engine)
        with self._engine.begin() as connection:
            if connection.scalar(sa.select(_meta.c.value).where(_meta.c.name == "schema_version")) is None:
                connection.execute(_meta.insert().values(name="schema_version", value=str(SCHEMA_VERSION)))

    def schema_version(self) -> int | None:
        """The version of the schemas this node was written with; ``None`` when there is no node."""
        if not sa.inspect(self._engine).has_table(_meta.name):
            return None
        with self._engine.connect() as connection:
            value = connection.scalar(sa.select(_meta.c.value).where(_meta.c.name == "schema_version"))
        if value is not None and not value.isdigit():
            raise NodeError(f"the node's schema version is {value!r}", mend="restore it from a backup")
        return None if value is None else int(value)

    def check_version(self) -> None:
        """NodeError unless this program can read and write the node."""
        version = self.schema_version()
        if version is None:
            raise NodeError("there is no node here", mend="run: tocsin node init")
        if version > SCHEMA_VERSION:
            raise NodeError(
                f"this node was written by a newer Tocsin (schema {version}; this one knows {SCHEMA_VERSION})",
                mend="upgrade Tocsin, or name another node with --node",
            )
        if version < SCHEMA_VERSION:
            raise NodeError(
                f"this node has schema {version}, older than {SCHEMA_VERSION}", mend="run: tocsin node migrate"
            )

    def set_schema_version(self, version: int) -> None:
        """Write the version after a migration."""
        with self._engine.begin() as connection:
            connection.execute(_meta.update().where(_meta.c.name == "schema_version").values(value=str(version)))

    def write(self, entry: LedgerEntry) -> None:
        """Write or replace the entry of a document, with its skipped and quarantined rows, in one transaction."""
        if not entry.accounting.adds_up():
            raise NodeError(f"the accounting of {entry.file_name} does not add up", mend="report this as a bug")
        with self._engine.begin() as connection:
            for table in (_ledger, _skipped, _quarantine):
                connection.execute(table.delete().where(table.c.document == entry.document))
            connection.execute(_ledger.insert().values(_ledger_row(entry)))
            if skipped := [
                {"document": entry.document, "reason": reason, "rows": rows}
                for reason, rows in entry.accounting.skipped.items()
            ]:
                connection.execute(_skipped.insert(), skipped)
            if bad := [
                {"document": entry.document, "row": q.row, "file_name": q.file_name, "reason": q.reason, "text": q.text}
                for q in entry.accounting.quarantined
            ]:
                connection.execute(_quarantine.insert(), bad)

    def ledger(self, source: str | None = None) -> list[LedgerEntry]:
        """All entries, oldest release first; of one source if named."""
        query = sa.select(_ledger).order_by(_ledger.c.published_at, _ledger.c.loaded_at)
        if source is not None:
            query = query.where(_ledger.c.source == source)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            return [_entry(connection, row) for row in rows]


def _ledger_row(entry: LedgerEntry) -> dict[str, object]:
    return {
        "document": entry.document,
        "source": entry.source,
        "part": entry.part,
        "scope": entry.scope,
        "file_name": entry.file_name,
        "sha256": entry.sha256,
        "published_at": _moment(entry.published_at),
        "loaded_at": _moment(entry.loaded_at),
        "facets": " ".join(sorted(entry.facets)),
        "rows_read": entry.accounting.read,
        "rows_accepted": entry.accounting.accepted,
        "records_added": entry.records_added,
        "not_understood": entry.accounting.not_understood,
    }


def _entry(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> LedgerEntry:
    skipped = connection.execute(sa.select(_skipped).where(_skipped.c.document == row.document)).all()
    bad: Sequence[sa.Row[tuple[object, ...]]] = connection.execute(
        sa.select(_quarantine).where(_quarantine.c.document == row.document).order_by(_quarantine.c.row)
    ).all()
    accounting = Accounting(
        read=row.rows_read,
        accepted=row.rows_accepted,
        skipped=Counter({s.reason: s.rows for s in skipped}),
        quarantined=[Quarantined(q.file_name, q.row, q.reason, q.text) for q in bad],
        not_understood=row.not_understood,
    )
    return LedgerEntry(
        row.document,
        row.source,
        row.part,
        row.scope,
        row.file_name,
        row.sha256,
        datetime.fromisoformat(row.published_at),
        datetime.fromisoformat(row.loaded_at),
        tuple(row.facets.split()),
        accounting,
        row.records_added,
    )


def _moment(value: datetime) -> str:
    """UTC with microseconds, so that text order is time order."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")
