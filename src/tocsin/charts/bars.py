"""A bar for each year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tocsin.charts.dress import Drawing, Mark
from tocsin.charts.palette import ACCENT
from tocsin.charts.picture import Picture
from tocsin.charts.render import Template
from tocsin.charts.sources import Chart, nothing
from tocsin.charts.texts import clean, clipped, number, path, shown

Row = tuple[str | float | bool | None, ...]
WIDTH, HEIGHT = 560, 170
_COLUMNS = ("year", "value", "label", "href")


def bars_by_year(rows: Sequence[Row], title: str, description: str, *, empty: str = "Nothing to show") -> Picture:
    """Bars by year. ``rows``: (year, value), and where wanted a label and a path; a missing value leaves a gap.

    With labels or paths the bars are read out and linked one by one. Raises ValueError for a value that is not finite
    and for a path that leads off the site.
    """
    columns = _COLUMNS[: max((len(row) for row in rows), default=2)]
    table = tuple(_row(row)[: len(columns)] for row in rows)
    marks = {f"m{place}": _mark(row) for place, row in enumerate(table)}
    values = [
        {"place": place, "value": row[1], "key": f"m{place}"} for place, row in enumerate(table) if row[1] is not None
    ]
    if not values:
        return Picture(title, description, columns, table, nothing(empty, WIDTH, HEIGHT))
    names = tuple(clipped(row[0], 16) for row in table)
    drawing = Drawing(Chart(Template(_chart), {"table": values}, {"names": names}), marks, reachable=len(columns) > 2)
    return Picture(title, description, columns, table, drawing)


def _row(row: Row) -> Row:
    year, value, label, href = (*row, None, None)[:4]
    return (
        clean(year),
        number(value),
        None if label is None else clean(label),
        path(None if href is None else str(href)),
    )


def _mark(row: Row) -> Mark:
    year, value, label, href = (*row, None, None)[:4]
    plain = f"{year}: {shown(value)}" if isinstance(value, int | float) else str(year)
    return Mark(str(label or plain), None if href is None else str(href))


def _chart() -> Any:
    import altair as alt

    x_axis = alt.Axis(labelAngle=0, labelOverlap="parity", labelLimit=0, labelExpr="names[datum.value]", ticks=False)
    y_axis = alt.Axis(tickCount=4, format=",~r", domain=False, ticks=False)
    return (
        alt.Chart(alt.NamedData("table"), width=WIDTH, height=HEIGHT)
        .mark_bar()
        .encode(
            x=alt.X("place:O", title=None, axis=x_axis),
            y=alt.Y("value:Q", title=None, axis=y_axis, stack=None),
            color=alt.value(ACCENT),
            description="key:N",
        )
        .add_params(alt.param(name="names", value=[]))
    )
