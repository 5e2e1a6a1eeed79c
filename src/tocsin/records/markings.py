"""Markings: who may know a record, and how two markings combine.

Levels are those of the Traffic Light Protocol 2.0 (FIRST, https://www.first.org/tlp/).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from tocsin.errors import RecordError


class TLP(IntEnum):
    """The five labels of TLP 2.0, ordered from free to strictest, so that ``max`` is the stricter."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        """The label as TLP 2.0 writes it, for example ``AMBER+STRICT``."""
        return self.name.replace("_", "+")

    @classmethod
    def parse(cls, text: str) -> TLP:
        """Read ``TLP:AMBER+STRICT``, ``amber+strict`` or ``AMBER_STRICT``; RecordError when unknown."""
        name = text.upper().removeprefix("TLP:").replace("+", "_").strip()
        if name not in cls.__members__:
            raise RecordError(f"unknown TLP level {text!r}", mend="use CLEAR, GREEN, AMBER, AMBER+STRICT or RED")
        return cls[name]


@dataclass(frozen=True, slots=True)
class Marking:
    """Who may know.

    ``owners``: members who must all consent before anyone else learns more; empty means public origin.
    ``released_to``: members it may go to; ``None`` means whoever the level allows, an empty set means nobody.
    ``relay``: whether a holder may pass it on. ``expires``: after this moment it may not be shown or passed on.
    """

    tlp: TLP = TLP.CLEAR
    owners: frozenset[str] = frozenset()
    released_to: frozenset[str] | None = None
    relay: bool = True
    expires: datetime | None = None

    def __post_init__(self) -> None:
        if self.expires is not None and self.expires.tzinfo is None:
            raise RecordError("the expiry has no time zone", mend="give it in UTC")

    def join(self, other: Marking) -> Marking:
        """The marking of a finding that rests on both.

        Strictest level, union of owners, intersection of releases, relay only if both allow it, earliest expiry.
        Commutative, associative and idempotent, with ``PUBLIC`` as neutral element.
        """
        return Marking(
            tlp=max(self.tlp, other.tlp),
            owners=self.owners | other.owners,
            released_to=_intersection(self.released_to, other.released_to),
            relay=self.relay and other.relay,
            expires=min((e for e in (self.expires, other.expires) if e is not None), default=None),
        )

    def as_dict(self) -> dict[str, object]:
        """Plain values with sorted lists: the form stored in the lake and written to JSON Lines."""
        return {
            "tlp": self.tlp.label,
            "owners": sorted(self.owners),
            "released_to": None if self.released_to is None else sorted(self.released_to),
            "relay": self.relay,
            "expires": self.expires,
        }


PUBLIC = Marking()


def _intersection(a: frozenset[str] | None, b: frozenset[str] | None) -> frozenset[str] | None:
    if a is None or b is None:
        return b if a is None else a
    return a & b
