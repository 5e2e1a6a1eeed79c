"""A map of the world by answers: which country says what, each answer filled in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.charts import countries
from tocsin.charts.dress import Drawing
from tocsin.charts.fills import Fill, Key, filled, key_legend
from tocsin.charts.picture import Picture
from tocsin.charts.render import Template
from tocsin.charts.shapes import codes
from tocsin.charts.sources import Blank
from tocsin.charts.texts import clean, path

COLUMNS = ("place", "answer", "label", "href")
_SHAPES = "world"


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO 3166-1 alpha-2 code, its answer, how that is filled, what its mark says and leads to."""

    code: str
    answer: str
    fill: Fill
    label: str
    href: str | None = None


def control_map(rows: Sequence[Country], title: str, description: str, key: Key, *, width: int = 880) -> Picture:
    """The countries filled by their answers; one without a row is left blank and silent.

    ``key`` says what each fill means. Countries that the map has no shape for are in the table and in ``undrawn``.
    Raises ValueError for a path that leads off the site.
    """
    known = codes(_SHAPES)
    marks = {one.code: filled(one.fill, one.label, one.href) for one in rows if one.code in known}
    table = tuple((clean(one.code), clean(one.answer), clean(one.label), path(one.href)) for one in rows)
    undrawn = tuple(sorted(one.code for one in rows if one.code not in known))
    blank = Blank(Template(countries.chart, (width,)), _SHAPES)
    drawing = Drawing(blank, marks, legend=key_legend(key, width))
    return Picture(title, description, COLUMNS, table, drawing, undrawn)
