"""A bar for each year."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from tocsin.charts.render import ACCENT, to_svg

Row = tuple[str | float | bool | None, ...]


def bars_by_year(rows: Sequence[Row], title: str, description: str) -> str:
    """SVG of bars by year. ``rows``: (year, value); a missing value leaves a gap."""
    values = [{"year": row[0], "value": row[1]} for row in rows if row[1] is not None]
    chart = (
        alt.Chart(alt.InlineData(values=values), width=560, height=170)
        .mark_bar(color=ACCENT, cornerRadiusEnd=1)
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap="parity", ticks=False)),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=4, format=",d", domain=False, ticks=False)),
        )
    )
    return to_svg(chart, title, description)
