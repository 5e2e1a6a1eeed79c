"""Points cut into stretches without a gap, so that no line and no band crosses one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from tocsin.charts.point import Point
from tocsin.charts.texts import clean, milliseconds

LAYERS = ("bands", "bars", "lines", "full", "hollow", "ticks")
Keyed = tuple[int, str, Point]
Tables = Mapping[str, list[dict[str, Any]]]


def tables_of(rows: Sequence[Point], names: Sequence[str]) -> Tables:
    """The rows of each layer of the picture; a series is known by its place among the names."""
    tables: Tables = {name: [] for name in LAYERS}
    order = {name: place for place, name in enumerate(names)}
    keyed = [(order[clean(point.series)], milliseconds(point.start), place) for place, point in enumerate(rows)]
    for series, held in groupby(sorted(keyed), key=lambda item: item[0]):
        _add(tables, series, [(start, f"m{place}", rows[place]) for _, start, place in held])
    return tables


def _add(tables: Tables, series: int, points: Sequence[Keyed]) -> None:
    for start, key, point in points:
        if point.drawn or point.hidden:
            layer = "ticks" if point.hidden else "full" if point.status == "final" else "hollow"
            value = {} if point.hidden else {"value": point.value}
            tables[layer].append({"series": series, "start": start, "key": key, **value})
    for run, stretch in _stretches(points, lambda point: point.drawn):
        for start, _, point in stretch:
            tables["lines"].append({"series": series, "start": start, "run": f"{series}.{run}", "value": point.value})
    for run, stretch in _stretches(points, lambda point: point.banded):
        # An area of one day has no width: it is drawn as a bar.
        layer = "bands" if len(stretch) > 1 else "bars"
        for start, _, point in stretch:
            ends = {"lower": point.lower, "upper": point.upper}
            tables[layer].append({"series": series, "start": start, "run": f"{series}.{run}", **ends})


def _stretches(points: Sequence[Keyed], held: Callable[[Point], bool]) -> Iterator[tuple[int, list[Keyed]]]:
    for run, (kept, stretch) in enumerate(groupby(points, key=lambda item: held(item[2]))):
        if kept:
            yield run, list(stretch)
