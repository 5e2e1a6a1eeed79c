"""A few states told apart without colour: solid, pale, hatched or blank, as marks and in the legend."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.charts.dress import Mark
from tocsin.charts.legend import Legend, class_legend
from tocsin.charts.texts import clipped, path

Fill = float | None
"""An opacity, or None for hatched."""
SOLID, PALE, BLANK, HATCHED = 1.0, 0.3, 0.0, None
Key = Sequence[tuple[Fill, str]]
"""What each fill means, for the legend."""
_WORDS = 40


def filled(fill: Fill, label: str, href: str | None) -> Mark:
    """A mark that is filled so, says that and leads there. Raises ValueError for a path that leads off the site."""
    return Mark(label, path(href), hatched=True) if fill is None else Mark(label, path(href), opacity=fill)


def key_legend(key: Key, width: int) -> Legend:
    """The legend of the fills: as wide as its longest words, so that none is cut that need not be."""
    short = [(fill, clipped(text, _WORDS)) for fill, text in key]
    longest = max((len(text) for _, text in short), default=0)
    whole = class_legend("", short, width)
    return Legend(whole.title, whole.entries, width, min(width, 48 + 8 * longest))
