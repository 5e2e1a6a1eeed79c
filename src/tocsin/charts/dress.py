"""The last step of a picture: its marks get names and links, the whole a title and a description.

No text of a caller goes through Vega as an attribute, for Vega does not escape ``<`` there, and no link does, for it
resolves paths against an address of its own. Marks carry a key instead, and get label and link here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from tocsin.charts.legend import Legend
from tocsin.charts.palette import SHADE
from tocsin.charts.render import Template
from tocsin.charts.texts import clean
from tocsin.charts.tidy import KEY, Element

_SVG = "http://www.w3.org/2000/svg"


class Source(Protocol):
    """Gives the tree of a drawing, tidied."""

    @property
    def template(self) -> Template:
        """The chart that is drawn."""

    def tree(self) -> Element:
        """A tree that nobody else holds."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says and where it leads. ``opacity`` and ``hatched`` fill a place on a map."""

    label: str
    href: str | None = None
    opacity: float | None = None
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a picture is drawn: where its tree comes from, and what its marks say, by key.

    ``unit`` stands at the top left, for a text in Vega's specification may be taken for a word of its language.
    ``reachable``: the marks are for readers one by one, not only the picture as a whole.
    """

    source: Source
    marks: Mapping[str, Mark] = field(default_factory=dict)
    reachable: bool = True
    legend: Legend | None = None
    unit: str = ""


def dress(drawing: Drawing, title: str, description: str, name: str) -> str:
    """The drawing as an SVG element. ``name`` begins its ids: two pictures on a page need two names."""
    tree = drawing.source.tree()
    for element in list(tree.iter(etree.Element)):
        if KEY in element.attrib:
            _name(element, drawing.marks.get(str(element.attrib.pop(KEY))), name)
    root = _root(tree, drawing, name)
    for tag, text in (("title", title), ("desc", description)):
        _child(root, tag, {"id": f"{name}-{tag}"}).text = text
    if any(mark.hatched for mark in drawing.marks.values()):
        _hatch(root, f"{name}-hatch")
    root.extend(list(tree))
    if drawing.unit:
        font = {"font-family": "system-ui, sans-serif", "font-size": "12", "fill": "currentColor"}
        _child(root, "text", {"x": "2", "y": "14", **font}).text = drawing.unit
    if drawing.legend:
        _grow(root, drawing.legend, name)
    return _text(root)


def _name(element: Element, mark: Mark | None, name: str) -> None:
    if mark is None:
        element.set("aria-hidden", "true")
        return
    if mark.opacity is not None or mark.hatched:
        element.set("fill", f"url(#{name}-hatch)" if mark.hatched else SHADE)
        element.set("fill-opacity", "1" if mark.hatched else f"{mark.opacity:g}")
    element.set("role", "graphics-symbol")
    element.set("aria-label", clean(mark.label))
    parent = element.getparent()
    if mark.href and parent is not None:
        link = etree.Element(f"{{{_SVG}}}a", {"href": mark.href})
        parent.replace(element, link)
        link.append(element)


def _root(tree: Element, drawing: Drawing, name: str) -> Element:
    root = etree.fromstring(f'<svg xmlns="{_SVG}"/>')
    # graphics-document, where img would hide the marks from those who hear the page.
    root.set("role", "graphics-document" if drawing.reachable else "img")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")
    for key in ("width", "height", "viewBox"):
        root.set(key, str(tree.get(key)))
    return root


def _hatch(root: Element, name: str) -> None:
    size = {"width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
    pattern = _child(_child(root, "defs", {}), "pattern", {"id": name, **size})
    _child(pattern, "path", {"d": "M-1,1L1,-1M0,6L6,0M5,7L7,5", "stroke": "currentColor", "stroke-opacity": "0.5"})


def _grow(root: Element, legend: Legend, name: str) -> None:
    width, height = float(str(root.get("width"))), float(str(root.get("height")))
    root.set("height", f"{height + legend.height:g}")
    root.set("viewBox", f"0 0 {width:g} {height + legend.height:g}")
    legend.append_to(root, height, f"url(#{name}-hatch)")


def _text(root: Element) -> str:
    """The role comes first, where pages look for it."""
    text = etree.tostring(root, encoding="unicode")
    role = f'role="{root.get("role")}"'
    return text.replace(f'<svg xmlns="{_SVG}" {role}', f'<svg {role} xmlns="{_SVG}"', 1)


def _child(parent: Element, tag: str, attributes: dict[str, str]) -> Element:
    return etree.SubElement(parent, f"{{{_SVG}}}{tag}", attributes)
