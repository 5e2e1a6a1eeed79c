"""Which known names is this a misspelling of? Up to two edits for long names, one for middling, none for short ones.

An edit is a letter added, dropped, changed, or two neighbours swapped (optimal string alignment). Names are found by
the pigeonhole principle (Li, Deng, Wang and Feng 2011, "Pass-Join"): of a name cut in three pieces, two edits leave
one piece whole; a swap across a cut counts for two pieces, so such names are cut once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from rapidfuzz.distance import OSA

_LONG, _MIDDLING = 9, 6


def edits_allowed(name: str) -> int:
    """How many edits away a name of this length may lie and still be meant."""
    return 2 if len(name) >= _LONG else 1 if len(name) >= _MIDDLING else 0


class Spelling:
    """An index of names that finds those a few edits away from a word."""

    def __init__(self, names: Iterable[str]) -> None:
        self._pieces: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        for name in names:
            for place, (start, end) in enumerate(_cuts(len(name))):
                self._pieces[len(name), place, name[start:end]].append(name)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Names within the edits allowed for ``word`` and for the name itself, nearest first, each with its edits."""
        most = edits_allowed(word)
        found = {}
        for name in set(self._candidates(word, most)) if most else ():
            edits = OSA.distance(word, name, score_cutoff=most)
            if edits <= min(most, edits_allowed(name)):
                found[name] = edits
        return sorted(found.items(), key=lambda pair: (pair[1], pair[0]))

    def _candidates(self, word: str, most: int) -> Iterator[str]:
        for length in range(len(word) - most, len(word) + most + 1):
            for place, (start, end) in enumerate(_cuts(length)):
                for shifted in range(max(0, start - most), min(len(word) - (end - start), start + most) + 1):
                    yield from self._pieces.get((length, place, word[shifted : shifted + end - start]), ())


def _cuts(length: int) -> tuple[tuple[int, int], ...]:
    """Where a name is cut: into five pieces when long, since two swaps may spoil four; three when shorter."""
    pieces = 5 if length >= _LONG else 3
    edges = [length * piece // pieces for piece in range(pieces + 1)]
    return tuple(pairwise(edges))
