"""Since when does which country say what? A row of stretches for each, on one axis of days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from tocsin.charts.dress import Drawing
from tocsin.charts.fills import Fill, Key, filled, key_legend
from tocsin.charts.picture import Picture
from tocsin.charts.render import Template
from tocsin.charts.sources import nothing
from tocsin.charts.texts import clean, clipped, path
from tocsin.charts.tidy import KEY, Element

COLUMNS = ("row", "from", "to", "answer", "label", "href")
_NS = "{http://www.w3.org/2000/svg}"
_ROW, _TOP, _BAR, _RIGHT = 26, 22, 14, 18
_TICKS = (1, 2, 5, 10, 20, 50)
_LEAST = 2.0
"""The narrowest bar, in pixels: a day of a century can still be seen."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of a row, both included, with one answer: how it is filled, what its mark says and leads to."""

    row: str
    start: date
    end: date
    answer: str
    fill: Fill
    label: str
    href: str | None = None


def control_timeline(
    stretches: Sequence[Stretch],
    title: str,
    description: str,
    key: Key,
    *,
    day: date | None = None,
    width: int = 880,
    empty: str = "Nothing to show",
) -> Picture:
    """A row for each name, in the order in which the names first come; ``day`` is marked by a line through all rows.

    Raises ValueError for a path that leads off the site and for a stretch that ends before it begins.
    """
    for one in stretches:
        if one.end < one.start:
            raise ValueError(f"{one.row}: ends on {one.end}, before it begins on {one.start}")
    table = tuple(_row(one) for one in stretches)
    if not stretches:
        return Picture(title, description, COLUMNS, table, nothing(empty, width, width // 4))
    marks = {f"m{place}": filled(one.fill, one.label, one.href) for place, one in enumerate(stretches)}
    bars = Bars(tuple((clean(one.row), one.start, one.end) for one in stretches), width, day)
    return Picture(title, description, COLUMNS, table, Drawing(bars, marks, legend=key_legend(key, width)))


def _row(one: Stretch) -> tuple[str | None, ...]:
    return clean(one.row), str(one.start), str(one.end), clean(one.answer), clean(one.label), path(one.href)


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars as an SVG tree, in order of the stretches: (row, first day, last day).

    There are few of them and each is a rectangle, so that they are drawn without Vega.
    """

    stretches: tuple[tuple[str, date, date], ...]
    width: int
    day: date | None

    @property
    def template(self) -> Template:
        """What tells this drawing from others."""
        return Template(Bars, (self.width, str(self.day)))

    def tree(self) -> Element:
        """A tree that nobody else holds."""
        rows = {row: place for place, row in enumerate(dict.fromkeys(row for row, _, _ in self.stretches))}
        height = _TOP + _ROW * len(rows) + 4
        size = {"width": str(self.width), "height": str(height), "viewBox": f"0 0 {self.width} {height}"}
        root = etree.Element(f"{_NS}svg", size)
        group = _add(root, "g", font_family="system-ui, sans-serif", fill="currentColor")
        self._axis(group, height)
        for row, place in rows.items():
            text = _add(group, "text", x=0, y=_TOP + _ROW * place + _BAR, font_size=12)
            text.text = clipped(row, self._left // 6)
        for place, (row, start, end) in enumerate(self.stretches):
            self._bar(group, start, end, _TOP + _ROW * rows[row] + 2).set(KEY, f"m{place}")
        if self.day is not None and self._first <= self.day.toordinal() <= self._last:
            x = round(self._x(self.day.toordinal()), 1)
            _add(group, "line", x1=x, x2=x, y1=_TOP - 6, y2=height, stroke="currentColor", stroke_width=2)
        return root

    def _axis(self, group: Element, height: int) -> None:
        for year, x in self._ticks():
            _add(group, "line", x1=x, x2=x, y1=_TOP - 4, y2=height, stroke="currentColor", stroke_opacity=0.2)
            _add(group, "text", x=x, y=12, font_size=11, text_anchor="middle").text = str(year)

    def _bar(self, group: Element, start: date, end: date, y: int) -> Element:
        left, right = self._x(start.toordinal()), self._x(end.toordinal() + 1)
        size = {"x": round(left, 1), "y": y, "width": round(max(_LEAST, right - left), 1), "height": _BAR}
        return _add(group, "rect", **size, stroke="currentColor", stroke_opacity=0.5, stroke_width=0.8)

    def _ticks(self) -> Iterator[tuple[int, float]]:
        """Years that are written above the bars: round ones, as many as there is room for."""
        first, last = date.fromordinal(self._first).year, date.fromordinal(self._last).year
        most = (self.width - self._left) // 52
        step = next((one for one in _TICKS if (last - first) / one <= most), _TICKS[-1])
        for year in range(first + 1, last + 1):
            if year % step == 0:
                yield year, round(self._x(date(year, 1, 1).toordinal()), 1)

    @property
    def _left(self) -> int:
        return 196 if self.width > 500 else 114

    @property
    def _first(self) -> int:
        return min(start for _, start, _ in self.stretches).toordinal()

    @property
    def _last(self) -> int:
        return max(end for _, _, end in self.stretches).toordinal() + 1

    def _x(self, day: int) -> float:
        return self._left + (self.width - self._left - _RIGHT) * (day - self._first) / (self._last - self._first)


def _add(parent: Element, tag: str, **attributes: object) -> Element:
    names = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    return etree.SubElement(parent, f"{_NS}{tag}", names)
