"""Maps: every place is drawn once, no value is not zero, the classes are those of the legend."""

from __future__ import annotations

import csv
import json
from importlib.resources import files

import pytest

from tests.charts.examples import COUNTRIES, STATES, pictures
from tests.charts.reading import SVG, labels, links, marks, tree, words
from tocsin.charts import Place, us_states, world
from tocsin.charts.palette import OPACITIES
from tocsin.charts.shapes import codes, topology


def test_a_mark_for_each_place_with_a_row() -> None:
    states, countries = pictures()["states"], pictures()["world"]
    assert sorted(labels(states)) == sorted(place.label for place in STATES if place.code != "US-XX")
    assert sorted(labels(countries)) == sorted(place.label for place in COUNTRIES)
    assert links(states) == {"Ohio: 30.5": "/places/US-OH"} and links(countries) == {"Germany: 4": "/places/DE"}


def test_a_place_without_a_shape_is_named() -> None:
    picture = pictures()["states"]
    assert picture.undrawn == ("US-XX",)
    assert picture.rows[-1] == ("US-XX", 7, None, "Unknown state: 7", None)
    assert pictures()["world"].undrawn == ()


def test_no_value_is_hatched_and_not_the_lowest_class() -> None:
    fills = {mark.get("aria-label"): mark.get("fill") for mark in marks(pictures()["states"])}
    assert str(fills["Texas: withheld"]).startswith("url(#picture-")
    assert [label for label, fill in fills.items() if str(fill).startswith("url")] == ["Texas: withheld"]
    assert "No value" in words(pictures()["states"])


def test_a_place_without_a_row_is_blank_and_silent() -> None:
    root = tree(us_states([Place("US-OH", 1)], "t", "d", "u"))
    silent = [path for path in root.iter(f"{SVG}path") if path.get("fill-opacity") == "0.04"]
    assert len(silent) == len(codes("us_states")) - 1
    assert all(path.get("aria-hidden") == "true" and path.get("fill") == "currentColor" for path in silent)


def test_the_legend_shows_the_classes_that_shade_the_places() -> None:
    picture = pictures()["states"]
    assert [row[2] for row in picture.rows[:5]] == ["30.5", "62", "41", None, "12"]
    assert words(picture) == ["deaths per 100,000", "12", "30.5", "41", "62", "No value"]
    opacity = {mark.get("aria-label"): float(str(mark.get("fill-opacity"))) for mark in marks(picture)}
    shades = [
        opacity[label] for label in ("Puerto Rico: 12", "Ohio: 30.5", "District of Columbia: 41", "West Virginia: 62")
    ]
    assert shades == sorted(set(shades)) and set(shades) <= set(OPACITIES)


def test_every_state_and_country_can_be_drawn() -> None:
    every = us_states([Place(code, 1) for code in sorted(codes("us_states"))], "t", "d", "u")
    assert len(marks(every)) == 52 and every.undrawn == ()
    whole = world([Place(code, 1) for code in sorted(codes("world"))], "t", "d", "u", width=358)
    assert len(marks(whole)) == len(codes("world")) == 238
    assert all(mark.get("d") for mark in [*marks(every), *marks(whole)])


def test_small_countries_are_dots() -> None:
    points = {shape["id"] for shape in topology("world")["objects"]["places"]["geometries"] if shape["type"] == "Point"}
    assert {"SG", "MT", "BH", "HK", "MO", "TV", "GI"} <= points
    assert "DE" not in points


def test_two_rows_for_a_place_are_refused() -> None:
    with pytest.raises(ValueError, match="two rows for the place 'DE'"):
        world([Place("DE", 1), Place("DE", 2)], "t", "d", "u")


@pytest.mark.parametrize("name", ["us_states", "world"])
def test_the_shapes_say_where_they_are_from(name: str) -> None:
    file = files("tocsin.charts").joinpath("data", f"{name}.topojson")
    held = json.loads(file.read_text(encoding="utf-8"))
    assert {"package", "licence", "data", "codes"} <= set(held["source"])
    assert len(file.read_bytes()) <= 120_000


def test_the_codes_are_ours() -> None:
    text = files("tocsin.records").joinpath("data", "places.csv").read_text(encoding="utf-8")
    ours = {row["code"] for row in csv.DictReader(text.splitlines())}
    assert codes("us_states") <= ours
    assert codes("world") <= ours and "XK" in codes("world") and "AQ" not in codes("world")


def test_places_without_a_code_are_drawn_blank() -> None:
    names = [
        shape["properties"]["name"]
        for shape in topology("world")["objects"]["places"]["geometries"]
        if "id" not in shape
    ]
    assert sorted(names) == ["N. Cyprus", "Somaliland"]
