"""Building the brief: each room's section in turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from tocsin.brief import controlled, deaths, identified, listed, revisions, seizures, sources
from tocsin.brief.model import Brief, Context, SectionBuilder
from tocsin.node import Node, View
from tocsin.node.state import LedgerEntry

DAYS = 90
"""How far back a window reaches where the user does not say."""

SECTIONS: tuple[SectionBuilder, ...] = (
    listed.section,
    identified.section,
    controlled.section,
    seizures.section,
    deaths.section,
    revisions.section,
    sources.section,
)


def build(
    node: Node, *, as_of: date | None = None, known_by: date | None = None, country: str | None = None, days: int = DAYS
) -> Brief:
    """The brief of a node. ``as_of``: published by then, today where missing; ``country``: ISO 3166-1 code."""
    day = as_of or datetime.now(UTC).date()
    with node.view(day, known_by) as view:
        return build_from(view, node.ledger(), day, country=country, days=days)


def build_from(
    view: View, ledger: Sequence[LedgerEntry], as_of: date, *, country: str | None = None, days: int = DAYS
) -> Brief:
    """The brief of a view that is already open, as of its day."""
    context = Context(view, as_of, country, days, ledger)
    return Brief(as_of, view.known_by, country, days, tuple(section(context) for section in SECTIONS))
