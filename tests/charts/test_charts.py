"""What holds for every picture: well-formed, described, reachable, nothing foreign in it, the same by the slow way."""

from __future__ import annotations

import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.charts.examples import pictures
from tests.charts.reading import CLEAN, HOSTILE, check, labels, links, plainly, tree, words
from tocsin.charts import Picture, Place, Point, bars_by_year, lines_with_intervals, small_lines, us_states, world

PICTURES = pictures()
every = pytest.mark.parametrize("name", PICTURES)
EMPTY: dict[str, Callable[[], Picture]] = {
    "bars": lambda: bars_by_year([], "t", "d"),
    "bars without values": lambda: bars_by_year([("2020", None)], "t", "d"),
    "small lines": lambda: small_lines([], "t", "d"),
    "lines": lambda: lines_with_intervals([], "t", "d", "u"),
    "lines without values": lambda: lines_with_intervals([Point("A", "2020-01-01", None)], "t", "d", "u"),
    "states": lambda: us_states([], "t", "d", "u"),
    "states unknown to the map": lambda: us_states([Place("US-XX", 1)], "t", "d", "u"),
    "world": lambda: world([], "t", "d", "u"),
}


@every
def test_a_picture_is_sound(name: str) -> None:
    check(PICTURES[name])
    assert "currentColor" in PICTURES[name].svg()


@every
def test_the_quick_way_draws_what_vega_lite_draws(name: str) -> None:
    assert PICTURES[name].svg() == plainly(PICTURES[name])


@every
def test_a_picture_is_the_same_each_time(name: str) -> None:
    assert PICTURES[name].svg() == pictures()[name].svg()


def test_two_pictures_on_a_page_share_no_id() -> None:
    ids = [str(value) for picture in PICTURES.values() for value in tree(picture).xpath("//@id")]  # type: ignore[union-attr]
    assert len(ids) == len(set(ids))


def test_marks_are_reachable_where_callers_gave_them_words() -> None:
    roles = {name: tree(picture).get("role") for name, picture in PICTURES.items()}
    assert {name for name, role in roles.items() if role == "img"} == {"bars", "small lines"}
    assert set(roles.values()) == {"img", "graphics-document"}


@every
def test_png_is_an_image_of_the_size(name: str) -> None:
    image = PICTURES[name].png(scale=0.5)
    width, height = struct.unpack(">II", image[16:24])
    root = tree(PICTURES[name])
    assert image.startswith(b"\x89PNG")
    assert abs(width - float(str(root.get("width"))) / 2) <= 1 and abs(height - float(str(root.get("height"))) / 2) <= 1


def test_png_is_dark_ink_on_white() -> None:
    import vl_convert

    picture = PICTURES["bars"]
    assert picture.png() != vl_convert.svg_to_png(picture.svg(), scale=2)
    assert len(picture.png(2)) > len(picture.png(1)) > 1_000


def test_a_notebook_shows_the_svg() -> None:
    bundle = PICTURES["bars"]._repr_mimebundle_()
    assert bundle == {"image/svg+xml": PICTURES["bars"].svg(), "text/plain": "Deaths\nBars"}


def test_threads_draw_at_once() -> None:
    wanted = {name: picture.svg() for name, picture in PICTURES.items()}
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda name: (name, PICTURES[name].svg()), list(PICTURES) * 4))
    assert all(svg == wanted[name] for name, svg in drawn)


@pytest.mark.parametrize("name", EMPTY)
def test_no_rows_make_a_picture_that_says_so(name: str) -> None:
    picture = EMPTY[name]()
    check(picture)
    assert words(picture) == ["Nothing to show"]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(bad: float) -> None:
    for attempt in (
        lambda: bars_by_year([("2020", bad)], "t", "d"),
        lambda: small_lines([("A", "2020-01-01", bad, False)], "t", "d"),
        lambda: Point("A", "2020-01-01", bad),
        lambda: Point("A", "2020-01-01", 1, lower=bad, upper=2),
        lambda: Place("DE", bad),
    ):
        with pytest.raises(ValueError, match="finite"):
            attempt()


def hostile(text: str, href: str | None = None) -> list[Picture]:
    """Every picture with the text wherever a caller may put one."""
    two = [
        Point(text, "2020-01-01", 1, label=text, href=href),
        Point(f"{text} 2", "2020-02-01", None, status="suppressed"),
    ]
    return [
        bars_by_year([(text, 1, text, href), ("2021", 2, text, None)], text, text),
        small_lines([(text, "2020-01-01", 1, False), (f"{text} 2", "2020-01-01", 2, True)], text, text),
        lines_with_intervals(two, text, text, text),
        us_states([Place("US-OH", 1, text, href), Place("US-TX", None, text)], text, text, text, missing=text),
        world([Place("DE", 1, text, href)], text, text, text),
        world([], text, text, text, empty=text),
    ]


def test_hostile_text_is_text() -> None:
    for picture in hostile(HOSTILE, '/records/"><script>'):
        check(picture)
        assert "<script" not in picture.svg()
        root = tree(picture)
        assert root[0].text == root[1].text == CLEAN
        if root.get("role") == "graphics-document":
            assert CLEAN in labels(picture)
            assert links(picture) == {CLEAN: '/records/"><script>'}


@pytest.mark.parametrize(
    "name", ["__proto__", "constructor", "toString", "hasOwnProperty", "names", "datum", "null", "m0"]
)
def test_names_that_mean_something_to_the_machine_are_drawn(name: str) -> None:
    for picture in hostile(name):
        check(picture)
        if "year" in picture.columns or "start" in picture.columns:
            assert name in words(picture)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60) | st.sampled_from(["&#x0;", "${x}", "\ud800", "a\nb"]))
def test_any_text_is_drawn(text: str) -> None:
    for picture in hostile(text):
        check(picture)


def test_very_long_names_are_clipped_in_the_picture_and_whole_in_the_table() -> None:
    name = "long " * 2_000
    picture = lines_with_intervals([Point(name, "2020-01-01", 1), Point("B", "2020-01-01", 2)], "t", "d", "u")
    assert max(len(text) for text in words(picture)) <= 40
    assert picture.rows[0][0] == name


@pytest.mark.parametrize(
    "href",
    [
        "",
        "records",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\n/evil.example",
        "/\t",
        "/\ufffe/evil.example",
    ],
)
def test_a_link_off_the_site_is_refused(href: str) -> None:
    for attempt in (
        lambda: Point("A", "2020-01-01", 1, href=href),
        lambda: Place("DE", 1, href=href),
        lambda: bars_by_year([("2020", 1, "label", href)], "t", "d"),
    ):
        with pytest.raises(ValueError, match="path on this site"):
            attempt()
