"""A map of the world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tocsin.charts.choropleth import Map, Place, layer, shaded
from tocsin.charts.picture import Picture

_NAME = "world"


def world(
    rows: Sequence[Place],
    title: str,
    description: str,
    unit: str,
    *,
    width: int = 880,
    missing: str = "No value",
    empty: str = "Nothing to show",
) -> Picture:
    """The countries by ISO 3166-1 alpha-2 (Kosovo XK), shaded by class of value, in the equal-area Equal Earth projection.

    Those too small for the shapes are dots. ``unit`` heads the legend. A place without a row is left blank. Boundaries
    are as Natural Earth draws them and no statement on anybody's status. Raises ValueError as ``Place`` does.
    """
    return shaded(Map(_NAME, chart), rows, title, description, unit, width, missing, empty)


def chart(width: int) -> Any:
    """The blank map at a width."""
    whole = layer(_NAME, "places").project("equalEarth", pointRadius=max(2, width / 260))
    return whole.properties(width=width - 4, height=round(width * 0.46), padding=2)
