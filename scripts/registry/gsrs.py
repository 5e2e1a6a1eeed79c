"""FDA's names of substances (GSRS, ``UNII_Names.txt``): name, type, UNII and display name, tab-separated, public domain."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = "FDA GSRS, UNII names of 2025"
_TAG = re.compile(r"\s*\[[^\]]*\]\s*$")
_GREEK = re.compile(r"\.(ALPHA|BETA|GAMMA|DELTA|OMEGA)\.?-?", re.IGNORECASE)
_SHORT = re.compile(r"[A-Z0-9]{1,2}[A-Z0-9]*(?:-[A-Z0-9]+)*")


@dataclass(slots=True)
class Entry:
    """One UNII: its display name, common, systematic and code names, and the tags that came with them."""

    unii: str
    display: str
    common: list[str] = field(default_factory=list)
    systematic: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    inn: str = ""

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
            {"sys": entry.systematic, "cd": entry.codes}.get(kind, entry.common).append(bare)
    return entries


def by_name(entries: dict[str, Entry]) -> dict[str, list[str]]:
    """UNIIs by folded common name, display name or code."""
    found: dict[str, list[str]] = defaultdict(list)
    for unii, entry in entries.items():
        for name in {*map(key, entry.common), *map(key, entry.codes), key(entry.display), *map(key, entry.systematic)}:
            found[name].append(unii)
    return found


def key(name: str) -> str:
    """A name as it is compared here."""
    return re.sub(r"[\W_]+", "", _GREEK.sub(r"\1", name).lower())


def tidy(name: str) -> str:
    """A name in capitals as it is usually written; abbreviations stay in capitals."""
    name = _GREEK.sub(lambda found: found[1].lower() + "-", name).strip()
    if name != name.upper() or (
        len(name) <= 8 and _SHORT.fullmatch(name) and (len(name) <= 5 or any(c.isdigit() for c in name))
    ):
        return name
    return (
        re.sub(r"\b(N|O|S|P)(?=[,'-])", lambda found: found[1].upper(), name.lower())
        .replace("n-(", "N-(")
        .replace("n,n-", "N,N-")
    )
