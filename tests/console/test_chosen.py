"""What a reader of series asks for: lengths kept apart, places on a map once, names that tell series apart."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.console.chosen import MOST_SERIES, Chosen, Wanted, choose, length_of, name_of_series
from tocsin.console.pictures import drawings_of, with_gaps
from tocsin.node import Node
from tocsin.node.series import Series, Value

VSRR = "us-vsrr-12-month-predicted"


@pytest.fixture(scope="module")
def held(starter: Node) -> Node:
    starter.index.refresh()
    return starter


def chosen(node: Node, definition: str, **asked: object) -> Chosen:
    base: dict[str, object] = {
        "place": [],
        "substance": "",
        "dim": [],
        "length": "",
        "view": "lines",
        "period": "",
        "as_of": "",
    }
    return choose(node.index, Wanted.read(definition, **{**base, **asked}))  # type: ignore[arg-type]


def test_months_and_years_are_never_in_one_line(held: Node) -> None:
    for definition in ("us-nflis-drug-reports", "ca-phac-deaths", "us-cbp-seized-weight"):
        found = chosen(held, definition)
        assert found.values
        for length in found.lengths:
            assert {length_of(one) for one in chosen(held, definition, length=length).values} == {length}


def test_too_many_series_are_cut_and_it_is_said(held: Node) -> None:
    found = chosen(held, "us-nflis-drug-reports")
    assert len(found.series) == MOST_SERIES < found.fitting


def test_a_map_has_each_place_once(held: Node) -> None:
    found = chosen(held, "us-nflis-drug-reports", view="map", substance="Carfentanil")
    places = {one.number: one.place for one in found.series}
    shown = [places[value.series] for value in found.values]
    assert len(shown) == len(set(shown)) > 5
    assert len({value.period_start for value in found.values}) == 1
    older = chosen(held, VSRR, view="map", period="2020-01-01")
    assert {value.period_start for value in older.values} == {date(2020, 1, 1)}


def test_dimensions_narrow(held: Node) -> None:
    whole = chosen(held, "us-vsrr-12-month-reported", dim=["part="])
    part = chosen(held, "us-vsrr-12-month-reported", dim=["part=*"])
    assert whole.fitting + part.fitting == chosen(held, "us-vsrr-12-month-reported").fitting
    assert all(not one.dims for one in whole.series) and part.fitting > 0


def test_a_name_says_only_what_differs() -> None:
    both = [Series(1, "d", "s", "US-OH", "A", (("x", "1"),)), Series(2, "d", "s", "US-WV", "A", (("x", "1"),))]
    assert [name_of_series(one, both) for one in both] == ["US-OH", "US-WV"]
    both = [Series(1, "d", "s", "US-OH", "A", ()), Series(2, "d", "s", "US-OH", "B", (("x", "1"),))]
    assert [name_of_series(one, both) for one in both] == ["A", "B, 1"]
    assert name_of_series(both[0], both[:1]) == "US-OH"


@pytest.mark.parametrize(
    ("first", "last", "length"),
    [("2024-01-01", "2024-01-31", "month"), ("2024-02-01", "2024-02-29", "month"), ("2024-01-01", "2024-03-31", "quarter"),
     ("2024-07-01", "2024-12-31", "half-year"), ("2024-01-01", "2024-12-31", "year"), ("2024-01-01", "2024-01-01", "day"),
     ("2024-01-01", "2024-01-07", "week"), ("2025-01-01", "2025-09-30", "other length"), ("2024-01-01", "2024-02-29", "other length")],
)  # fmt: skip
def test_how_long_a_period_is(first: str, last: str, length: str) -> None:
    value = Value(
        1, date.fromisoformat(first), date.fromisoformat(last), 1, None, None, "u", "final", "r", date(2024, 1, 1), 1
    )
    assert length_of(value) == length


@pytest.mark.parametrize("language", ["en", "es", "fr", "zh"])
def test_the_picture_holds_what_the_table_holds(held: Node, language: str) -> None:
    found = chosen(held, VSRR, place=["US-OH", "US-WV"])
    (drawn,) = drawings_of(found, language)
    assert (
        [row[2] for row in drawn.wide.rows]
        == [value.value for value in found.values]
        == [row["value"] for row in found.rows()]
    )
    assert all(f"/records/{value.record}" in drawn.wide.svg() for value in found.values)
    assert drawn.wide.description in drawn.caption


def test_a_map_of_the_states_is_drawn_and_says_what_is_blank(held: Node) -> None:
    found = chosen(held, VSRR, view="map")
    (drawn,) = drawings_of(found)
    assert "blank" in drawn.caption
    assert drawn.narrow.png()[:4] == b"\x89PNG"


def test_a_map_shows_one_thing_everywhere(held: Node) -> None:
    for definition, asked in (
        (VSRR, {}),
        ("us-nflis-drug-reports", {}),
        ("us-nflis-drug-reports", {"substance": "Fentanyl"}),
    ):
        found = chosen(held, definition, view="map", **asked)
        assert len({(one.substance, one.dims) for one in found.series}) == 1
        assert found.kind and any(found.kind in drawn.caption for drawn in drawings_of(found))
    ohio = [row for row in found.rows() if row["place"] == "US-OH"]
    assert ohio[0]["dims"]["form"] == "FENTANYL" and ohio[0]["value"] > 1000
    assert (ohio[0]["period_start"], ohio[0]["status"]) == ("2025-01-01", "final")


def test_a_map_of_an_earlier_day_has_what_was_held_then(held: Node) -> None:
    found = chosen(held, "ca-phac-deaths", view="map", as_of="2026-05-01")
    assert found.values and all(str(value.published) <= "2026-05-01" for value in found.values)
    assert {length_of(value) for value in found.values} == {found.lengths[0]} != {"other length"}


def test_a_year_so_far_is_no_year(held: Node) -> None:
    for value in chosen(held, "ca-phac-deaths", place=["CA"], length="year").values:
        assert (value.period_end - value.period_start).days >= 364


def test_a_line_does_not_bridge_what_is_left_out(held: Node) -> None:
    values = chosen(held, "us-cbp-seized-weight").values[:12]
    whole = with_gaps(values)
    kept = [*values[:4], *values[6:]]
    assert [one.value for one in with_gaps(kept)].count(None) == [one.value for one in whole].count(None) + 1


def test_places_and_substances_are_read_as_people_write_them(held: Node) -> None:
    by_name = chosen(held, VSRR, place=["ohio"], substance="t40.4")
    assert by_name.values == chosen(held, VSRR, place=["US-OH"], substance="T40.4").values != ()


def test_nothing_to_draw_is_no_picture(held: Node) -> None:
    assert drawings_of(chosen(held, VSRR, as_of="1999-01-01")) == ()
