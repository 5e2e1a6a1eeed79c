"""Bars by year and small lines: rows in, marks out."""

from __future__ import annotations

import pytest

from tests.charts.examples import pictures
from tests.charts.reading import labels, links, marks, words
from tocsin.charts import bars_by_year, small_lines
from tocsin.charts.palette import ACCENT


def test_a_bar_for_each_value_and_none_for_a_gap() -> None:
    picture = pictures()["bars"]
    assert labels(picture) == ["2019: 36,359", "2020: 56,516"]
    assert "2020" in words(picture) and "2021" not in words(picture)
    assert picture.columns == ("year", "value")
    assert picture.rows == (("2019", 36_359), ("2020", 56_516), ("2021", None))


def test_bars_say_and_lead_where_the_caller_wants() -> None:
    picture = pictures()["linked bars"]
    assert labels(picture) == ["three", "four"]
    assert links(picture) == {"three": "/records/x"}
    assert picture.columns == ("year", "value", "label", "href")


def test_rows_of_different_length_fill_up() -> None:
    picture = bars_by_year([("2019", 1), ("2020", 2, "two", "/records/x")], "t", "d")
    assert picture.rows == (("2019", 1, None, None), ("2020", 2, "two", "/records/x"))
    assert labels(picture) == ["2019: 1", "two"]


def test_small_lines_have_a_panel_a_series_in_the_callers_order() -> None:
    rows = [("Z", "2024-01-01", 3, False), ("Z", "2024-07-01", 5, True), ("__proto__", "2024-01-01", 8, False)]
    picture = small_lines(rows, "t", "d")
    assert [text for text in words(picture) if text in ("Z", "__proto__")] == ["Z", "__proto__"]
    assert len(marks(picture)) == 3
    fills = {mark.get("aria-label"): mark.get("fill") for mark in marks(picture)}
    assert fills["Z, 2024-07-01: 5"] is None and fills["Z, 2024-01-01: 3"] == ACCENT


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="month"):
        small_lines([("A", "2024-13-01", 3, False)], "t", "d")
