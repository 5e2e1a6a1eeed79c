"""What the node remembers of fetching: which copy of each file it holds, when it last asked, and how that went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import sqlalchemy as sa

from tocsin.node.database import stamp_of

_metadata = sa.MetaData()
_pulls = sa.Table(
    "feed_pull",
    _metadata,
    sa.Column("feed", sa.String, primary_key=True),
    sa.Column("file", sa.String, primary_key=True),
    sa.Column("etag", sa.String),
    sa.Column("last_modified", sa.String),
    sa.Column("sha256", sa.String),
    sa.Column("checked_at", sa.String, nullable=False),
    sa.Column("fetched_at", sa.String),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("message", sa.String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Pull:
    """The newest attempt to fetch one file of a feed, and the copy held since the last good one.

    ``etag``, ``last_modified`` and ``sha256`` are those of the copy held. ``checked_at``, ``fetched_at``: ISO 8601,
    UTC. ``outcome``: ``new``, ``unchanged`` or ``failed``; ``message`` says it in one line.
    """

    feed: str
    file: str
    etag: str | None
    last_modified: str | None
    sha256: str | None
    checked_at: str
    fetched_at: str | None
    outcome: str
    message: str


class Pulls:
    """Reads and writes the pulls of one node."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._known: tuple[object, str] | None = None

    def of(self, feed: str) -> dict[str, Pull]:
        """The pulls of a feed by file."""
        return {pull.file: pull for pull in self.all() if pull.feed == feed}

    def all(self) -> list[Pull]:
        """All pulls, by feed and file; none in a node that never fetched."""
        if not sa.inspect(self._engine).has_table(_pulls.name):
            return []
        names = [field.name for field in fields(Pull)]
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_pulls).order_by(_pulls.c.feed, _pulls.c.file)).all()
        return [Pull(**{name: getattr(row, name) for name in names}) for row in rows]

    def state(self) -> str:
        """Equal as long as nothing was fetched or tried."""
        stamp = stamp_of(self._engine)
        if stamp is not None and self._known is not None and self._known[0] == stamp:
            return self._known[1]
        newest = self._newest()
        self._known = (stamp, newest)
        return newest

    def _newest(self) -> str:
        if not sa.inspect(self._engine).has_table(_pulls.name):
            return ""
        with self._engine.connect() as connection:
            newest, rows = connection.execute(sa.select(sa.func.max(_pulls.c.checked_at), sa.func.count())).one()
        return f"{newest} {rows}"

    def write(self, pulls: Iterable[Pull]) -> None:
        """Write or replace pulls, in one transaction."""
        _metadata.create_all(self._engine)
        with self._engine.begin() as connection:
            for pull in pulls:
                same = (_pulls.c.feed == pull.feed) & (_pulls.c.file == pull.file)
                connection.execute(_pulls.delete().where(same))
                connection.execute(_pulls.insert().values(asdict(pull)))
