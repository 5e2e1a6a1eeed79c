"""Make the shapes of the maps from the npm packages us-atlas and world-atlas: ``python -m scripts.make_shapes``.

Needs node and npm. Writes ``src/tocsin/charts/data/us_states.topojson`` and ``world.topojson``: the object ``places``
holds a shape for each place and a point for each that is too small to see, ``inset`` what is drawn in a corner.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "tocsin" / "charts" / "data"
PLACES = ROOT / "src" / "tocsin" / "records" / "data" / "places.csv"
PACKAGES = ("us-atlas@3.0.1", "world-atlas@2.0.2", "topojson-simplify@3.0.3", "i18n-iso-countries@7.14.0")
US_SOURCE = {
    "package": "us-atlas 3.0.1, states-10m.json, simplified",
    "licence": "ISC, Copyright 2013-2019 Michael Bostock",
    "data": "U.S. Census Bureau, cartographic boundary files 2017, public domain",
    "codes": "FIPS to ISO 3166-2 as in tocsin/records/data/places.csv",
}
WORLD_SOURCE = {
    "package": "world-atlas 2.0.2, countries-110m.json; centres of small places from countries-10m.json",
    "licence": "ISC, Copyright 2013-2019 Michael Bostock",
    "data": "Natural Earth 4.1, public domain",
    "codes": "ISO 3166-1 numeric to alpha-2 by i18n-iso-countries 7.14.0 (MIT); Kosovo is XK",
    "note": "Boundaries as Natural Earth draws them; no statement on anybody's status. Antarctica is left out.",
}
SIMPLEST = "1e-6"
"""Steradians: a corner that spans less is dropped; about one square pixel on a map 880 pixels wide."""
Topology = dict[str, Any]
Ring = list[tuple[float, float]]


def main() -> None:
    """Fetch, convert, write."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "install", "--ignore-scripts", "--no-audit", *PACKAGES], cwd=work, check=True)
        write("us_states", us_states(work))
        write("world", world(work))


def us_states(work: Path) -> Topology:
    """The states and the District of Columbia; Puerto Rico apart, for the projection has no room for it."""
    modules = work / "node_modules"
    with PLACES.open(encoding="utf-8", newline="") as file:
        codes = {row["fips"]: row["code"] for row in csv.DictReader(file) if row["fips"]}
    raw = read(modules / "us-atlas" / "states-10m.json")
    kept = [shape for shape in raw["objects"]["states"]["geometries"] if in_atlas(codes.get(shape["id"], ""))]
    raw["objects"] = {"places": {"type": "GeometryCollection", "geometries": kept}}
    topology = simplified(raw, work)
    for shape in topology["objects"]["places"]["geometries"]:
        shape["id"] = codes[shape["id"]]
    split(topology, lambda code: code == "PR")
    spot(topology, "US-DC", centre(raw, "11"))
    return {"source": US_SOURCE, **topology}


def in_atlas(code: str) -> bool:
    """Is it a state, the District or Puerto Rico? The other territories have no place on the map."""
    return code.startswith("US-") or code == "PR"


def world(work: Path) -> Topology:
    """The countries, and a point for each that the coarse shapes leave out."""
    modules = work / "node_modules"
    rows = json.loads((modules / "i18n-iso-countries" / "codes.json").read_text(encoding="utf-8"))
    codes = {row[2]: row[0] for row in rows}
    topology = read(modules / "world-atlas" / "countries-110m.json")
    fine = read(modules / "world-atlas" / "countries-10m.json")
    shapes = [shape for shape in topology["objects"]["countries"]["geometries"] if shape.get("id") != "010"]
    topology["objects"] = {"places": {"type": "GeometryCollection", "geometries": shapes}}
    for shape in shapes:
        label(shape, codes)
    drawn = {shape.get("id") for shape in shapes}
    for shape in fine["objects"]["countries"]["geometries"]:
        code = codes.get(shape.get("id"))
        if code and code not in drawn and code != "AQ":
            drawn.add(code)
            spot(topology, code, centre(fine, shape["id"]), shape["properties"]["name"])
    return {"source": WORLD_SOURCE, **topology}


def label(shape: Topology, codes: dict[str, str]) -> None:
    """Put our code in place of the numeric one; a place without a code keeps none."""
    code = "XK" if shape["properties"]["name"] == "Kosovo" else codes.get(shape.pop("id", ""))
    if code:
        shape["id"] = code


def split(topology: Topology, apart: Callable[[str], bool]) -> None:
    """Move the shapes that go into a corner to an object of their own."""
    shapes = topology["objects"]["places"]["geometries"]
    for name, chosen in (("inset", True), ("places", False)):
        held = [shape for shape in shapes if apart(shape["id"]) is chosen]
        topology["objects"][name] = {"type": "GeometryCollection", "geometries": held}


def spot(topology: Topology, code: str, at: tuple[float, float], name: str | None = None) -> None:
    """Put a point in place of a shape, or beside the shapes, in the steps of the topology's grid."""
    shapes = topology["objects"]["places"]["geometries"]
    old = next((shape for shape in shapes if shape.get("id") == code), None)
    if old:
        shapes.remove(old)
        name = old["properties"]["name"]
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    steps = [round((at[axis] - origin[axis]) / scale[axis]) for axis in (0, 1)]
    shapes.append({"type": "Point", "coordinates": steps, "id": code, "properties": {"name": name}})


def simplified(topology: Topology, work: Path) -> Topology:
    """Fewer corners; shared borders stay shared, and islands too small to see go."""
    source, target = work / "in.json", work / "out.json"
    source.write_text(json.dumps(topology), encoding="utf-8")
    program = work / "node_modules" / ".bin" / "toposimplify"
    subprocess.run([program, "--spherical-area", SIMPLEST, "--filter-detached", "--out", target, source], check=True)
    return read(target)


def centre(topology: Topology, number: str) -> tuple[float, float]:
    """The middle of a place's largest part, in degrees."""
    shapes = [shape for held in topology["objects"].values() for shape in held["geometries"]]
    rings = outer_rings(topology, next(shape for shape in shapes if shape.get("id") == number))
    return middle(max(rings, key=lambda ring: abs(doubled_area(ring))))


def outer_rings(topology: Topology, shape: Topology) -> Iterator[Ring]:
    """The outer ring of each polygon."""
    for polygon in [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]:
        yield [point for index in polygon[0] for point in arc(topology, index)]


def arc(topology: Topology, index: int) -> Ring:
    """The points of an arc in degrees; a negative index means backwards."""
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    points: Ring = []
    for step in topology["arcs"][index if index >= 0 else ~index]:
        x, y = x + step[0], y + step[1]
        points.append((x * scale[0] + origin[0], y * scale[1] + origin[1]))
    return points if index >= 0 else points[::-1]


def doubled_area(ring: Ring) -> float:
    """Twice the signed area, by the shoelace rule."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))


def middle(ring: Ring) -> tuple[float, float]:
    """The middle of the box around a ring: near enough for a dot."""
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def read(path: Path) -> Topology:
    """A topology from a file."""
    held: Topology = json.loads(path.read_text(encoding="utf-8"))
    return held


def write(name: str, topology: Topology) -> None:
    """One line of JSON."""
    TARGET.mkdir(exist_ok=True)
    text = json.dumps(topology, ensure_ascii=False, separators=(",", ":"))
    (TARGET / f"{name}.topojson").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
