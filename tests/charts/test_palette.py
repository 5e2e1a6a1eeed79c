"""Colours: enough contrast on the light page and on the dark one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tocsin.charts.palette import ACCENT, DASHES, OPACITIES, OUTLINES, SERIES, SHADE, SHAPES

LIGHT, DARK = "#fbfbfa", "#14171a"


def channels(color: str) -> list[float]:
    return [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def luminance(parts: list[float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: list[float], second: list[float]) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("color", [*SERIES, ACCENT, SHADE])
@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_colours_keep_three_to_one(color: str, page: str) -> None:
    assert contrast(channels(color), channels(page)) >= 3


@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_each_class_is_further_from_the_page(page: str) -> None:
    paper, shade = channels(page), channels(SHADE)
    mixed = [[a + (b - a) * part for a, b in zip(paper, shade, strict=True)] for part in (0, *OPACITIES)]
    for nearer, further in pairwise(mixed):
        assert contrast(nearer, further) >= 1.12
        assert contrast(further, paper) > contrast(nearer, paper)


def test_thirty_series_pass_before_a_style_comes_again() -> None:
    styles = {(place % len(SERIES), place % len(DASHES)) for place in range(30)}
    assert len(styles) == 30 and set(OUTLINES) == set(SHAPES)
