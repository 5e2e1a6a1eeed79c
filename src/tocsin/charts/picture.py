"""A picture: what is drawn, in words, as a table, and as SVG or PNG."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from tocsin.charts.dress import Drawing, dress
from tocsin.charts.texts import clean

Value = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A title, a description, the table of exactly what is drawn, and the drawing.

    ``rows`` has a value for each of ``columns``. ``undrawn`` names the places that the map has no shape for: whoever
    shows the picture says so.
    """

    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    drawing: Drawing = field(repr=False)
    undrawn: tuple[str, ...] = ()

    def svg(self) -> str:
        """An SVG element in the colour of the text around it; no script, no style, no address from outside."""
        return dress(self.drawing, clean(self.title), clean(self.description), f"picture-{self._digest()}")

    def _digest(self) -> str:
        template = self.drawing.source.template
        told = (self.title, self.description, self.rows, template.chart.__module__, template.arguments)
        return blake2b(repr(told).encode(), digest_size=6).hexdigest()

    @property
    def legend_height(self) -> int:
        """Pixels that the legend adds below the drawing."""
        return self.drawing.legend.height if self.drawing.legend else 0

    def png(self, scale: float = 2) -> bytes:
        """The same as PNG: dark ink on white, ``scale`` pixels for each pixel of the SVG."""
        import vl_convert

        svg = self.svg()
        opening = svg[: svg.index(">")]
        paper = f'{opening} color="#16191d"><rect width="100%" height="100%" fill="#ffffff"/>'
        image: bytes = vl_convert.svg_to_png(paper + svg[len(opening) + 1 :], scale=scale)
        return image

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows."""
        del include, exclude  # always both: a notebook picks what it can show
        return {"image/svg+xml": self.svg(), "text/plain": f"{self.title}\n{self.description}"}
