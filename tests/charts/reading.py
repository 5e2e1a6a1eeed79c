"""How the tests read a picture: as a tree, mark by mark, and through the slow way of drawing it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import vl_convert
from lxml import etree

from tocsin.charts import Picture
from tocsin.charts.render import VEGA_LITE, Params, Tables, Template, valued
from tocsin.charts.sources import Blank, Chart, map_tables
from tocsin.charts.tidy import Element, tidied

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('1')</script> \"quoted\" ]]> & <b onload=x> \x00\x07\ufffe עברית #0a0b0c"
CLEAN = "<script>alert('1')</script> \"quoted\" ]]> & <b onload=x>  עברית #0a0b0c"


def draw_plainly(template: Template, tables: Tables, params: Params) -> str:
    """A chart in one step by Vega-Lite, several times slower than ``render.draw``: its oracle."""
    spec = template.vega_lite()
    whole = {**spec, "datasets": dict(tables), "params": valued(spec.get("params", ()), params)}
    svg: str = vl_convert.vegalite_to_svg(whole, vl_version=VEGA_LITE)
    return svg


def tree(picture: Picture) -> Element:
    """The picture's SVG, parsed strictly."""
    return etree.fromstring(picture.svg().encode())


def marks(picture: Picture) -> list[Element]:
    """The marks that are read out."""
    return [element for element in tree(picture).iter(etree.Element) if element.get("role") == "graphics-symbol"]


def labels(picture: Picture) -> list[str]:
    """What the marks say, in the order in which they are read."""
    return [str(mark.get("aria-label")) for mark in marks(picture)]


def links(picture: Picture) -> dict[str, str]:
    """Where marks lead, by what they say."""
    found = tree(picture).iter(f"{SVG}a")
    return {str(link[0].get("aria-label")): str(link.get("href")) for link in found}


def words(picture: Picture) -> list[str]:
    """What is written in the picture."""
    return [element.text or "" for element in tree(picture).iter(f"{SVG}text")]


def check(picture: Picture) -> None:
    """What holds for every picture: well-formed, described, in the page's ink, nothing foreign."""
    svg, root = picture.svg(), tree(picture)
    assert svg.startswith('<svg role="')
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("aria-labelledby") == root[0].get("id") and root.get("aria-describedby") == root[1].get("id")
    ids = root.xpath("//@id")
    assert isinstance(ids, list) and len(ids) == len(set(ids))
    tags = {str(element.tag).removeprefix(SVG) for element in root.iter(etree.Element)}
    assert tags <= {"svg", "title", "desc", "defs", "pattern", "g", "path", "line", "rect", "text", "a"}
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            assert name != "style" and not str(name).startswith(("on", "{")), name
            assert "#0a0b0c" not in str(value) or name == "aria-label"
            assert name == "aria-label" or not re.search(r"url\((?!#)|https?:", str(value)), value
    assert all(len(row) == len(picture.columns) for row in picture.rows)


@dataclass(frozen=True, slots=True)
class Plain:
    """A source that compiles the whole of Vega-Lite anew, with the rows in it."""

    source: Chart | Blank

    @property
    def template(self) -> Template:
        """The chart that is drawn."""
        return self.source.template

    def tree(self) -> Element:
        """The tree of what Vega-Lite draws."""
        if isinstance(self.source, Chart):
            return tidied(draw_plainly(self.template, self.source.tables, self.source.params))
        return tidied(draw_plainly(self.template, map_tables(self.source.shapes), {}))


def plainly(picture: Picture) -> str:
    """The SVG of the picture, drawn the slow way."""
    source = picture.drawing.source
    assert isinstance(source, Chart | Blank)
    return replace(picture, drawing=replace(picture.drawing, source=Plain(source))).svg()
