"""Series: what is held, the values at a moment, the newest of a place."""

from __future__ import annotations

from datetime import date

import pytest

from tests.node.makers import counts
from tests.node.test_landing import D1, D2
from tocsin.node import Node
from tocsin.node.finding import Moment
from tocsin.node.series import Series, definitions_held, newest_at, periods_of, series_of, values_of


@pytest.fixture
def used(node: Node) -> Node:
    """Two vintages of yearly counts; the second revises one year and adds one."""
    node.land([counts(D1, {2020: 10, 2021: 20})], {})
    node.land([counts(D2, {2020: 12, 2021: 20, 2022: 5})], {})
    node.index.refresh()
    return node


def test_the_newest_saying_holds_as_of_a_day(used: Node) -> None:
    (series,) = series_of(used.index, Moment(), "def")
    now = values_of(used.index, [series], Moment())
    assert [(one.period_start.year, one.value, one.vintages) for one in now] == [
        (2020, 12, 2),
        (2021, 20, 2),
        (2022, 5, 1),
    ]
    then = values_of(used.index, [series], Moment(as_of=D1))
    assert [(one.period_start.year, one.value, one.vintages) for one in then] == [(2020, 10, 1), (2021, 20, 1)]
    assert values_of(used.index, [series], Moment(as_of=date(1999, 1, 1))) == []


def test_one_period_of_all(used: Node) -> None:
    series = series_of(used.index, Moment(), "def")
    assert periods_of(used.index, series, Moment()) == [date(2022, 1, 1), date(2021, 1, 1), date(2020, 1, 1)]
    assert [one.value for one in values_of(used.index, series, Moment(), date(2021, 1, 1))] == [20]


def test_what_is_held(used: Node) -> None:
    (held,) = definitions_held(used.index, Moment())
    assert (held.definition, held.series, held.places, held.substances) == ("def", 1, 1, 0)
    assert definitions_held(used.index, Moment(as_of=date(1999, 1, 1))) == []
    assert series_of(used.index, Moment(), "def", place="CA") == []


def test_the_newest_of_a_place(used: Node) -> None:
    ((series, value, count),) = newest_at(used.index, "US", Moment())
    assert isinstance(series, Series)
    assert (value.period_start.year, value.value, count) == (2022, 5, 1)


def test_the_index_and_the_lake_hold_the_same_numbers(starter: Node) -> None:
    starter.index.refresh()
    day = date(2026, 5, 10)
    with starter.view(day) as view:
        rows = view.rows("SELECT id, value FROM observation WHERE definition = 'ca-phac-deaths'")
    series = series_of(starter.index, Moment(), "ca-phac-deaths")
    held = values_of(starter.index, series, Moment(as_of=day))
    assert {(one.record, one.value) for one in held} == {(row["id"], row["value"]) for row in rows}
    assert len(held) == len(rows) > 500
