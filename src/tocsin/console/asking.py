"""What a request asks for, read once for pages and API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from fastapi import Request

from tocsin.brief import Brief, build
from tocsin.brief.build import DAYS
from tocsin.errors import UsageError
from tocsin.node import Node, View
from tocsin.node.differences import BY, Differences, Window, differences
from tocsin.records.places import read_country

_MOST_DAYS = 36_525
_DAYS_OF_CHANGES = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """The brief asked for; empty fields mean today, the usual window, all countries."""

    as_of: date | None
    days: int
    country: str | None

    @classmethod
    def read(cls, as_of: str, days: str, country: str) -> Asked:
        """From query parameters; UsageError in one line when one makes no sense."""
        if days and not (days.isascii() and days.isdigit() and len(days) <= 5 and 1 <= int(days) <= _MOST_DAYS):
            raise UsageError(f"days is {days[:20]!r}", mend=f"give a whole number from 1 to {_MOST_DAYS}")
        return cls(read_day(as_of), int(days) if days else DAYS, read_country(country) if country.strip() else None)

    def query(self) -> dict[str, str]:
        """The parameters that ask for the same again."""
        wanted = {"as_of": self.as_of, "days": self.days, "country": self.country}
        return {name: str(value) for name, value in wanted.items() if value is not None}


def read_day(text: str) -> date | None:
    """A day, or ``None`` for an empty text; UsageError otherwise."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text[:20]!r} is not a day", mend="write it like 2023-07-07") from None
    if day.year < 1900:
        raise UsageError(f"{day} is before anything held", mend="give a later day")
    return day


def node_of(request: Request) -> Node:
    """The node this application answers for."""
    node: Node = request.app.state.node
    return node


def view_of(request: Request, as_of: date | None = None) -> View:
    """A view of the node."""
    return node_of(request).view(as_of)


def brief_of(request: Request, asked: Asked) -> Brief:
    """The brief asked for; the same again as long as nothing was loaded and the day is the same."""
    node = node_of(request)
    ledger = node.ledger()
    state = (len(ledger), max((entry.loaded_at for entry in ledger), default=None))
    return _built(node, asked, datetime.now(UTC).date(), state)


@lru_cache(maxsize=32)
def _built(node: Node, asked: Asked, today: date, _state: object) -> Brief:
    return build(node, as_of=asked.as_of or today, country=asked.country, days=asked.days)


def changes_of(
    request: Request, since: str = "", until: str = "", by: str = "published", source: str = ""
) -> Differences:
    """What changed in the window asked for: by default published in the seven days up to today."""
    last = read_day(until) or datetime.now(UTC).date()
    first = read_day(since) or last - timedelta(days=_DAYS_OF_CHANGES)
    with view_of(request) as view:
        return differences(view, Window(first, last, by or BY[0], source or None))
