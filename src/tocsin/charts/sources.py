"""Where a drawing's raw SVG comes from: rows in a compiled chart, or a blank map drawn once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from tocsin.charts.dress import Drawing
from tocsin.charts.render import Params, Tables, Template, draw
from tocsin.charts.shapes import topology
from tocsin.charts.texts import clipped
from tocsin.charts.tidy import Element, parsed, tidied


@dataclass(frozen=True, slots=True)
class Chart:
    """A compiled chart with the rows of its tables and the values of its parameters."""

    template: Template
    tables: Tables
    params: Params = field(default_factory=dict)

    def tree(self) -> Element:
        """A tree that nobody else holds."""
        return tidied(draw(self.template, self.tables, self.params))


@dataclass(frozen=True, slots=True)
class Blank:
    """A chart whose rows never change. Drawn once in a process: projecting a map takes longer than filling it."""

    template: Template
    shapes: str

    def tree(self) -> Element:
        """A tree that nobody else holds."""
        return parsed(_blank(self.template, self.shapes))


@lru_cache(maxsize=16)
def _blank(template: Template, shapes: str) -> str:
    return etree.tostring(tidied(draw(template, map_tables(shapes), {})), encoding="unicode")


def map_tables(shapes: str) -> dict[str, Any]:
    """The tables of a map: each of its objects is read from the whole topology."""
    held = topology(shapes)
    return {f"{shapes}.{member}": held for member in held["objects"]}


def nothing(text: str, width: int, height: int) -> Drawing:
    """A drawing that says that there is nothing to draw."""
    return Drawing(Chart(Template(_words, (width, height)), {"table": [{"text": clipped(text, 60)}]}), reachable=False)


def _words(width: int, height: int) -> object:
    import altair as alt

    return (
        alt.Chart(alt.NamedData("table"), width=width, height=height)
        .mark_text(fontSize=14)
        .encode(text="text:N", x=alt.value(width / 2), y=alt.value(height / 2))
    )
