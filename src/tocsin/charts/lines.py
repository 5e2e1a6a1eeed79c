"""Small lines, one panel a series, each on its own scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.charts.bars import Row
from tocsin.charts.dress import Drawing, Mark
from tocsin.charts.palette import ACCENT
from tocsin.charts.picture import Picture
from tocsin.charts.render import Template
from tocsin.charts.sources import Chart, nothing
from tocsin.charts.texts import clean, clipped, milliseconds, number, shown

_MOST_POINTS = 400
COLUMNS = ("series", "start", "value", "filling")


def small_lines(
    rows: Sequence[Row], title: str, description: str, *, columns: int = 3, empty: str = "Nothing to show"
) -> Picture:
    """Small multiples. ``rows``: (series, first day, value, still filling); a hollow point is still filling.

    A missing value leaves a gap. Where there are many values, only the newest of each panel is a point. Raises
    ValueError for a value that is not finite.
    """
    table = tuple((clean(row[0]), clean(row[1]), number(row[2]), bool(row[3])) for row in rows)
    order = {name: place for place, name in enumerate(dict.fromkeys(row[0] for row in table))}
    values = _values(table, order)
    if not values:
        return Picture(title, description, COLUMNS, table, nothing(empty, 560, 170))
    names = tuple(clipped(name, 22) for name in order)
    marks = {f"m{place}": Mark(f"{row[0]}, {row[1]}: {shown(row[2] or 0)}") for place, row in enumerate(table)}
    chart = Chart(Template(_chart, (min(columns, len(order)),)), {"table": values}, {"names": names})
    return Picture(title, description, COLUMNS, table, Drawing(chart, marks, reachable=False))


def _values(table: Sequence[tuple[str, str, float | None, bool]], order: Mapping[str, int]) -> list[dict[str, Any]]:
    """Rows for Vega: ``run`` goes up at each gap, ``dot`` says which are points."""
    newest = {name: place for place, (name, _, value, _) in enumerate(table) if value is not None}
    few, run, values = sum(row[2] is not None for row in table) <= _MOST_POINTS, 0, []
    for place, (name, start, value, filling) in enumerate(table):
        if value is None:
            run += 1
            continue
        dot = few or newest[name] == place
        row = {"panel": order[name], "run": run, "start": milliseconds(start), "value": value, "filling": filling}
        values.append({**row, "dot": dot, "key": f"m{place}"})
    return values


def _chart(columns: int) -> Any:
    import altair as alt

    x_axis = alt.Axis(format="%Y", tickCount=4, grid=False)
    y_axis = alt.Axis(tickCount=3, format="~s", tickMinStep=1, domain=False, ticks=False)
    base = alt.Chart(width=160, height=70).encode(
        x=alt.X("start:T", title=None, axis=x_axis, scale=alt.Scale(type="utc")),
        y=alt.Y("value:Q", title=None, axis=y_axis),
    )
    line = base.mark_line(color=ACCENT, strokeWidth=1.5).encode(detail="run:N")
    fill = alt.condition("datum.filling", alt.value("transparent"), alt.value(ACCENT))
    point = (
        base.transform_filter("datum.dot")
        .mark_point(color=ACCENT, size=22, strokeWidth=1.2)
        .encode(fill=fill, description="key:N")
    )
    header = alt.Header(labelAnchor="start", labelLimit=0, labelExpr="names[datum.value]")
    facet = alt.Facet("panel:O", title=None, header=header)
    return (
        alt.layer(line, point, data=alt.NamedData("table"))
        .facet(facet=facet, columns=columns)
        .resolve_scale(y="independent")
        .add_params(alt.param(name="names", value=[]))
    )
