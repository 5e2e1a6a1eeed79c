"""A map of the states of the USA."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tocsin.charts.choropleth import Map, Place, layer, shaded
from tocsin.charts.picture import Picture

_NAME = "us_states"


def us_states(
    rows: Sequence[Place],
    title: str,
    description: str,
    unit: str,
    *,
    width: int = 880,
    missing: str = "No value",
    empty: str = "Nothing to show",
) -> Picture:
    """The states, the District of Columbia as a dot and Puerto Rico in the corner, shaded by class of value.

    Equal-area conic projections, Alaska and Hawaii moved below (``albersUsa``; Alaska at a third of its scale). ``unit``
    heads the legend. A place without a row is left blank. Raises ValueError as ``Place`` does.
    """
    return shaded(Map(_NAME, _chart), rows, title, description, unit, width, missing, empty)


def _chart(width: int) -> Any:
    import altair as alt

    height = round(width * 0.61)
    whole = layer(_NAME, "places").project("albersUsa", pointRadius=max(3, width / 180))
    corner = layer(_NAME, "inset").project(
        "azimuthalEqualArea", rotate=[66.4, -18.2, 0], scale=width * 1.33, translate=[width * 0.9, height * 0.94]
    )
    return alt.layer(whole, corner).properties(width=width - 4, height=height, padding=2)
