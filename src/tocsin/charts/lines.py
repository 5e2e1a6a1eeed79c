"""Small lines, one panel a series, each on its own scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tocsin.charts.bars import Row
from tocsin.charts.dress import Drawing, Mark
from tocsin.charts.palette import ACCENT
from tocsin.charts.picture import Picture
from tocsin.charts.render import Template
from tocsin.charts.sources import Chart, nothing
from tocsin.charts.texts import clean, clipped, milliseconds, number, shown

COLUMNS = ("series", "start", "value", "filling")


def small_lines(rows: Sequence[Row], title: str, description: str, *, empty: str = "Nothing to show") -> Picture:
    """Small multiples. ``rows``: (series, first day, value, still filling); a hollow point is still filling.

    A missing value is left out and the line goes on. Raises ValueError for a value that is not finite.
    """
    table = tuple((clean(row[0]), clean(row[1]), number(row[2]), bool(row[3])) for row in rows)
    order = {name: place for place, name in enumerate(dict.fromkeys(row[0] for row in table))}
    values = [
        {"panel": order[name], "start": milliseconds(start), "value": value, "filling": filling, "key": f"m{place}"}
        for place, (name, start, value, filling) in enumerate(table)
        if value is not None
    ]
    if not values:
        return Picture(title, description, COLUMNS, table, nothing(empty, 560, 170))
    names = tuple(clipped(name, 22) for name in order)
    marks = {f"m{place}": Mark(f"{row[0]}, {row[1]}: {shown(row[2] or 0)}") for place, row in enumerate(table)}
    drawing = Drawing(Chart(Template(_chart), {"table": values}, {"names": names}), marks, reachable=False)
    return Picture(title, description, COLUMNS, table, drawing)


def _chart() -> Any:
    import altair as alt

    x_axis = alt.Axis(format="%Y", tickCount=4, grid=False)
    y_axis = alt.Axis(tickCount=3, format="~s", tickMinStep=1, domain=False, ticks=False)
    base = alt.Chart(width=160, height=70).encode(
        x=alt.X("start:T", title=None, axis=x_axis, scale=alt.Scale(type="utc")),
        y=alt.Y("value:Q", title=None, axis=y_axis),
    )
    line = base.mark_line(color=ACCENT, strokeWidth=1.5)
    fill = alt.condition("datum.filling", alt.value("transparent"), alt.value(ACCENT))
    point = base.mark_point(color=ACCENT, size=22, strokeWidth=1.2).encode(fill=fill, description="key:N")
    header = alt.Header(labelAnchor="start", labelLimit=0, labelExpr="names[datum.value]")
    facet = alt.Facet("panel:O", title=None, header=header)
    return (
        alt.layer(line, point, data=alt.NamedData("table"))
        .facet(facet=facet, columns=3)
        .resolve_scale(y="independent")
        .add_params(alt.param(name="names", value=[]))
    )
