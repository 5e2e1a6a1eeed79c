"""A map whose places are shaded by class, the same for states and for countries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.charts.classes import Bounds, bound_texts, class_of, classes, steps
from tocsin.charts.dress import Drawing, Mark
from tocsin.charts.legend import class_legend
from tocsin.charts.palette import INK, OPACITIES
from tocsin.charts.picture import Picture
from tocsin.charts.render import Template
from tocsin.charts.shapes import codes
from tocsin.charts.sources import Blank, nothing
from tocsin.charts.texts import clean, clipped, number, path, shown

COLUMNS = ("place", "value", "class", "label", "href")


@dataclass(frozen=True, slots=True)
class Place:
    """A value for a place; None where there is none, which is drawn hatched and never as zero.

    ``code`` is ISO 3166: ``US-OH`` on the map of the states, ``DE`` on that of the world. ``label`` is what the place's
    mark says, ``href`` a path on this site. Raises ValueError for a number that is not finite and for a path that leads
    off the site.
    """

    code: str
    value: float | None
    label: str = ""
    href: str | None = None

    def __post_init__(self) -> None:
        number(self.value)
        path(self.href)


@dataclass(frozen=True, slots=True)
class Map:
    """Which shapes, and the chart that draws them blank at a width."""

    shapes: str
    chart: Callable[[int], Any]


def shaded(
    drawn: Map, rows: Sequence[Place], title: str, description: str, unit: str, width: int, missing: str, empty: str
) -> Picture:
    """The map with its rows. Places that it has no shape for are in the table and in the picture's ``undrawn``."""
    known = codes(drawn.shapes)
    _refuse_twice(rows)
    shown_rows = [place for place in rows if place.code in known]
    undrawn = tuple(sorted(place.code for place in rows if place.code not in known))
    bounds = classes(place.value for place in shown_rows if place.value is not None)
    texts = bound_texts(bounds)
    table = tuple(_row(place, bounds, texts if place.code in known else ()) for place in rows)
    if not shown_rows:
        return Picture(title, description, COLUMNS, table, nothing(empty, width, width // 3), undrawn)
    opacities = tuple(OPACITIES[step] for step in steps(len(bounds), len(OPACITIES)))
    marks = {place.code: _mark(place, bounds, opacities, missing) for place in shown_rows}
    swatches: list[tuple[float | None, str]] = list(zip(opacities, texts, strict=True))
    if any(place.value is None for place in shown_rows):
        swatches.append((None, clipped(missing, 18)))
    legend = class_legend(clipped(unit, width // 8), swatches, width)
    drawing = Drawing(Blank(Template(drawn.chart, (width,)), drawn.shapes), marks, legend=legend)
    return Picture(title, description, COLUMNS, table, drawing, undrawn)


def _refuse_twice(rows: Sequence[Place]) -> None:
    seen: set[str] = set()
    for place in rows:
        if place.code in seen:
            raise ValueError(f"two rows for the place {place.code!r}")
        seen.add(place.code)


def _row(place: Place, bounds: Sequence[Bounds], texts: Sequence[str]) -> tuple[str | float | None, ...]:
    text = texts[class_of(place.value, bounds)] if texts and place.value is not None else None
    return (clean(place.code), place.value, text, clean(place.label), path(place.href))


def _mark(place: Place, bounds: Sequence[Bounds], opacities: Sequence[float], missing: str) -> Mark:
    label = place.label or f"{place.code}: {missing if place.value is None else shown(place.value)}"
    if place.value is None:
        return Mark(label, path(place.href), hatched=True)
    return Mark(label, path(place.href), opacity=opacities[class_of(place.value, bounds)])


def layer(shapes: str, member: str) -> Any:
    """The blank shapes of one object of a topology, each known by its code."""
    import altair as alt

    data = alt.NamedData(f"{shapes}.{member}", format=alt.TopoDataFormat(type="topojson", feature=member))
    outline: dict[str, Any] = {"stroke": INK, "strokeOpacity": 0.45, "strokeWidth": 0.6}
    return alt.Chart(data).mark_geoshape(fill=INK, fillOpacity=0.04, clip=False, **outline).encode(description="id:N")
