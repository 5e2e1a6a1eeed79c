"""Pictures: well-formed, described, nothing foreign in them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tocsin.charts import bars_by_year, small_lines


def check(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert [child.tag.split("}")[1] for child in root][:2] == ["title", "desc"]
    assert "currentColor" in svg and "#0a0b0c" not in svg
    assert not re.search(r"<script|<image|href=|url\(http|\sstyle=", svg)


def test_bars() -> None:
    svg = bars_by_year([("2019", 36_359.0), ("2020", 56_516.0), ("2021", None)], "Deaths <T40.4>", "Bars & more")
    check(svg)
    assert "2020" in svg and "2021" not in svg
    assert "&lt;T40.4&gt;" in svg and "Bars &amp; more" in svg


def test_small_lines_with_hostile_names() -> None:
    rows = [
        ("<script>alert(1)</script>", "2024-01-01", 3.0, False),
        ("<script>alert(1)</script>", "2024-07-01", 5.0, True),
    ]
    check(small_lines(rows, "t", "d"))
