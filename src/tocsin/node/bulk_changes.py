"""A staged release set against what its source said before, on disk: joins over files, within little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from tocsin.node.lake import Lake
from tocsin.node.list_changes import change
from tocsin.node.merge import Draft, Envelope, Release, withdrawal
from tocsin.node.state import LedgerEntry
from tocsin.node.view import View, quoted
from tocsin.records.schemas import SCHEMAS
from tocsin.records.tables import from_table, to_table

_AT_ONCE = 50_000
_NAMES = ", ".join(f'"{name}"' for name in SCHEMAS["claim"].names)
# Of two files of one day the newer holds, as in the views.
_HELD = """SELECT key, said.* FROM (
        SELECT key, arg_max({'id': id, 'withdrawn': withdrawn, 'subject': subject, 'property': property, 'value': value},
            (published_at, released, known_at, NOT withdrawn, id)) AS said
        FROM claim_stored WHERE source = $1 AND published_at <= $2 AND document <> $3 AND document IN (
            SELECT id FROM document_stored WHERE source = $1 AND part = $4)
        GROUP BY key)
    WHERE NOT said.withdrawn"""
_MEMBER = "property = 'topics' AND value = 'sanction'"


@dataclass(frozen=True, slots=True)
class Changes:
    """What a staged release changes: claims held before it, claims lost, and the files that name the rest."""

    lake: Lake
    folder: Path
    held: int
    lost: int

    def new_of(self, staged: Path) -> pa.Table:
        """The claims of a staged piece that were not held."""
        with self._view() as view:
            sql = f"SELECT {_NAMES} FROM {_file(staged)} WHERE key IN (SELECT key FROM {self._name('new')})"
            return view.table(sql).cast(SCHEMAS["claim"])

    def gone(self) -> Iterator[pa.Table]:
        """The claims that are no longer said, some at a time, in the order of their keys."""
        with self._view() as view:
            for start in range(0, self.lost, _AT_ONCE):
                some = f"SELECT id FROM {self._name('gone')} ORDER BY key LIMIT {_AT_ONCE} OFFSET {start}"
                sql = f"SELECT {_NAMES} FROM claim_stored WHERE id IN ({some}) ORDER BY key"
                yield view.table(sql).cast(SCHEMAS["claim"])

    def subjects(self, kind: str) -> list[str]:
        """The parties that are new on the list (``designation``) or gone from it (``delisting``)."""
        said = f"SELECT subject FROM {_pieces(self.folder)} WHERE {_MEMBER}"
        held = f"SELECT subject FROM {self._name('held')} WHERE {_MEMBER}"
        now, before = (said, held) if kind == "designation" else (held, said)
        with self._view() as view:
            found: list[str] = view.table(f"SELECT DISTINCT subject FROM ({now} EXCEPT {before}) ORDER BY 1")[
                "subject"
            ].to_pylist()
        return found

    def _view(self) -> View:
        return View(self.lake, spill=self.folder / "spill")

    def _name(self, name: str) -> str:
        return _file(self.folder / "compared" / f"{name}.parquet")


def changes(lake: Lake, head: Release, folder: Path) -> Changes:
    """Set the pieces staged in a folder against what the source's part held by the day of the release."""
    compared = folder / "compared"
    compared.mkdir(exist_ok=True)
    staged = _pieces(folder)
    with View(lake, spill=folder / "spill") as view:
        parameters = [head.source, head.published_at, head.document_id, head.document.part]
        view.copy(_HELD, compared / "held.parquet", parameters)
        held = _file(compared / "held.parquet")
        view.copy(
            f"SELECT DISTINCT s.key FROM {staged} s ANTI JOIN {held} h ON s.key = h.key", compared / "new.parquet"
        )
        view.copy(f"SELECT h.key, h.id FROM {held} h ANTI JOIN {staged} s ON h.key = s.key", compared / "gone.parquet")
        counts = [
            view.value(f"SELECT count(*) FROM {_file(compared / name)}") for name in ("held.parquet", "gone.parquet")
        ]
    return Changes(lake, folder, *counts)


def withdrawals(head: Release, gone: pa.Table) -> pa.Table:
    """The sayings that these claims are no longer said."""
    envelope = Envelope(head, datetime.now(UTC))
    return to_table(
        "claim",
        [withdrawal(one, envelope.document, head.published_at, envelope) for one in from_table("claim", gone)],
    )


def events(head: Release, last: LedgerEntry, found: Changes) -> pa.Table:
    """Designations and delistings since the release before, dated by the days of the two."""
    envelope = Envelope(head, datetime.now(UTC))
    earliest, day = last.published_at.date() + timedelta(days=1), head.published_at.date()
    drafts = [
        Draft(change(kind, subject, earliest, day, head.source), f"{kind} of {subject}, against the release before")
        for kind in ("designation", "delisting")
        for subject in (found.subjects(kind) if earliest <= day else ())
    ]
    return to_table("event", [envelope.record(draft) for draft in drafts])


def _file(path: Path) -> str:
    return f"read_parquet({quoted(str(path))})"


def _pieces(folder: Path) -> str:
    """All the pieces staged in a folder."""
    return f"read_parquet({quoted(str(folder))[:-1]}/*.parquet')"
