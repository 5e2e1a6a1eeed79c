"""FDA's names of substances (GSRS, ``UNII_Names.txt``): name, type, UNII and display name, tab-separated, public domain."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = "FDA GSRS, UNII names of 2025"
_TAG = re.compile(r"\s*\[[^\]]*\]\s*$")
_GREEK = re.compile(r"\.(ALPHA|BETA|GAMMA|DELTA|OMEGA)\.?(-?)(?=(\w)?)", re.IGNORECASE)
_SIGNS = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ω": "omega"}
_SIGNS |= dict.fromkeys("'’′´", "ʹ")
_FOLDED = str.maketrans(_SIGNS)
_SALTS = ("hydrochloride", "dihydrochloride", "sodium", "hydrobromide", "sulfate", "citrate", "tartrate", "maleate")
_SCHEDULED = re.compile(r"\sC(?:I|II|III|IV|V)$")
_SHORT = re.compile(r"[A-Z0-9]{1,2}[A-Z0-9]*(?:-[A-Z0-9]+)*")


@dataclass(slots=True)
class Entry:
    """One UNII: its display name, common, systematic and code names, and the tags that came with them."""

    unii: str
    display: str
    common: list[str] = field(default_factory=list)
    systematic: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    brands: list[str] = field(default_factory=list)
    inn: str = ""
    of_salts: list[str] = field(default_factory=list)
    of_law: list[str] = field(default_factory=list)
    corrected: str = ""

    def told(self) -> tuple[list[str], list[str], list[str]]:
        """Names that may tell its structure: its own, those of its salts, and those that law prints for it."""
        own = [self.corrected] if self.corrected else [*self.systematic, *self.common]
        return own, self.of_salts, self.of_law

    @property
    def dea(self) -> list[str]:
        """DEA code numbers among its codes."""
        return [code.removeprefix("DEA NO. ") for code in self.codes if re.fullmatch(r"DEA NO\. \d{4}", code)]


def read(path: Path) -> dict[str, Entry]:
    """All entries by UNII."""
    entries: dict[str, Entry] = {}
    with path.open(encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            name, kind, unii, display = line.rstrip("\n").split("\t")
            entry = entries.setdefault(unii, Entry(unii, display))
            bare = _TAG.sub("", name)
            if name.endswith("[INN]"):
                entry.inn = bare
            if not _SCHEDULED.search(bare):
                lists = {"sys": entry.systematic, "cd": entry.codes, "bn": entry.brands}
                lists.get(kind, entry.common).append(bare)
    return entries


def by_name(entries: dict[str, Entry]) -> dict[str, list[str]]:
    """UNIIs by folded common name, display name or code."""
    found: dict[str, list[str]] = defaultdict(list)
    for unii, entry in entries.items():
        many = (*entry.common, *entry.codes, *entry.systematic, *entry.brands, entry.display)
        for name in set(map(key, many)):
            found[name].append(unii)
    return found


def key(name: str) -> str:
    """A name as it is compared here; a prime stays, since 3'-methyl and 3-methyl are different places."""
    return re.sub(r"[\W_]+", "", _GREEK.sub(r"\1", name).lower().translate(_FOLDED))


def salts(entry: Entry, entries: dict[str, Entry], index: dict[str, list[str]]) -> list[str]:
    """The names of an entry's salts, which GSRS may name systematically where it does not so name the base."""
    uniis = [unii for salt in _SALTS for unii in index.get(key(f"{entry.display} {salt}"), ())[:1]]
    return [name for unii in uniis for name in (*entries[unii].systematic, *entries[unii].common)]


def tidy(name: str) -> str:
    """A name in capitals as it is usually written; abbreviations stay in capitals."""
    capitals = name == name.upper()
    name = _GREEK.sub(lambda found: found[1].lower() + ("-" if found[2] or found[3] else ""), name).strip()
    if not capitals or (
        len(name) <= 8 and _SHORT.fullmatch(name) and (len(name) <= 5 or any(c.isdigit() for c in name))
    ):
        return name
    return (
        re.sub(r"\b(N|O|S|P)(?=[,'-])", lambda found: found[1].upper(), name.lower())
        .replace("n-(", "N-(")
        .replace("n,n-", "N,N-")
    )
