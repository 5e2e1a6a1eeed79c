"""The node's one SQL database: SQLite in a file, or PostgreSQL by URL. Catalog and state both live here."""

from __future__ import annotations

import fcntl
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tocsin.errors import UsageError

_BUSY_SECONDS = 60
_TICK_NANOSECONDS = 50_000_000


def engine_for(url: str) -> sa.Engine:
    """An engine with write-ahead logging on SQLite; UsageError for another kind of database."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise UsageError(f"{url!r} is no database URL", mend="use sqlite:/// or postgresql://") from None
    if parsed.get_backend_name() == "postgresql" and not parsed.username:
        raise UsageError("the PostgreSQL URL names no user", mend="write postgresql://user@host/name")
    if parsed.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
        sa.event.listen(engine, "connect", _write_ahead)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(driver_url(url), pool_pre_ping=True)
    raise UsageError(f"database {parsed.get_backend_name()!r} is not supported", mend="use sqlite:/// or postgresql://")


def stamp_of(engine: sa.Engine) -> tuple[tuple[int, int], ...] | None:
    """What an SQLite database's files look like: equal as long as nothing was written. ``None`` if that cannot be told.

    A file written a moment ago may be written again within one tick of its clock, so nothing is said of it yet.
    """
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    paths = [Path(file), Path(f"{file}-wal")] if file else []
    stats = [path.stat() for path in paths if path.exists()]
    if not stats or any(time.time_ns() - one.st_mtime_ns < _TICK_NANOSECONDS for one in stats):
        return None
    return tuple((one.st_mtime_ns, one.st_size) for one in stats)


def driver_url(url: str) -> str:
    """The URL with the driver Tocsin ships: pg8000 for PostgreSQL."""
    parsed = sa.make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+pg8000")
    return parsed.render_as_string(hide_password=False)


@contextmanager
def locked(engine: sa.Engine, folder: Path, name: str) -> Iterator[None]:
    """Hold the node's lock of that name; waits for it.

    A file lock beside SQLite, an advisory lock in PostgreSQL: both vanish with a killed process.
    """
    if engine.dialect.name == "sqlite":
        with (folder / f"{name}.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        return
    number = int.from_bytes(hashlib.sha256(f"tocsin {name}".encode()).digest()[:8], "big", signed=True)
    with engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(number)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))


def _write_ahead(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
