"""Small lines, one panel a series, each on its own scale."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from tocsin.charts.bars import Row
from tocsin.charts.render import ACCENT, to_svg


def small_lines(rows: Sequence[Row], title: str, description: str) -> str:
    """SVG of small multiples. ``rows``: (series, first day, value, still filling); a hollow point is still filling."""
    values = [
        {"series": row[0], "start": row[1], "value": row[2], "filling": bool(row[3])}
        for row in rows
        if row[2] is not None
    ]
    order = list(dict.fromkeys(str(row[0]) for row in rows))
    x = alt.X("start:T", title=None, axis=alt.Axis(format="%Y", tickCount=4, grid=False))
    y = alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=3, format="~s", tickMinStep=1, domain=False, ticks=False))
    base = alt.Chart(width=160, height=70).encode(x=x, y=y)
    line = base.mark_line(color=ACCENT, strokeWidth=1.5)
    point = base.mark_point(color=ACCENT, size=22, strokeWidth=1.2).encode(
        fill=alt.condition("datum.filling", alt.value("transparent"), alt.value(ACCENT))
    )
    chart = (
        alt.layer(line, point, data=alt.InlineData(values=values))
        .facet(facet=alt.Facet("series:N", title=None, sort=order, header=alt.Header(labelAnchor="start")), columns=3)
        .resolve_scale(y="independent")
    )
    return to_svg(chart, title, description)
