"""Which substance has this name? Any script, any case, with or without hyphens, and with a slip or two.

A name that several substances have returns all of them: a collision is told, never guessed away.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from tocsin.records.data_files import data_rows
from tocsin.records.folding import folded
from tocsin.substances.registry import Name, registry
from tocsin.substances.spelling import Spelling

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ω": "omega"}
_SEPARATORS = re.compile(r"[\W_]+")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_SALT_FORM = re.compile(r"\s*\(([^()]*)\)\s*$")


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name found: the row, how many edits away, and what was set aside, such as the name of a salt."""

    name: Name
    edits: int
    set_aside: str


def name_key(text: str) -> str:
    """A name as it is compared: case, width, accents, Han script, spaces and punctuation folded away.

    A prime stays, since 4'-methyl and 4-methyl are different places.
    """
    plain = folded(text.translate(_PRIMES))
    for letter, word in _GREEK.items():
        plain = plain.replace(letter, word)
    if _HAN.search(plain):
        plain = _simplified(plain)
    return _SEPARATORS.sub("", plain.replace("'", "ʹ")) or plain.strip()


_PRIMES = {ord(sign): "'" for sign in "\u2019\u2032\u00b4\u0060\uff07"}


def _simplified(text: str) -> str:
    """Traditional Han characters in their simplified form."""
    return str(_converter().convert(text))


@cache
def _converter():  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _by_key() -> dict[str, tuple[Name, ...]]:
    found: dict[str, dict[Name, None]] = defaultdict(dict)
    for many in registry().names.values():
        for name in many:
            found[name_key(name.name)][name] = None
    return {key: tuple(names) for key, names in found.items()}


@cache
def _spelling() -> Spelling:
    return Spelling(_by_key())


@cache
def _salts() -> tuple[str, ...]:
    return tuple(sorted((row["word"] for row in data_rows("substances", "salt_words.csv")), key=len, reverse=True))


def find_names(text: str) -> tuple[NameMatch, ...]:
    """Every name that ``text`` is, exactly or else with the salt set aside, or else by the fewest slips."""
    exact = _exact(text, "")
    if exact:
        return exact
    bare, salt = _without_salt(text)
    for plain, aside in ((bare, salt), _without_brackets(text)):
        if aside and (found := _exact(plain, aside)):
            return found
    near = [(name, edits, salt if text is not bare else "") for name, edits in _spelling().near(name_key(bare))]
    fewest = min((edits for _, edits, _ in near), default=0)
    return tuple(
        NameMatch(row, edits, aside) for name, edits, aside in near if edits == fewest for row in _by_key()[name]
    )


def _exact(text: str, set_aside: str) -> tuple[NameMatch, ...]:
    return tuple(NameMatch(row, 0, set_aside) for row in _by_key().get(name_key(text), ()))


def _without_brackets(text: str) -> tuple[str, str]:
    """The name without what stands in brackets behind it, such as an abbreviation."""
    form = _SALT_FORM.search(text)
    return (text[: form.start()], form[1]) if form else (text, "")


def _without_salt(text: str) -> tuple[str, str]:
    """The name without the word for its salt or hydrate, and that word."""
    form = _SALT_FORM.search(text)
    if form and folded(form[1]) in _salts():
        return text[: form.start()], form[1]
    lowered = folded(text).rstrip()
    for word in _salts():
        if lowered.endswith(word) and len(lowered) > len(word) + 2 and not lowered[-len(word) - 1].isalnum():
            return text.rstrip()[: -len(word)].rstrip(" ,-"), word
        if lowered.startswith(word) and (word[0] > "\u3000" or lowered[len(word) :][:1] == " "):
            return text.strip()[len(word) :].strip(), word
    return text, ""
