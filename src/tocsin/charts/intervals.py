"""Lines over time with what is known of their uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tocsin.charts.dress import Drawing
from tocsin.charts.legend import series_legend
from tocsin.charts.palette import DASHES, SERIES, SHAPES
from tocsin.charts.picture import Picture
from tocsin.charts.point import Point
from tocsin.charts.render import Template
from tocsin.charts.sources import Chart, nothing
from tocsin.charts.stretches import tables_of
from tocsin.charts.texts import clean, clipped, milliseconds, shown

COLUMNS = ("series", "start", "value", "lower", "upper", "status", "label", "href")
_DENSE = 90
_DAY = 86_400_000


def lines_with_intervals(
    rows: Sequence[Point],
    title: str,
    description: str,
    unit: str,
    *,
    width: int = 880,
    height: int = 300,
    empty: str = "Nothing to show",
) -> Picture:
    """One or several series over time, with a band where both ends of an interval are given.

    A missing value leaves a gap. Whatever is not final is hollow; a suppressed value is a small tick at the foot.
    ``unit`` stands at the axis. ``width`` and ``height`` are pixels of the whole SVG: for a phone ask for 358, for a
    picture that is scaled down scales its letters too. With several series a legend adds its height below.
    """
    table = tuple(point.row() for point in rows)
    starts = {milliseconds(point.start) for point in rows if point.drawn or point.hidden}
    if not starts:
        return Picture(title, description, COLUMNS, table, nothing(empty, width, height))
    numbers = [number for point in rows for number in point.numbers]
    names = tuple(dict.fromkeys(clean(point.series) for point in rows))
    ticks = max(2, width // 130)
    dates = _format((max(starts) - min(starts)) / _DAY / ticks)
    arguments = (width, height, ticks, dates, len(starts) > _DENSE, _room(numbers))
    low, high = min([0, *numbers]), max([0, *numbers])
    ends = {"days": (min(starts), max(starts)), "values": (low, high if high > low else 1)}
    chart = Chart(Template(_chart, arguments), tables_of(rows, names), ends)
    short = [clipped(name, min(width, 290) // 8) for name in names]
    legend = series_legend(short, width) if len(names) > 1 else None
    marks = {f"m{place}": point.mark() for place, point in enumerate(rows)}
    drawing = Drawing(chart, marks, legend=legend, unit=clipped(unit, width // 8))
    return Picture(title, description, COLUMNS, table, drawing)


def _format(days_apart: float) -> str:
    return "%Y" if days_apart > 200 else "%Y-%m" if days_apart > 25 else "%Y-%m-%d"


def _room(numbers: Sequence[float]) -> int:
    """Pixels for the numbers at the axis: Vega could find out, by drawing everything twice."""
    signs = max([3, *(len(shown(number, 2)) for number in numbers)])
    # In steps of three signs: each width of this margin is compiled anew.
    return 21 * -(-signs // 3) + 8 if numbers else 0


def _chart(width: int, height: int, ticks: int, dates: str, dense: bool, room: int) -> Any:
    import altair as alt

    x, y, ends = _axes(ticks, dates, room)
    color, shape, dash = _styles()
    run, size = alt.Detail("run:N"), 10 if dense else 34
    point = {"x": x, "y": y, "shape": shape, "description": alt.Description("key:N")}
    foot = alt.value(alt.expr("height - 4"))
    layers = [
        _layer("bands").mark_area(opacity=0.18, aria=False).encode(x=x, **ends, color=color, detail=run),
        _layer("bars").mark_rule(opacity=0.35, strokeWidth=4, aria=False).encode(x=x, **ends, color=color),
        _layer("lines")
        .mark_line(strokeWidth=1.8, aria=False)
        .encode(x=x, y=y, color=color, strokeDash=dash, detail=run),
        _layer("full").mark_point(size=size, opacity=1, filled=True).encode(**point, color=color),
        _layer("hollow").mark_point(size=size + 16, opacity=1, strokeWidth=1.6).encode(**point, color=color),
        _layer("ticks")
        .mark_tick(orient="vertical", size=8, thickness=2, opacity=1)
        .encode(x=x, y=foot, color=color, description="key:N"),
    ]
    left, right, top, bottom = room or 8, 14, 26, 24
    room_around = {"left": left, "right": right, "top": top, "bottom": bottom}
    whole = alt.layer(*layers).properties(width=width - left - right, height=height - top - bottom)
    return whole.properties(padding=room_around, autosize="none").add_params(
        alt.param(name="days", value=[]), alt.param(name="values", value=[])
    )


def _layer(table: str) -> Any:
    import altair as alt

    return alt.Chart(alt.NamedData(table, format=alt.JsonDataFormat(type="json", parse=None)))


def _axes(ticks: int, dates: str, room: int) -> tuple[Any, Any, dict[str, Any]]:
    import altair as alt

    x_axis = alt.Axis(format=dates, tickCount=ticks, grid=False, labelFlush=True, labelOverlap=False)
    y_axis = alt.Axis(tickCount=4, format=",~r", domain=False, ticks=False, labels=room > 0, labelOverlap=False)
    days, scale = alt.ExprRef("days"), alt.Scale(domain=alt.ExprRef("values"), nice=True)
    x = alt.X("start:T", title=None, axis=x_axis, scale=alt.Scale(type="utc", domain=days))
    y = alt.Y("value:Q", title=None, axis=y_axis, scale=scale)
    return x, y, {"y": alt.Y("lower:Q", title=None, axis=y_axis, scale=scale), "y2": alt.Y2("upper:Q")}


def _styles() -> tuple[Any, Any, Any]:
    """Each series has its style by number, so that the same series looks the same in every layer."""
    import altair as alt

    numbers = list(range(len(SERIES) * len(DASHES)))
    color, shape, dash = (
        alt.Scale(domain=numbers, range=[held[number % len(held)] for number in numbers])
        for held in (SERIES, SHAPES, DASHES)
    )
    return (
        alt.Color("series:O", scale=color, legend=None),
        alt.Shape("series:O", scale=shape, legend=None),
        alt.StrokeDash("series:O", scale=dash, legend=None),
    )
