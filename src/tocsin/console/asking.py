"""What a request asks for, read once for pages and API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Lock, Thread

from fastapi import Request

from tocsin.brief import Brief
from tocsin.brief.build import DAYS, build_from
from tocsin.console.once import once
from tocsin.errors import UsageError
from tocsin.node import Node, View
from tocsin.node.differences import BY, Differences, Window, differences
from tocsin.node.finding import Moment
from tocsin.node.index import Index
from tocsin.node.state import LedgerEntry
from tocsin.records.places import read_country

_MOST_DAYS = 36_525
_DAYS_OF_CHANGES = 7
_AT_ONCE = 200_000
_INDEXING = Lock()


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


def read_offset(text: str) -> int:
    """How many rows to pass over; UsageError when it is no number."""
    if text and not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise UsageError(f"offset is {text[:20]!r}", mend="give a whole number")
    return int(text or 0)


def node_of(request: Request) -> Node:
    """The node this application answers for."""
    node: Node = request.app.state.node
    return node


def moment_of(as_of: str) -> Moment:
    """The reader's day."""
    return Moment(read_day(as_of))


def index_of(request: Request) -> Index:
    """The node's index. A little that is new is taken in at once; much is taken in while older things are shown."""
    index = node_of(request).index
    if not index.is_fresh():
        if index.behind() <= _AT_ONCE:
            index.refresh(wait=False)
        elif _INDEXING.acquire(blocking=False):
            Thread(target=_take_in, args=(index,), daemon=True).start()
    return index


def _take_in(index: Index) -> None:
    try:
        index.refresh()
    finally:
        _INDEXING.release()


def brief_of(request: Request, asked: Asked) -> Brief:
    """The brief asked for; the same again as long as nothing was loaded and the day is the same."""
    return built(asked, *key_of(node_of(request)))


def key_of(node: Node) -> tuple[Node, date, object]:
    """What an answer depends on beside what was asked: the node, today, and what the node holds."""
    return node, datetime.now(UTC).date(), node.lake.state()


@once(most=128)
def built(asked: Asked, node: Node, today: date, state: object) -> Brief:
    """The brief asked for, of a node in a state."""
    day = asked.as_of or today
    return build_from(_remembered(node, day, state), node.ledger(), day, country=asked.country, days=asked.days)


@once(most=8)
def _remembered(node: Node, day: date, _state: object) -> View:
    """One view for the briefs of a day, since those of all countries ask the lake nearly the same."""
    return node.view(day, remember=True)


def changes_of(
    request: Request, since: str = "", until: str = "", by: str = "published", source: str = ""
) -> Differences:
    """What changed in the window asked for: by default published in the seven days up to today."""
    last = read_day(until) or datetime.now(UTC).date()
    first = read_day(since) or last - timedelta(days=_DAYS_OF_CHANGES)
    return _changes(Window(first, last, by or BY[0], source or None), *key_of(node_of(request)))


@once(most=16)
def _changes(window: Window, node: Node, _today: date, _state: object) -> Differences:
    with node.view() as view:
        return differences(view, window)


def ledger_of(request: Request) -> list[LedgerEntry]:
    """The releases held, oldest first."""
    return _ledger(*key_of(node_of(request)))


@once(most=1)
def _ledger(node: Node, _today: date, _state: object) -> list[LedgerEntry]:
    return node.ledger()
