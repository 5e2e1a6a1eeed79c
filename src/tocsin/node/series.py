"""Series: which numbers are held of a definition, and the values of some of them at a moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tocsin.node.finding import EPOCH, Moment
from tocsin.node.index import Index, numbers_of
from tocsin.node.index_rows import BODY_COLUMNS
from tocsin.records.kinds import Pairs

_FIRST, _LAST = numbers_of("observation")
_COLUMNS = {name: BODY_COLUMNS["observation"].index(name) for name in BODY_COLUMNS["observation"]}
_MAIN = ("fentanyl", "t40.4")
_VINTAGES = """(SELECT count(*) FROM record AS v WHERE v.key = r.key AND v.source = r.source
    AND v.published < :published AND v.known < :known)"""


@dataclass(frozen=True, slots=True)
class Held:
    """How much is held of one definition by one source."""

    definition: str
    source: str
    series: int
    places: int
    substances: int


@dataclass(frozen=True, slots=True)
class Named:
    """A substance as a source names it, and of how many series it is named."""

    name: str
    source: str
    series: int


@dataclass(frozen=True, slots=True)
class Series:
    """What a line of numbers is of; ``number`` names it inside this node's index only."""

    number: int
    definition: str
    source: str
    place: str
    substance: str | None
    dims: Pairs


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a series, with the id of the record that says it and how often it was said (its vintages)."""

    series: int
    period_start: date
    period_end: date
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    status: str
    record: str
    published: date
    vintages: int


def definitions_held(index: Index, moment: Moment) -> list[Held]:
    """What had been said by the moment of each definition, by source."""
    query = """SELECT name, source, count(*), count(DISTINCT place), count(DISTINCT substance) FROM topic
        WHERE number BETWEEN ? AND ? AND first < ? GROUP BY name, source ORDER BY source, name"""
    asked = [_FIRST, _LAST, moment.parameters["published"]]
    with index.reading() as connection:
        return [Held(*row) for row in connection.execute(query, asked)]


def substances_named(index: Index, moment: Moment) -> list[Named]:
    """Every name of a substance that a source had used by the moment, by name and source."""
    query = """SELECT substance, source, count(*) FROM topic
        WHERE number BETWEEN ? AND ? AND first < ? AND substance <> '' GROUP BY substance, source ORDER BY substance, source"""
    asked = [_FIRST, _LAST, moment.parameters["published"]]
    with index.reading() as connection:
        return [Named(*row) for row in connection.execute(query, asked)]


def series_of(index: Index, moment: Moment, definition: str | None = None, place: str | None = None) -> list[Series]:
    """The series of a definition, at a place, of which something was said by the moment, in the order of their places."""
    wanted = {"name": definition, "place": place}
    conditions = [f"{name} = :{name}" for name, value in wanted.items() if value is not None]
    query = f"""SELECT number, name, source, place, substance, dims FROM topic
        WHERE number BETWEEN {_FIRST} AND {_LAST} AND first < :published AND {" AND ".join(conditions) or "true"}
        ORDER BY name, place, substance, dims"""
    with index.reading() as connection:
        rows = connection.execute(query, {**wanted, "published": moment.parameters["published"]}).fetchall()
    return [
        Series(number, name, source, at, of, tuple(sorted(json.loads(dims or "{}").items())))
        for number, name, source, at, of, dims in rows
    ]


def values_of(
    index: Index, series: Sequence[Series], moment: Moment, period_start: date | None = None, counted: bool = True
) -> list[Value]:
    """The values held at a moment, by series and period; of one period if its start is given.

    Where they are not ``counted``, their vintages are 0.
    """
    numbers = json.dumps([one.number for one in series])
    of_period = "AND r.start = :start" if period_start else ""
    query = f"""SELECT r.topic, r.body, r.id, r.published, {_VINTAGES if counted else 0}
        FROM json_each(:numbers) AS t CROSS JOIN record AS r ON r.topic = t.value
        WHERE {moment.held} {of_period} ORDER BY t.key, r.start"""
    parameters = {**moment.parameters, "numbers": numbers, "start": str(period_start)}
    with index.reading() as connection:
        return [_value(*row) for row in connection.execute(query, parameters)]


def periods_of(index: Index, series: Sequence[Series], moment: Moment) -> list[date]:
    """The first days of the periods these series have numbers for at a moment, newest first."""
    query = f"""SELECT DISTINCT r.start FROM json_each(:numbers) AS t CROSS JOIN record AS r ON r.topic = t.value
        WHERE {moment.held} ORDER BY 1 DESC"""
    asked = {**moment.parameters, "numbers": json.dumps([one.number for one in series])}
    with index.reading() as connection:
        rows = connection.execute(query, asked)
        return [date.fromisoformat(start) for (start,) in rows]


def _value(topic: int, body: str, name: bytes, published: int, vintages: int) -> Value:
    said = json.loads(body)

    def field(column: str) -> float | None:
        found: float | None = said[_COLUMNS[column]]
        return found

    return Value(
        topic,
        date.fromisoformat(said[_COLUMNS["period_start"]]),
        date.fromisoformat(said[_COLUMNS["period_end"]]),
        field("value"),
        field("lower"),
        field("upper"),
        said[_COLUMNS["unit"]],
        said[_COLUMNS["status"]],
        name.hex(),
        (EPOCH + timedelta(microseconds=published)).date(),
        vintages,
    )


def newest_at(index: Index, place: str, moment: Moment) -> list[tuple[Series, Value, int]]:
    """Of each definition held of a place its main series, the newest number of that, and how many series there are.

    The main series is the one on fentanyl where there is one, with the fewest dimensions; of several such ones that
    with the newest and then the largest number.
    """
    by_definition: dict[str, list[Series]] = {}
    for one in series_of(index, moment, place=place):
        by_definition.setdefault(one.definition, []).append(one)
    found = []
    for some in by_definition.values():
        first = min(map(_main_first, some))
        mains = [one for one in some if _main_first(one) == first]
        newest = [(one, value) for one in mains if (value := _newest(index, one, moment))]
        if newest:
            main, value = max(newest, key=lambda pair: (pair[1].period_end, pair[1].value or 0))
            found.append((main, value, len(some)))
    return found


def _newest(index: Index, series: Series, moment: Moment) -> Value | None:
    query = f"""SELECT r.topic, r.body, r.id, r.published, 0 FROM record AS r
        WHERE r.topic = :topic AND {moment.held} ORDER BY r.start DESC LIMIT 1"""
    with index.reading() as connection:
        row = connection.execute(query, {**moment.parameters, "topic": series.number}).fetchone()
    return _value(*row) if row else None


def _main_first(series: Series) -> tuple[int, int]:
    return len(series.dims), rank_of(series.substance)


def rank_of(substance: str | None) -> int:
    """What readers look for first: 0 fentanyl and T40.4, 1 its relatives by name, 2 all else."""
    name = (substance or "").casefold()
    return 0 if name in _MAIN else 1 if "fentanyl" in name else 2
