"""A node: one member's installation. Opens it, lands releases in it, gives views of it, keeps it in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from tocsin.errors import NodeError
from tocsin.node import documents
from tocsin.node.bulk import Pieces, Place, land_bulk
from tocsin.node.database import engine_for, locked
from tocsin.node.index import Index
from tocsin.node.lake import Lake
from tocsin.node.landing import Landed, adopt, land
from tocsin.node.merge import Release
from tocsin.node.pulls import Pulls
from tocsin.node.settings import Settings
from tocsin.node.state import LedgerEntry, Quarantined, State
from tocsin.node.view import View


class Node:
    """An open node. ``Node.create`` makes one, ``Node.open`` opens one; both raise NodeError in one line."""

    def __init__(self, settings: Settings) -> None:
        if not settings.warehouse.startswith("file://"):
            raise NodeError(f"the warehouse {settings.warehouse!r} is no local folder", mend="give a file:// URL")
        self.settings = settings
        self.engine = engine_for(settings.database)
        self.state = State(self.engine)

    @classmethod
    def create(cls, settings: Settings) -> Node:
        """Make the node where it is missing and open it; harmless on one that is there."""
        with trouble(settings.node):
            settings.node.mkdir(parents=True, exist_ok=True)
            node = cls(settings)
            with locked(node.engine, settings.node, "land"):
                if node.state.schema_version() is None:
                    node.lake.create()
                    node.state.create()
        node.state.check_version()
        return node

    @classmethod
    def open(cls, settings: Settings) -> Node:
        """Open the node that is there; NodeError when there is none, or a newer Tocsin wrote it."""
        node = cls.unchecked(settings)
        with trouble(settings.node):
            node.state.check_version()
        return node

    @classmethod
    def unchecked(cls, settings: Settings) -> Node:
        """The node that is there, of whatever schema; NodeError when there is none."""
        node = cls(settings)
        file = node.engine.url.database if node.engine.dialect.name == "sqlite" else None
        if file is not None and not Path(file).exists():
            raise NodeError("there is no node here", file=str(settings.node), mend="run: tocsin node init")
        return node

    def ledger(self, source: str | None = None) -> list[LedgerEntry]:
        """The releases that landed, oldest first; of one source if named. What a killed load left is not among them."""
        with self.view() as view:
            landed = set(view.table("SELECT id FROM document_stored")["id"].to_pylist())
        return [entry for entry in self.state.ledger(source) if entry.document in landed]

    @cached_property
    def lake(self) -> Lake:
        """The writer's side of the lake."""
        return Lake(self.engine, self.settings.database, self.settings.warehouse)

    @cached_property
    def index(self) -> Index:
        """The index of single records and words, brought up to date by ``refresh``."""
        return Index(self.lake, self.settings.node)

    def close(self) -> None:
        """Give all database connections back."""
        if "index" in self.__dict__:
            self.index.close()
        self.lake.close()
        self.engine.dispose()

    def view(self, as_of: date | None = None, known_by: date | None = None, remember: bool = False) -> View:
        """A read-only look as of a day (published by then) and known by a day (in this node by then).

        ``remember``: the view is kept, and asked the same again.
        """
        with trouble(self.settings.node):
            return View(self.lake, as_of, known_by, remember=remember)

    def land(self, releases: Sequence[Release], contents: dict[str, bytes]) -> Landed:
        """Land releases of one feed run, keeping the documents' bytes by SHA-256. One landing at a time."""
        with self.writing():
            for sha256, data in contents.items():
                documents.keep(self.documents, sha256, data)
            return land(self.lake, self.state, releases)

    def land_bulk(self, head: Release, pieces: Pieces) -> Landed:
        """Land a release whose claims come in pieces, each committed by itself; the writing lock is held per commit."""
        place = Place(self.lake, self.state, self.settings.node / "loading", self.writing)
        with trouble(self.settings.node):
            return land_bulk(place, head, pieces)

    def adopt(
        self, tables: Mapping[str, pa.Table], entries: Sequence[LedgerEntry], keep_known_at: bool = False
    ) -> dict[str, int]:
        """Take in records that already have their envelopes; how many of each kind were new.

        They count as known from now on, unless ``keep_known_at``: a restore changes no history.
        """
        known_at = None if keep_known_at else datetime.now(UTC)
        with self.writing():
            return adopt(self.lake, self.state, tables, entries, known_at)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the node's one writing lock."""
        with trouble(self.settings.node), locked(self.engine, self.settings.node, "land"):
            yield

    @contextmanager
    def pulling(self) -> Iterator[None]:
        """Hold the lock of fetching, so that two pulls do not write one file."""
        with trouble(self.settings.node), locked(self.engine, self.settings.node, "pull"):
            yield

    @cached_property
    def pulls(self) -> Pulls:
        """What the node remembers of fetching."""
        return Pulls(self.engine)

    def quarantine(self) -> list[tuple[str, Quarantined]]:
        """(source, row) for every row of a landed release that could not be read."""
        return [(entry.source, bad) for entry in self.ledger() for bad in entry.accounting.quarantined]

    @property
    def documents(self) -> Path:
        """The folder with the documents' bytes."""
        return self.settings.node / "documents"


@contextmanager
def trouble(place: Path) -> Iterator[None]:
    """Turn what disks and databases raise into one line for the user."""
    try:
        yield
    except OSError as error:
        if error.strerror is None:
            raise
        raise NodeError(
            f"cannot write here: {error.strerror}", file=str(error.filename or place), mend=_mend(error)
        ) from error
    except sa.exc.DBAPIError as error:
        raise NodeError(
            f"the database refuses: {error.orig}", file=str(place), mend="check its disk, its rights and that it runs"
        ) from error


def _mend(error: OSError) -> str:
    return {
        28: "free some space and load again; what was committed stays",
        27: "free some space and load again; what was committed stays",
        30: "name a folder that can be written, with --node",
        13: "name a folder that can be written, with --node",
    }.get(error.errno or 0, "name another folder with --node, or mend this one")
