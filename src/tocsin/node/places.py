"""How much the index holds of each place."""

from __future__ import annotations

from tocsin.node.index import TOPICS_OF_A_KIND, Index
from tocsin.records.schemas import KINDS


def numbers_at(index: Index) -> dict[str, int]:
    """Series by place."""
    return _counted(index, "observation", "count(*)")


def claims_at(index: Index) -> dict[str, int]:
    """Parties of which somebody says that they are of a place, by place."""
    return _counted(index, "claim", "count(DISTINCT subject)")


def _counted(index: Index, kind: str, what: str) -> dict[str, int]:
    first = KINDS.index(kind) * TOPICS_OF_A_KIND
    query = f"""SELECT place, {what} FROM topic
        WHERE number BETWEEN ? AND ? AND place IS NOT NULL GROUP BY place"""
    with index.reading() as connection:
        return dict(connection.execute(query, [first, first + TOPICS_OF_A_KIND - 1]).fetchall())
