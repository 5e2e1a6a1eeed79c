"""From an Altair chart to SVG on the server: no script, no font and no address from outside.

Text and axes are drawn in ``currentColor``, so the same picture reads in light, dark and print.
"""

from __future__ import annotations

import re

import altair as alt
import vl_convert

_INK = "#0a0b0c"
ACCENT = "#2f6fa8"
"""Okabe-Ito's blue, darkened until it keeps a contrast of 3:1 on white and on the dark page."""


def to_svg(chart: alt.Chart | alt.FacetChart, title: str, description: str) -> str:
    """The chart as an SVG element with title and description for those who cannot see it."""
    styled = (
        chart.configure(background="transparent", font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_INK, titleColor=_INK, tickColor=_INK, domainColor=_INK, gridColor=_INK, gridOpacity=0.15,
            labelFontSize=11, titleFontSize=11, titleFontWeight="normal",
        )
        .configure_header(labelColor=_INK, titleColor=_INK, labelFontSize=11)
        .configure_text(color=_INK)
    )  # fmt: skip
    svg = vl_convert.vegalite_to_svg(styled.to_dict(), vl_version="5.20")
    svg = re.sub(re.escape(_INK), "currentColor", svg)
    svg = re.sub(r"<svg ", '<svg role="img" ', svg, count=1)
    label = f"<title>{_escaped(title)}</title><desc>{_escaped(description)}</desc>"
    return re.sub(r"(<svg [^>]*>)", lambda match: match[1] + label, svg, count=1)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
