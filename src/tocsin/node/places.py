"""How much the index holds of each place."""

from __future__ import annotations

from tocsin.node.finding import Moment
from tocsin.node.index import Index, numbers_of


def numbers_at(index: Index, moment: Moment) -> dict[str, int]:
    """Series by place, of which something was said by the moment."""
    return _counted(index, "observation", "count(*)", moment)


def claims_at(index: Index, moment: Moment) -> dict[str, int]:
    """Parties of which somebody said by the moment that they are of a place, by place."""
    return _counted(index, "claim", "count(DISTINCT subject)", moment)


def _counted(index: Index, kind: str, what: str, moment: Moment) -> dict[str, int]:
    query = f"""SELECT place, {what} FROM topic
        WHERE number BETWEEN ? AND ? AND place IS NOT NULL AND first < ? GROUP BY place"""
    asked = [*numbers_of(kind), moment.parameters["published"]]
    with index.reading() as connection:
        return dict(connection.execute(query, asked).fetchall())
