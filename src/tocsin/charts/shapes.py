"""The shapes of places, as ``scripts/make_shapes.py`` made them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def topology(name: str) -> dict[str, Any]:
    """The TopoJSON of a map: ``us_states`` or ``world``. Shared: do not change it."""
    text = files("tocsin.charts").joinpath("data", f"{name}.topojson").read_text(encoding="utf-8")
    held: dict[str, Any] = json.loads(text)
    return held


@cache
def codes(name: str) -> frozenset[str]:
    """The codes of the places that a map draws."""
    shapes = (shape for held in topology(name)["objects"].values() for shape in held["geometries"])
    return frozenset(shape["id"] for shape in shapes if "id" in shape)
