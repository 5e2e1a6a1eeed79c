"""Vega's SVG as a tree that is fit to be dressed: ink in the colour of the page, short numbers, marks known by key."""

from __future__ import annotations

import re

from lxml import etree

from tocsin.charts.palette import INK

Element = etree._Element
KEY = "key"
"""The attribute that holds a mark's key until the mark is dressed."""
_LONG = re.compile(r"(?<=\.\d\d)\d+")
_DROPPED = ("aria-roledescription", "class", "role", "aria-label")


def parsed(svg: str) -> Element:
    """The SVG as a tree of its own."""
    return etree.fromstring(svg.encode(), etree.XMLParser(huge_tree=True, no_network=True, resolve_entities=False))


def tidied(svg: str) -> Element:
    """The tree of an SVG as Vega wrote it."""
    root = parsed(svg)
    for element in root.iter(etree.Element):
        _tidy(element)
    return root


def _tidy(element: Element) -> None:
    held = element.attrib
    if held.get("role") == "graphics-symbol":
        element.set(KEY, str(held.get("aria-label", "")))
    for name in _DROPPED:
        if name in held:
            del held[name]
    for name in ("fill", "stroke"):
        if held.get(name) == INK:
            element.set(name, "currentColor")
    for name in ("d", "transform"):
        if name in held:
            element.set(name, _LONG.sub("", str(held[name])))
