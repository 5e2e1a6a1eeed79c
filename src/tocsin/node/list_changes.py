"""Who is new on a list and who is gone, between two of its releases, as events dated by the days that bound them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tocsin.records import Event

PROGRAMMES = "programmes: "
"""How the scope of a document begins that holds only parties of the programmes then named."""

Slot = tuple[str, Hashable]
"""(facet, as what a statement is compared within it)."""


class Held(NamedTuple):
    """A statement this source held at a moment."""

    id: str
    key: str
    kind: str
    subject: str
    code: str
    is_membership: bool
    published_at: datetime


Holding = Mapping[Slot, list[Held]]


class Bounds(NamedTuple):
    """The days of two releases of a list, and the scope of the first."""

    before: date
    day: date
    scope: str


def list_changes(
    before: Holding, now: Holding, bounds: Bounds, source: str, first: Mapping[str, date] | None = None
) -> Iterator[Event]:
    """Designations and delistings between two releases of a list, dated by the days that bound them.

    ``first``: the day on which any other part of the source first spoke of a subject, which bounds it closer.
    """
    if bounds.before >= bounds.day:
        return
    earliest = bounds.before + timedelta(days=1)
    was, members = _members(before), _members(now)
    codes: dict[str, set[str]] = {}
    for held in (one for some in now.values() for one in some if one.code):
        codes.setdefault(held.subject, set()).add(held.code)
    for subject in sorted(members - was):
        if _in_scope(bounds.scope, codes.get(subject, set())):
            day = min(bounds.day, (first or {}).get(subject, bounds.day))
            yield change("designation", subject, earliest, day, source)
    for subject in sorted(was - members):
        yield change("delisting", subject, earliest, bounds.day, source)


def _members(state: Holding) -> set[str]:
    return {one.subject for some in state.values() for one in some if one.is_membership}


def _in_scope(scope: str, codes: set[str]) -> bool:
    """Whether the release before would have held a party of these programmes: all, or those its scope names."""
    return scope == "complete" or bool(codes & set(scope.removeprefix(PROGRAMMES).split()))


def first_spoken_of(before: Holding, after: datetime) -> dict[str, date]:
    """The day any part of the source first spoke of a subject, after a moment: it was listed by then."""
    days: dict[str, date] = {}
    for held in (one for some in before.values() for one in some):
        if held.published_at > after:
            day = held.published_at.date()
            days[held.subject] = min(day, days.get(held.subject, day))
    return days


def change(kind: str, subject: str, earliest: date, day: date, source: str) -> Event:
    """One party new on the list or gone from it, on some day from ``earliest`` to ``day``."""
    exact = earliest >= day
    return Event(
        kind=kind,
        ref=f"{source} {subject} {earliest}/{day}",
        date=day,
        date_precision="day" if exact else "by",
        date_earliest=None if exact else earliest,
        parties=((subject, "listed"),),
        qualifiers=(("list", source),),
    )
