"""Misspellings: everything within the edits allowed is found, and nothing else."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tocsin.substances.spelling import Spelling, edits_allowed

NAMES = [
    "fentanyl",
    "carfentanil",
    "acetylfentanyl",
    "butyrylfentanyl",
    "isotonitazene",
    "metonitazene",
    "xylazine",
    "mdma",
]
LETTERS = "abcdefinortyz"


def test_short_names_have_no_misspellings() -> None:
    assert [edits_allowed("x" * n) for n in (1, 5, 6, 8, 9, 30)] == [0, 0, 1, 1, 2, 2]
    assert Spelling(NAMES).near("mdmb") == []


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False), st.integers(0, 3))
@settings(max_examples=400)
def test_what_is_found_is_what_brute_force_finds(name: str, chance: random.Random, edits: int) -> None:
    word = name
    for _ in range(edits):
        word = _edited(word, chance)
    wanted = {
        other: OSA.distance(word, other)
        for other in NAMES
        if edits_allowed(word) and OSA.distance(word, other) <= min(edits_allowed(word), edits_allowed(other))
    }
    assert dict(Spelling(NAMES).near(word)) == wanted


def _edited(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word) + 1)
    kind = chance.choice(["add", "drop", "change", "swap"])
    if kind == "add":
        return word[:place] + chance.choice(LETTERS) + word[place:]
    if kind == "drop":
        return word[:place] + word[place + 1 :]
    if kind == "change":
        return word[:place] + chance.choice(LETTERS) + word[place + 1 :]
    return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


def test_the_nearest_come_first() -> None:
    assert Spelling(["fentanyl", "fentanil"]).near("fentanyk") == [("fentanyl", 1)]
