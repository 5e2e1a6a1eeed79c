"""The index: single records and full text in SQLite, made from the lake and made anew when it is gone.

The lake answers questions over many records; the index finds one, or the few that hold a word, in milliseconds. It is
derived: ``index-….db`` in the node's folder may be deleted at any time. Records are grouped by *topic*: what they speak of
without when (a series, a claim, a kind of event at a place). Full text is over topics, by trigrams (SQLite FTS5), so it
works in every script.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from tocsin.errors import NodeError
from tocsin.node.index_rows import RECORD_QUERY, TOPIC_QUERY, text_of
from tocsin.node.lake import Lake
from tocsin.node.view import quoted
from tocsin.records import vocabulary
from tocsin.records.schemas import KINDS

VERSION = 5
TOPICS_OF_A_KIND = 1 << 40
"""Numbers of topics begin at the place of their kind in ``KINDS`` times this, so a kind is a range of numbers."""

_BATCH = 20_000
_CACHE_KIB = 16_000
_SCHEMA = """
CREATE TABLE file (path TEXT PRIMARY KEY, kind TEXT NOT NULL, waiting TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE landed (document TEXT PRIMARY KEY, released INTEGER NOT NULL, known INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE envelope (number INTEGER PRIMARY KEY, source TEXT NOT NULL, document TEXT NOT NULL, licence TEXT NOT NULL,
    marking TEXT NOT NULL, UNIQUE (source, document, licence, marking));
CREATE TABLE topic (number INTEGER PRIMARY KEY, hash INTEGER NOT NULL UNIQUE, source TEXT NOT NULL, name TEXT NOT NULL,
    subject TEXT, place TEXT, substance TEXT, dims TEXT, text TEXT NOT NULL, first INTEGER);
CREATE INDEX topic_source ON topic (source);
CREATE INDEX topic_name ON topic (name, place);
CREATE INDEX topic_subject ON topic (subject) WHERE subject IS NOT NULL;
CREATE INDEX topic_place ON topic (place) WHERE place IS NOT NULL;
CREATE INDEX topic_substance ON topic (substance COLLATE NOCASE) WHERE substance IS NOT NULL;
CREATE TABLE record (number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id BLOB NOT NULL UNIQUE, key BLOB NOT NULL,
    topic INTEGER NOT NULL, envelope INTEGER NOT NULL, source TEXT NOT NULL, published INTEGER NOT NULL,
    released INTEGER NOT NULL, known INTEGER NOT NULL, withdrawn INTEGER NOT NULL, start TEXT, body TEXT NOT NULL,
    replaced INTEGER);
CREATE INDEX record_key ON record (key, source);
CREATE INDEX record_topic ON record (topic, start, published, replaced, withdrawn);
CREATE INDEX record_newest ON record (kind, published);
CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='trigram', detail='none');
CREATE VIRTUAL TABLE trigram USING fts5vocab(words, 'row');
CREATE TABLE incoming (hash INTEGER, kind INTEGER, id BLOB, key BLOB, source TEXT, document TEXT, licence TEXT,
    marking TEXT, published INTEGER, known INTEGER, withdrawn INTEGER, start TEXT, body TEXT);
"""


def numbers_of(kind: str) -> tuple[int, int]:
    """The first and the last number a topic of that kind may have."""
    first = KINDS.index(kind) * TOPICS_OF_A_KIND
    return first, first + TOPICS_OF_A_KIND - 1


LATER = (
    "((o.published, o.released, o.known, -o.withdrawn) > (r.published, r.released, r.known, -r.withdrawn)"
    " OR (o.published, o.released, o.known, -o.withdrawn) = (r.published, r.released, r.known, -r.withdrawn)"
    " AND o.id < r.id)"
)
"""Whether ``o`` is a newer saying than ``r`` of the same thing: the order of ``view.newest``."""

Tell = Callable[[int, int], None]


class Index:
    """The index of one node. Reading never waits for writing; two writers wait for one another."""

    def __init__(self, lake: Lake, folder: Path) -> None:
        self._lake, self._folder = lake, folder
        self._idle: list[tuple[int | None, sqlite3.Connection]] = []
        self._seen: tuple[str, ...] | None = None
        self._opened: int | None = None

    def behind(self) -> int:
        """How many records the lake's new files hold that are not in the index yet."""
        import pyarrow.parquet as pq

        return sum(pq.read_metadata(path.removeprefix("file://")).num_rows for _, path in self._new())

    def refresh(self, tell: Tell | None = None, wait: bool = True) -> int:
        """Take in what the lake has and the index has not; how many records. Killed, it goes on where it was.

        ``tell`` is called with the files done and the files to do. Without ``wait`` nothing is done while another
        process is at it.
        """
        if self.is_fresh():
            return 0
        state, added = self._lake.state(), 0
        with suppress(BlockingIOError), self._writing(wait) as connection:
            self._learn_documents(connection)
            todo = self._new(connection)
            for done, (kind, path) in enumerate(todo):
                if tell:
                    tell(done, len(todo))
                added += self._take(connection, kind, path)
            self._seen = state
        return added

    @property
    def state(self) -> tuple[str, ...] | None:
        """The state of the lake the index was last brought up to; equal as long as nothing came in."""
        return self._seen

    def is_fresh(self) -> bool:
        """Whether everything the lake has is in the index, as far as this process knows."""
        if self._file() != self._opened:
            self._forget()
        return self._seen is not None and self._lake.state() == self._seen

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with; NodeError where the file is damaged, which is then made anew."""
        if self._file() != self._opened:
            self._forget()
        file, connection = self._taken()
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError):
                raise
            self._remove()
            raise NodeError("the index was damaged and is made anew", mend="ask again") from error
        finally:
            self._idle.append((file, connection))

    def _taken(self) -> tuple[int | None, sqlite3.Connection]:
        """An idle connection to the file that is there now, or a new one."""
        while self._idle:
            file, connection = self._idle.pop()
            if file == self._opened:
                return file, connection
            connection.close()
        connection = self._open()
        return self._opened, connection

    def close(self) -> None:
        """Give the connections back."""
        while self._idle:
            self._idle.pop()[1].close()

    def remove_others(self) -> None:
        """Remove what other versions of Tocsin made; one that still runs makes its own anew."""
        for path in self._folder.glob("index-*.db*"):
            if not path.name.startswith(self._path.name):
                path.unlink()

    @property
    def _path(self) -> Path:
        # By version, so that two versions that run on one node do not take it from one another.
        return self._folder / f"index-{VERSION}-{duckdb.__version__}.db"

    def _file(self) -> int | None:
        """What tells the file from another of its name."""
        try:
            return self._path.stat().st_ino
        except FileNotFoundError:
            return None

    def _forget(self) -> None:
        self.close()
        self._seen = None

    def _remove(self) -> None:
        self._forget()
        for path in self._folder.glob(f"{self._path.name}*"):
            path.unlink(missing_ok=True)

    def _new(self, connection: sqlite3.Connection | None = None) -> list[tuple[str, str]]:
        """(kind, file) of files not wholly taken in, but for those whose documents have not landed yet."""
        if connection is None:
            with self.reading() as held:
                return self._new(held)
        waiting = """SELECT path, waiting <> '[]' AND EXISTS (SELECT 1 FROM json_each(waiting) AS w
            WHERE w.value IN (SELECT document FROM landed)) FROM file"""
        taken = dict(connection.execute(waiting))
        return [(kind, path) for kind in KINDS for path in self._lake.files(kind) if path not in taken or taken[path]]

    @contextmanager
    def _writing(self, wait: bool) -> Iterator[sqlite3.Connection]:
        with (self._folder / "index.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            connection = self._open()
            try:
                yield connection
            finally:
                connection.close()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            # No database, or a damaged one.
            self._remove()
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=60, check_same_thread=False, isolation_level=None)
        try:
            # Whole after a crash of the program; after one of the machine it may be made anew.
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"cache_size=-{_CACHE_KIB}", "temp_store=MEMORY"):
                connection.execute(f"PRAGMA {pragma}")
            connection.create_function("unhex", 1, bytes.fromhex, deterministic=True)
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._opened = self._file()
        return connection

    def _learn_documents(self, connection: sqlite3.Connection) -> None:
        """Take in which documents have landed."""
        files = self._lake.files("document")
        if not files:
            return
        query = f"SELECT id, epoch_us(published_at), epoch_us(known_at) FROM read_parquet([{', '.join(map(quoted, files))}])"
        with duckdb.connect() as duck:
            rows = duck.execute(query).fetchall()
        connection.executemany("INSERT OR IGNORE INTO landed VALUES (?, ?, ?)", rows)

    def _take(self, connection: sqlite3.Connection, kind: str, path: str) -> int:
        """Take one file in, in one transaction."""
        connection.execute("BEGIN IMMEDIATE")
        try:
            with duckdb.connect() as duck:
                duck.execute("SET TimeZone = 'UTC'")
                duck.register("shown_properties", vocabulary.shown_properties())
                source = f"read_parquet({quoted(path)})"
                _take_topics(connection, duck, kind, source)
                _take_rows(connection, duck, kind, source)
            added = _place_rows(connection, path, kind)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        return added


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables where there are none."""
    made = "SELECT count(*) FROM sqlite_master WHERE name = 'incoming'"
    if connection.execute(made).fetchone()[0]:
        return
    connection.execute("BEGIN IMMEDIATE")
    if not connection.execute(made).fetchone()[0]:
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
    connection.execute("COMMIT")


def _take_topics(connection: sqlite3.Connection, duck: duckdb.DuckDBPyConnection, kind: str, source: str) -> None:
    first, last = numbers_of(kind)
    held = connection.execute("SELECT max(number) FROM topic WHERE number BETWEEN ? AND ?", [first, last])
    before = number = held.fetchone()[0] or first
    answer = duck.execute(TOPIC_QUERY[kind].format(source=source))
    while rows := answer.fetchmany(_BATCH):
        topics = []
        for number, (*columns, words) in enumerate(rows, start=number + 1):  # noqa: B020  goes on over batches
            topics.append((number, *columns, text_of(columns[2], columns[4], words)))
        connection.executemany("INSERT OR IGNORE INTO topic VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", topics)
    connection.execute(
        "INSERT INTO words (rowid, text) SELECT number, text FROM topic WHERE number > ? AND number <= ? ORDER BY number",
        [before, last],
    )


def _take_rows(connection: sqlite3.Connection, duck: duckdb.DuckDBPyConnection, kind: str, source: str) -> None:
    connection.execute("DELETE FROM incoming")
    answer = duck.execute(RECORD_QUERY[kind].format(source=source, kind=KINDS.index(kind)))
    while rows := answer.fetchmany(_BATCH):
        connection.executemany(f"INSERT INTO incoming VALUES ({', '.join('?' * 13)})", rows)


def _place_rows(connection: sqlite3.Connection, path: str, kind: str) -> int:
    """Move what has landed from ``incoming`` to ``record`` and say which sayings it replaces."""
    before = connection.execute("SELECT coalesce(max(number), 0) FROM record").fetchone()[0]
    connection.execute(
        """INSERT OR IGNORE INTO envelope (source, document, licence, marking)
        SELECT DISTINCT source, document, licence, marking FROM incoming"""
    )
    connection.execute(
        """INSERT OR IGNORE INTO record (kind, id, key, topic, envelope, source, published, released, known, withdrawn,
            start, body)
        SELECT i.kind, i.id, i.key, t.number, e.number, i.source, i.published, l.released, i.known, i.withdrawn,
            i.start, i.body
        FROM incoming AS i JOIN landed AS l USING (document) JOIN topic AS t USING (hash)
        JOIN envelope AS e USING (source, document, licence, marking)"""
    )
    connection.execute(
        f"""UPDATE record AS r SET replaced = (SELECT min(o.published) FROM record AS o
            WHERE o.key = r.key AND o.source = r.source AND {LATER})
        WHERE r.key IN (SELECT key FROM record WHERE number > ?)""",
        [before],
    )
    connection.execute(
        """UPDATE topic SET first = new.first
        FROM (SELECT topic, min(published) AS first FROM record WHERE number > ? GROUP BY topic) AS new
        WHERE topic.number = new.topic AND (topic.first IS NULL OR new.first < topic.first)""",
        [before],
    )
    connection.execute(
        """INSERT OR REPLACE INTO file SELECT ?, ?, json_group_array(DISTINCT document) FROM incoming
        WHERE document NOT IN (SELECT document FROM landed)""",
        [path, kind],
    )
    connection.execute("DELETE FROM incoming")
    after: int = connection.execute("SELECT coalesce(max(number), 0) FROM record").fetchone()[0]
    return after - int(before)
