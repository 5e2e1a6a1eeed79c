"""Lines with intervals: what is drawn full, hollow, as a tick, as a band, and what is not drawn."""

from __future__ import annotations

import pytest

from tests.charts.examples import POINTS, pictures
from tests.charts.reading import SVG, labels, links, marks, tree, words
from tocsin.charts import Picture, Point, lines_with_intervals
from tocsin.charts.stretches import tables_of


def draw(*points: Point) -> list[str]:
    return labels(draw_picture(*points))


def draw_picture(*points: Point) -> Picture:
    return lines_with_intervals(points, "t", "d", "u")


def test_a_mark_for_each_value_and_each_withheld_one() -> None:
    picture = pictures()["lines"]
    assert sorted(labels(picture)) == sorted(point.label for point in POINTS if point.drawn or point.hidden)
    assert links(picture) == {"Fentanyl, January: 10": "/records/a", "Fentanyl, April: withheld": "/records/d"}


def test_what_is_not_final_is_hollow() -> None:
    fills = {mark.get("aria-label"): mark.get("fill") for mark in marks(pictures()["lines"])}
    hollow = {label for label, fill in fills.items() if fill is None}
    assert hollow == {"Fentanyl, May: 14, provisional", "Xylazine, February: 5 so far"}


def test_no_line_and_no_band_crosses_a_gap() -> None:
    tables = tables_of(POINTS, ("Fentanyl", "Xylazine"))
    runs = [(row["series"], row["run"]) for row in tables["lines"]]
    assert len(set(runs)) == 3 and runs[0] == runs[1] != runs[2]
    assert [row["lower"] for row in tables["bands"]] == [8, 9]
    assert [row["lower"] for row in tables["bars"]] == [10]
    assert len(tables["ticks"]) == 1


def test_points_are_joined_in_the_order_of_time() -> None:
    late, early = Point("A", "2024-02-01", 2), Point("A", "2024-01-01", 1)
    assert [row["value"] for row in tables_of([late, early], ("A",))["lines"]] == [1, 2]


def test_a_withheld_value_is_nowhere() -> None:
    point = Point("A", "2024-01-01", 4242, 4000, 5000, "suppressed")
    picture = lines_with_intervals([point, Point("A", "2024-02-01", 1)], "t", "d", "u")
    assert "4242" not in picture.svg() + repr(picture.rows) and "4,242" not in picture.svg()
    assert picture.rows[0][2:5] == (None, None, None)
    assert labels(picture) == ["A, 2024-02-01: 1", "A, 2024-01-01: suppressed"]


def test_the_table_holds_every_row() -> None:
    picture = pictures()["lines"]
    assert picture.columns == ("series", "start", "value", "lower", "upper", "status", "label", "href")
    assert [row[1] for row in picture.rows] == [point.start for point in POINTS]


def test_a_legend_only_for_several_series() -> None:
    assert {"Fentanyl", "Xylazine", "deaths"} <= set(words(pictures()["lines"]))
    assert "Fentanyl" not in words(pictures()["one point"])


def test_series_differ_by_more_than_colour() -> None:
    points = [Point(str(place), f"2024-0{month}-01", place) for place in range(7) for month in (1, 2)]
    root = tree(lines_with_intervals(points, "t", "d", "u"))
    legend = root[-1]
    samples = [
        tuple((path.get("stroke"), path.get("stroke-dasharray"), path.get("d")) for path in entry.iter(f"{SVG}path"))
        for entry in legend
    ]
    assert len(set(samples)) == 7
    assert len({(sample[0][1], sample[1][2]) for sample in samples[:6]}) == 6


def test_the_first_series_keeps_its_style_where_only_the_second_has_final_points() -> None:
    points = [Point("A", "2024-01-01", 1, status="provisional"), Point("B", "2024-01-01", 2)]
    shapes = {mark.get("aria-label"): str(mark.get("d")) for mark in marks(lines_with_intervals(points, "t", "d", "u"))}
    assert "A" in shapes["A, 2024-01-01: 1"]
    assert "A" not in shapes["B, 2024-01-01: 2"]


def test_days_do_not_move_with_the_clock_of_the_server() -> None:
    points = [Point("A", "2024-01-01", 1), Point("A", "2024-01-05", 1)]
    assert "2024-01-01" in words(lines_with_intervals(points, "t", "d", "u"))


def test_the_picture_is_as_wide_as_asked() -> None:
    for width, height in ((880, 300), (358, 240)):
        root = tree(lines_with_intervals([POINTS[0]], "t", "d", "u", width=width, height=height))
        assert (root.get("width"), root.get("height")) == (str(width), str(height))
    assert tree(pictures()["narrow"]).get("width") == "358"


@pytest.mark.parametrize("values", [(-5, 3), (-5, -4), (0, 0), (1e-9, 2e-9), (1e12, 2e12)])
def test_numbers_of_any_size(values: tuple[float, float]) -> None:
    assert len(draw(Point("A", "2024-01-01", values[0]), Point("A", "2024-02-01", values[1]))) == 2


@pytest.mark.parametrize("values", [(5, 10), (-10, -5), (-3, 4)])
def test_the_scale_includes_zero_and_every_interval(values: tuple[float, float]) -> None:
    points = [Point("A", "2024-01-01", values[0]), Point("A", "2024-02-01", values[1], values[1] - 20, values[1] + 20)]
    numbers = [
        float(text.replace(",", "").replace("−", "-"))
        for text in words(draw_picture(*points))
        if "-01" not in text and text != "u"
    ]
    assert 0 in numbers and min(numbers) < 0 < max(numbers)


def test_many_days_are_all_reachable() -> None:
    points = [Point("A", f"{2000 + month // 12}-{month % 12 + 1:02d}-01", month) for month in range(300)]
    assert len(draw(*points)) == 300


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"lower": 1}, "two ends"),
        ({"lower": 3, "upper": 2}, "upwards"),
        ({"status": "guessed"}, "status"),
        ({"start": "soon"}, "isoformat"),
    ],
)
def test_an_odd_point_is_refused(change: dict[str, float | str], reason: str) -> None:
    whole: dict[str, float | str] = {"series": "A", "start": "2024-01-01", "value": 1, **change}
    with pytest.raises(ValueError, match=reason):
        Point(**whole)  # type: ignore[arg-type]
