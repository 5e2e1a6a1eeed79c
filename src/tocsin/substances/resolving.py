"""Which entry is a publisher's name for a substance? What is not resolved is listed, never dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.substances.names import find_names


@dataclass(frozen=True, slots=True)
class Resolution:
    """A name as a publisher writes it, and the entries that have it: one resolves it, several are a collision."""

    name: str
    substances: tuple[str, ...]

    @property
    def is_resolved(self) -> bool:
        """Whether exactly one entry has the name."""
        return len(self.substances) == 1


def resolved(names: Iterable[str]) -> tuple[Resolution, ...]:
    """Each name with its entries, unresolved ones first, then in order. A slip of the pen is not repaired here."""
    found = [Resolution(name, _entries(name)) for name in sorted(set(names))]
    return tuple(sorted(found, key=lambda one: (one.is_resolved, one.name.casefold())))


def _entries(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.name.substance for match in find_names(name) if not match.edits))
