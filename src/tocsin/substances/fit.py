"""Three answers to "do the words fit": no, open, yes; how single answers make one is in the type.

The words of a definition are met by all of a structure's differences together (``&``: the weakest decides) and in any
of the ways the structure can be read (``|``: the strongest decides). This is Kleene's strong three-valued logic.
"""

from __future__ import annotations

from enum import IntEnum


class Fit(IntEnum):
    """Whether words fit: ``OPEN`` where the words, or words not held, leave it open."""

    NO = 0
    OPEN = 1
    YES = 2

    def __and__(self, other: int) -> Fit:
        return Fit(min(self, other))

    def __or__(self, other: int) -> Fit:
        return Fit(max(self, other))
