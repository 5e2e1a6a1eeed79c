"""The last step of a picture: Vega's SVG made fit to stand in a page.

No text of a caller goes through Vega as an attribute, for Vega does not escape ``<`` there, and no link does, for it
resolves paths against an address of its own. Marks carry a key instead, and get label and link here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from lxml import etree

from tocsin.charts.legend import Legend
from tocsin.charts.palette import INK, SHADE
from tocsin.charts.texts import clean

_SVG = "http://www.w3.org/2000/svg"
_LONG = re.compile(r"(\.\d\d)\d+")
_DROPPED = ("aria-roledescription", "class")
Element = etree._Element


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says and where it leads. ``opacity`` and ``hatched`` fill a place on a map."""

    label: str
    href: str | None = None
    opacity: float | None = None
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a picture is drawn: where the raw SVG comes from, and what its marks say, by key.

    ``reachable``: the marks are for readers one by one, not only the picture as a whole.
    """

    source: Source
    marks: Mapping[str, Mark] = field(default_factory=dict)
    reachable: bool = True
    legend: Legend | None = None


class Source(Protocol):
    """Gives SVG as Vega writes it."""

    def raw(self) -> str:
        """The SVG."""


def dress(drawing: Drawing, title: str, description: str) -> str:
    """The drawing as an SVG element with a title and a description, its marks named and linked."""
    raw = drawing.source.raw()
    name = "picture-" + blake2b(f"{title}\0{description}\0{raw}".encode(), digest_size=6).hexdigest()
    old = etree.fromstring(raw.encode(), etree.XMLParser(huge_tree=True, no_network=True, resolve_entities=False))
    for element in list(old.iter(etree.Element)):
        _finish(element, drawing.marks, name)
    root = _root(old, drawing, name)
    for tag, text in (("title", title), ("desc", description)):
        _child(root, tag, {"id": f"{name}-{tag}"}).text = text
    if any(mark.hatched for mark in drawing.marks.values()):
        _hatch(root, f"{name}-hatch")
    root.extend(list(old))
    if drawing.legend:
        _grow(root, drawing.legend, name)
    svg = etree.tostring(root, encoding="unicode")
    return svg.replace(
        f'<svg xmlns="{_SVG}" role="{root.get("role")}"', f'<svg role="{root.get("role")}" xmlns="{_SVG}"', 1
    )


def _root(old: Element, drawing: Drawing, name: str) -> Element:
    # graphics-document, where img would hide the marks from those who hear the page.
    role = "graphics-document" if drawing.reachable else "img"
    named = {"role": role, "aria-labelledby": f"{name}-title", "aria-describedby": f"{name}-desc"}
    kept = {key: str(old.get(key)) for key in ("width", "height", "viewBox")}
    root = etree.fromstring(f'<svg xmlns="{_SVG}"/>')
    for key, value in {**named, **kept}.items():
        root.set(key, value)
    return root


def _finish(element: Element, marks: Mapping[str, Mark], name: str) -> None:
    for key in ("fill", "stroke"):
        if element.get(key) == INK:
            element.set(key, "currentColor")
    for key in ("d", "transform"):
        if key in element.attrib:
            element.set(key, _LONG.sub(r"\1", str(element.get(key))))
    for key in _DROPPED:
        element.attrib.pop(key, "")
    said = element.attrib.pop("aria-label", "")
    role = element.attrib.pop("role", "")
    if role == "graphics-symbol":
        _name(element, marks.get(str(said)), name)


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


def _hatch(root: Element, name: str) -> None:
    size = {"width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
    pattern = _child(_child(root, "defs", {}), "pattern", {"id": name, **size})
    _child(pattern, "path", {"d": "M-1,1L1,-1M0,6L6,0M5,7L7,5", "stroke": "currentColor", "stroke-opacity": "0.5"})


def _grow(root: Element, legend: Legend, name: str) -> None:
    width, height = float(str(root.get("width"))), float(str(root.get("height")))
    root.set("height", f"{height + legend.height:g}")
    root.set("viewBox", f"0 0 {width:g} {height + legend.height:g}")
    legend.append_to(root, height, f"url(#{name}-hatch)")


def _child(parent: Element, tag: str, attributes: dict[str, str]) -> Element:
    return etree.SubElement(parent, f"{{{_SVG}}}{tag}", attributes)
