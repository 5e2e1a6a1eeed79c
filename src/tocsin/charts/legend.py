"""What stands under a picture: the classes of a map, the series of a line picture.

Vega's own legends are not used: it measures each of their texts anew, which takes longer than drawing the lines, and
it does not put colour, dash and shape of a series into one sample.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree

from tocsin.charts.palette import DASHES, OUTLINES, SERIES, SHADE, SHAPES

Element = etree._Element
Sample = Callable[[Element, str], None]
"""Draws into a group whose origin is the sample's left end; the text is the address of the hatching."""
_NS = "{http://www.w3.org/2000/svg}"
_ROW, _TEXT = 22, 32


@dataclass(frozen=True, slots=True)
class Legend:
    """Samples with their words, from left to right and then below. ``column``: pixels for each, ``width`` for all."""

    title: str
    entries: tuple[tuple[Sample, str], ...]
    width: int
    column: int

    @property
    def height(self) -> int:
        """Pixels."""
        return _ROW * (bool(self.title) - (-len(self.entries) // self._columns)) + 8

    @property
    def _columns(self) -> int:
        return max(1, self.width // self.column)

    def append_to(self, root: Element, top: float, hatch: str) -> None:
        """Put the legend into the picture, from ``top`` on; ``hatch`` is the address of the hatching."""
        font = {"font-family": "system-ui, sans-serif", "font-size": "13", "fill": "currentColor"}
        group = _add(root, "g", {**font, "transform": f"translate(2,{top:g})", "aria-hidden": "true"})
        if self.title:
            _add(group, "text", {"y": "15"}).text = self.title
        for place, (sample, text) in enumerate(self.entries):
            row, column = divmod(place, self._columns)
            at = f"translate({column * self.column},{_ROW * (row + bool(self.title)) + 11})"
            entry = _add(group, "g", {"transform": at})
            sample(entry, hatch)
            _add(entry, "text", {"x": str(_TEXT), "y": "5"}).text = text


def class_legend(title: str, swatches: Sequence[tuple[float | None, str]], width: int) -> Legend:
    """The classes of a map: (opacity, or None for hatched, and words)."""
    return Legend(title, tuple((_swatch(opacity), text) for opacity, text in swatches), width, 145)


def series_legend(names: Sequence[str], width: int) -> Legend:
    """The series of a line picture, in order: line, dash and shape in one sample."""
    return Legend("", tuple((_line(place), name) for place, name in enumerate(names)), width, min(width, 290))


def _swatch(opacity: float | None) -> Sample:
    def draw(group: Element, hatch: str) -> None:
        fill = {"fill": hatch if opacity is None else SHADE, "fill-opacity": f"{1 if opacity is None else opacity:g}"}
        line = {"stroke": "currentColor", "stroke-opacity": "0.5", "stroke-width": "0.7"}
        _add(group, "rect", {"y": "-7", "width": "20", "height": "14", **fill, **line})

    return draw


def _line(place: int) -> Sample:
    color, dash = SERIES[place % len(SERIES)], " ".join(str(step) for step in DASHES[place % len(DASHES)])
    shape = OUTLINES[SHAPES[place % len(SHAPES)]]

    def draw(group: Element, hatch: str) -> None:
        del hatch  # lines are not hatched
        _add(group, "path", {"d": "M0,0H24", "stroke": color, "stroke-width": "1.8", "stroke-dasharray": dash})
        _add(group, "path", {"d": shape, "transform": "translate(12,0)", "fill": color})

    return draw


def _add(parent: Element, tag: str, attributes: dict[str, str]) -> Element:
    return etree.SubElement(parent, f"{_NS}{tag}", attributes)
