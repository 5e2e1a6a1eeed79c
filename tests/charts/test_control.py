"""Control on a map and over time: each answer drawn in its own way, each mark reachable, nothing foreign in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.charts.reading import CLEAN, HOSTILE, check, labels, links, marks, tree, words
from tocsin.charts import Picture
from tocsin.charts.control_map import Country, control_map
from tocsin.charts.control_timeline import Stretch, control_timeline
from tocsin.charts.fills import BLANK, HATCHED, PALE, SOLID

KEY = ((SOLID, "controlled"), (HATCHED, "uncertain"), (PALE, "not found"), (BLANK, "no text"))
COUNTRIES = (
    Country("US", "controlled", SOLID, "United States: controlled", "/substances/x?in=US"),
    Country("CA", "uncertain", HATCHED, "Canada: uncertain"),
    Country("MX", "not found", PALE, "Mexico: not found"),
    Country("AT", "no text", BLANK, "Austria: no text"),
    Country("EU", "controlled", SOLID, "European Union: controlled"),
)
STRETCHES = (
    Stretch("United States", date(2010, 1, 1), date(2025, 8, 14), "not found", PALE, "US: not found"),
    Stretch(
        "United States", date(2025, 8, 15), date(2026, 1, 1), "controlled", SOLID, "US: controlled", "/substances/x"
    ),
    Stretch("Canada", date(2010, 1, 1), date(2026, 1, 1), "uncertain", HATCHED, "CA: uncertain"),
)


def timeline(**options: object) -> Picture:
    return control_timeline(STRETCHES, "Control", "Over time", KEY, **options)  # type: ignore[arg-type]


def fills(picture: Picture) -> dict[str, tuple[str, str]]:
    """How each mark is filled, by what it says."""
    found = marks(picture)
    return {str(one.get("aria-label")): (str(one.get("fill"))[:4], str(one.get("fill-opacity"))) for one in found}


@pytest.mark.parametrize("width", [880, 358])
def test_the_pictures_are_sound(width: int) -> None:
    for picture in (control_map(COUNTRIES, "Control", "On a day", KEY, width=width), timeline(width=width)):
        check(picture)
        assert tree(picture).get("role") == "graphics-document"
        assert abs(float(str(tree(picture).get("width"))) - width) <= 6
        assert picture.svg() == picture.svg()
        assert [text for text in words(picture) if text in dict(enumerate(w for _, w in KEY)).values()] == [
            text for _, text in KEY
        ]


def test_answers_are_told_apart_without_colour() -> None:
    drawn = fills(control_map(COUNTRIES, "Control", "On a day", KEY))
    assert len(set(drawn.values())) == 4 == len(drawn)
    assert drawn["Canada: uncertain"][0] == "url("
    over_time = fills(timeline())
    assert len(set(over_time.values())) == 3 == len(over_time)


def test_a_jurisdiction_that_is_no_country_is_in_the_table_and_undrawn() -> None:
    picture = control_map(COUNTRIES, "Control", "On a day", KEY)
    assert picture.undrawn == ("EU",)
    assert picture.rows[-1] == ("EU", "controlled", "European Union: controlled", None)
    assert links(picture) == {"United States: controlled": "/substances/x?in=US"}


def test_bars_are_as_long_as_their_days_and_follow_on_one_another() -> None:
    first, second, whole = marks(timeline())
    assert labels(timeline()) == ["US: not found", "US: controlled", "CA: uncertain"]
    assert float(str(first.get("x"))) == float(str(whole.get("x")))
    end = float(str(first.get("x"))) + float(str(first.get("width")))
    assert end == pytest.approx(float(str(second.get("x"))), abs=0.2)
    last = float(str(second.get("x"))) + float(str(second.get("width")))
    assert last == pytest.approx(float(str(whole.get("x"))) + float(str(whole.get("width"))), abs=0.2)
    assert first.get("y") == second.get("y") != whole.get("y")


def test_a_day_among_them_is_marked_and_one_outside_is_not() -> None:
    def lines(picture: Picture) -> int:
        return sum(one.get("stroke-width") == "2" for one in tree(picture).iter("{http://www.w3.org/2000/svg}line"))

    assert lines(timeline(day=date(2025, 1, 1))) == 1
    assert lines(timeline(day=date(1999, 1, 1))) == lines(timeline()) == 0
    assert timeline(day=date(2025, 1, 1)).svg() != timeline(day=date(2024, 1, 1)).svg()


def test_the_table_is_what_is_drawn() -> None:
    picture = timeline()
    assert picture.columns == ("row", "from", "to", "answer", "label", "href")
    assert picture.rows[1] == (
        "United States", "2025-08-15", "2026-01-01", "controlled", "US: controlled", "/substances/x",
    )  # fmt: skip


def test_nothing_to_show_says_so() -> None:
    check(control_timeline([], "t", "d", KEY))
    assert words(control_timeline([], "t", "d", KEY)) == ["Nothing to show"]
    check(control_map([], "t", "d", KEY))


def test_hostile_text_is_text() -> None:
    href = '/substances/"><script>'
    rows = [Stretch(HOSTILE, date(2020, 1, 1), date(2021, 1, 1), HOSTILE, SOLID, HOSTILE, href)]
    map_rows = [Country("DE", HOSTILE, HATCHED, HOSTILE, href)]
    key = [(SOLID, HOSTILE), (HATCHED, HOSTILE)]
    for picture in (control_timeline(rows, HOSTILE, HOSTILE, key), control_map(map_rows, HOSTILE, HOSTILE, key)):
        check(picture)
        assert "<script" not in picture.svg()
        assert labels(picture) == [CLEAN] and links(picture) == {CLEAN: href}


def test_what_leads_off_the_site_and_what_ends_before_it_begins_is_refused() -> None:
    day = date(2020, 1, 1)
    with pytest.raises(ValueError, match="path on this site"):
        control_map([Country("DE", "a", SOLID, "a", "//evil.example")], "t", "d", KEY)
    with pytest.raises(ValueError, match="path on this site"):
        control_timeline([Stretch("a", day, day, "a", SOLID, "a", "https://evil.example")], "t", "d", KEY)
    with pytest.raises(ValueError, match="before it begins"):
        control_timeline([Stretch("a", day, day - timedelta(1), "a", SOLID, "a")], "t", "d", KEY)


@given(
    st.lists(
        st.tuples(st.text(max_size=30), st.dates(date(1961, 1, 1), date(2100, 1, 1)), st.integers(0, 20_000)),
        max_size=8,
    )
)
def test_any_days_are_drawn_inside_the_picture(rows: list[tuple[str, date, int]]) -> None:
    stretches = [Stretch(row, start, start + timedelta(days), "a", SOLID, "a") for row, start, days in rows]
    picture = control_timeline(stretches, "t", "d", KEY)
    check(picture)
    for mark in marks(picture):
        left, width = float(str(mark.get("x"))), float(str(mark.get("width")))
        assert left >= 196 and width >= 2 and left + width <= 880
