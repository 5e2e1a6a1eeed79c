"""The legend of a map: the unit, the bounds of each class, and what has no value."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from tocsin.charts.palette import SHADE

_NS = "{http://www.w3.org/2000/svg}"
_ROW, _COLUMN, _SIZE = 22, 145, 14
_Element = etree._Element


@dataclass(frozen=True, slots=True)
class Swatches:
    """A title and, from left to right and then below, swatches. A swatch is (opacity or None for hatched, text)."""

    title: str
    swatches: tuple[tuple[float | None, str], ...]
    width: int

    @property
    def columns(self) -> int:
        """How many swatches stand side by side."""
        return max(1, self.width // _COLUMN)

    @property
    def height(self) -> int:
        """Pixels."""
        return _ROW * (1 + -(-len(self.swatches) // self.columns)) + 8

    def append_to(self, root: _Element, top: float, hatch: str) -> None:
        """Put the legend into the picture, from ``top`` on; ``hatch`` is the address of the pattern."""
        font = {"font-family": "system-ui, sans-serif", "font-size": "13", "fill": "currentColor"}
        group = etree.SubElement(root, f"{_NS}g", {**font, "transform": f"translate(2,{top:g})", "aria-hidden": "true"})
        _text(group, 0, 15, self.title)
        for place, (opacity, text) in enumerate(self.swatches):
            x, y = place % self.columns * _COLUMN, _ROW * (1 + place // self.columns)
            _box(group, x, y + 4, hatch if opacity is None else SHADE, opacity)
            _text(group, x + _SIZE + 10, y + 16, text)


def _text(group: _Element, x: float, y: float, text: str) -> None:
    etree.SubElement(group, f"{_NS}text", {"x": f"{x:g}", "y": f"{y:g}"}).text = text


def _box(group: _Element, x: float, y: float, fill: str, opacity: float | None) -> None:
    size = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{_SIZE + 4}", "height": f"{_SIZE}"}
    line = {"stroke": "currentColor", "stroke-opacity": "0.5", "stroke-width": "0.7"}
    etree.SubElement(group, f"{_NS}rect", {**size, **line, "fill": fill, "fill-opacity": f"{opacity or 1:g}"})
