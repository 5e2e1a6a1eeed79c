"""How a structure differs from the one a class definition compares with, part by part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands at one part: its name, its atoms, and how many of them are carbon.

    ``as_reference``: the reference has the same there, so it is no difference from it; a definition that compares
    with a barer parent still has to allow it.
    """

    part: str
    change: str
    atoms: tuple[int, ...]
    carbons: int = 0
    as_reference: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to lay a structure over the reference: the atoms of the common skeleton and what differs."""

    skeleton: tuple[int, ...]
    differences: tuple[Difference, ...]
