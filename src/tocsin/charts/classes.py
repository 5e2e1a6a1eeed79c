"""Into how many classes, and which? Quantiles of the values themselves."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import groupby

from tocsin.charts.texts import shown

Bounds = tuple[float, float]


def classes(values: Iterable[float], number: int = 5) -> tuple[Bounds, ...]:
    """The smallest and largest value of each class, lowest class first; at most ``number`` classes.

    Each class holds about equally many values. Equal values stay together, so that there may be fewer classes than
    asked for. Raises ValueError where ``number`` is less than one.
    """
    if number < 1:
        raise ValueError(f"at least one class, not {number}")
    held = sorted(values)
    found: list[list[float]] = []
    last, before = -1, 0
    for value, equal in groupby(held):
        count = len(list(equal))
        place = (2 * before + count) * number // (2 * len(held))
        if place > last:
            found.append([value, value])
        found[-1][1] = value
        last, before = place, before + count
    return tuple((low, high) for low, high in found)


def class_of(value: float, bounds: Sequence[Bounds]) -> int:
    """The class, counted from 0, of one of the values that made the bounds."""
    return bisect_left([high for _, high in bounds], value)


def steps(count: int, most: int) -> tuple[int, ...]:
    """Which of ``most`` shades ``count`` classes take: spread out, the darkest always among them."""
    return tuple(round((place + 1) * most / count) - 1 for place in range(count))


def bound_texts(bounds: Sequence[Bounds]) -> tuple[str, ...]:
    """Each class as text, with as many digits as it takes to tell the bounds apart."""
    numbers = {number for pair in bounds for number in pair}
    digits = next((n for n in range(3, 17) if len({shown(number, n) for number in numbers}) == len(numbers)), 17)
    return tuple(
        shown(low, digits) if low == high else f"{shown(low, digits)} – {shown(high, digits)}" for low, high in bounds
    )
