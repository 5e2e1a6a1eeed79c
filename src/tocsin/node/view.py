"""What was known when: reading the lake as of a day, through DuckDB in memory.

Every view offers, for each kind of record (``document``, ``claim``, ``event``, ``observation``):

``KIND``        what held as of the day: of each source and key the newest saying published by then, unless withdrawn
``KIND_all``    every saying published by then, vintage by vintage, withdrawals included
``KIND_later``  what was said only afterwards, newest first said: to be used, if at all, marked *retrospective*
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tocsin.node.lake import Lake
from tocsin.records.schemas import KINDS, SCHEMAS

_SPILLING = "600MB"
_FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


def end_of(day: date | None) -> datetime:
    """The first moment after a day, UTC; far in the future when there is no day."""
    if day is None or day == date.max:
        return _FOREVER
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


class View:
    """A read-only look at the lake as of ``as_of`` (published by then) and ``known_by`` (in this node by then)."""

    def __init__(
        self,
        lake: Lake,
        as_of: date | None = None,
        known_by: date | None = None,
        spill: Path | None = None,
        remember: bool = False,
    ) -> None:
        """``spill``: a folder for what exceeds the little memory this view may then take.

        ``remember``: keep answers; a view never changes, so the same question has the same answer.
        """
        self._remembered: dict[tuple[str, str], pa.Table] | None = {} if remember else None
        self.as_of, self.known_by = as_of, known_by
        self._lock = threading.Lock()
        self._duck = duckdb.connect()
        self._duck.execute("SET TimeZone = 'UTC'")
        if spill is not None:
            self._duck.execute(f"SET memory_limit = '{_SPILLING}'; SET temp_directory = {quoted(str(spill))}")
        # Documents first: whatever document is seen, its records were committed before it.
        self._undefined = {kind: lake.files(kind) for kind in KINDS}

    def table(self, sql: str, parameters: Sequence[object] | None = None) -> pa.Table:
        """The answer to a query as an Arrow table."""
        with self._lock:
            question = (sql, repr(parameters))
            if self._remembered is not None and question in self._remembered:
                return self._remembered[question]
            self._prepare(sql)
            answer = self._duck.sql(sql, params=list(parameters or ())).to_arrow_table()
            if self._remembered is not None:
                self._remembered[question] = answer
            return answer

    def rows(self, sql: str, parameters: Sequence[object] | None = None) -> list[dict[str, Any]]:
        """The answer to a query as dictionaries."""
        rows: list[dict[str, Any]] = self.table(sql, parameters).to_pylist()
        return rows

    def value(self, sql: str, parameters: Sequence[object] | None = None) -> Any:
        """The first value of the first row, or ``None``."""
        answer = self.table(sql, parameters)
        return answer.column(0)[0].as_py() if answer.num_rows else None

    def copy(self, sql: str, target: Path, parameters: Sequence[object] | None = None) -> None:
        """Write the answer to a query into a Parquet file, without holding it in memory."""
        with self._lock:
            self._prepare(sql)
            self._duck.execute(f"COPY ({sql}) TO {quoted(str(target))} (FORMAT parquet)", list(parameters or ()))

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known to queries under a name."""
        with self._lock:
            self._duck.register(name, table)

    def close(self) -> None:
        """Free the memory."""
        self._duck.close()

    def __enter__(self) -> View:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self, sql: str) -> None:
        for kind in [kind for kind in self._undefined if kind == "document" or kind in sql]:
            self._define(kind, self._undefined.pop(kind))

    def _define(self, kind: str, files: list[str]) -> None:
        names = ", ".join(f'"{name}"' for name in SCHEMAS[kind].names)
        if files:
            source = f"read_parquet([{', '.join(map(quoted, files))}], union_by_name = true)"
        else:
            self._duck.register(f"{kind}_empty", SCHEMAS[kind].empty_table())
            source = f"{kind}_empty"
        known, published = _literal(end_of(self.known_by)), _literal(end_of(self.as_of))
        release, landed = "published_at AS released", ""
        if kind != "document":
            release = "landed.released"
            landed = "JOIN (SELECT id AS document, released FROM document_stored) AS landed USING (document)"
        stored = f"SELECT {names}, {release} FROM {kind}_physical {landed} WHERE known_at < {known}"
        later = f"(SELECT * FROM {kind}_stored WHERE published_at >= {published} AND NOT withdrawn)"
        for view, query in (
            (f"{kind}_physical", f"SELECT {names} FROM {source}"),
            (f"{kind}_stored", stored),
            (f"{kind}_all", f"SELECT * FROM {kind}_stored WHERE published_at < {published}"),
            (kind, f"SELECT {names} FROM ({newest(f'{kind}_all', kind)}) WHERE rank = 1 AND NOT withdrawn"),
            (f"{kind}_later", f"SELECT {names} FROM ({newest(later, kind)}) WHERE rank = 1"),
        ):
            self._duck.execute(f"CREATE VIEW {view} AS {query}")


_IN_THE_KEY = {
    "document": ("part",),
    "claim": ("subject", "schema", "property", "value"),
    "event": ("kind",),
    "observation": ("measure", "definition", "place", "period_start", "period_end", "substance"),
}


def newest(relation: str, kind: str | None = None) -> str:
    """A query that ranks the sayings of each source and key, the newest as 1.

    Of two files that state one figure as of one day, the newer file's word holds, whichever was loaded first.
    """
    order = "published_at DESC, released DESC, known_at DESC, withdrawn, id"
    # What the key is made of is named beside it, so that a filter on it need not wait for all the rest to be ranked.
    parts = ", ".join(("source", "key", *_IN_THE_KEY.get(kind or "", ())))
    return f"SELECT *, row_number() OVER (PARTITION BY {parts} ORDER BY {order}) AS rank FROM {relation}"


def _literal(moment: datetime) -> str:
    return f"TIMESTAMPTZ '{moment:%Y-%m-%d %H:%M:%S}+00'"


def quoted(file: str) -> str:
    """A file's address for DuckDB, which would take ``*``, ``?`` and ``[`` for a pattern."""
    path = re.sub(r"([*?\[])", r"[\1]", file.removeprefix("file://"))
    return "'" + path.replace("'", "''") + "'"
