"""The four kinds of record, as frozen values. What each field means is said here, once.

Arrow types are in ``schemas``; ids and keys in ``ids``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import ClassVar

from tocsin.errors import RecordError
from tocsin.records.markings import PUBLIC, Marking

Pairs = tuple[tuple[str, str], ...]
Day = date

STATUSES = ("final", "provisional", "predicted", "suppressed", "incomplete")
PRECISIONS = ("day", "week", "month", "quarter", "half_year", "year", "by", "unknown")
POLARITIES = ("affirmed", "denied", "uncertain")


def pairs(values: Mapping[str, str] | None = None, /, **more: str) -> Pairs:
    """A mapping as sorted pairs, the one order in which it is stored and hashed."""
    return tuple(sorted({**(values or {}), **more}.items()))


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise RecordError(f"{name} {value!r} is not known", mend=f"use one of {', '.join(allowed)}")


def _sorted(body: object, name: str) -> None:
    """One order for pairs, however they were given, so that equal bodies are equal and hash alike."""
    values = getattr(body, name)
    if len(values) > 1:
        object.__setattr__(body, name, tuple(sorted(values)))


def _number(body: object, name: str) -> None:
    """A finite floating-point number, as it comes back from the lake: 5 and 5.0 must be one record."""
    value = getattr(body, name)
    if value is not None and type(value) is not float:
        value = float(value)
        object.__setattr__(body, name, value)
    if value is not None and not isfinite(value):
        raise RecordError(f"{name} is {value}, which is no number", mend="leave it out")


@dataclass(frozen=True, slots=True)
class Document:
    """A published thing whose bytes the node keeps.

    ``part``: which of the source's files or layouts this is. ``scope``: ``complete``, or what was left out.
    ``size`` in bytes, of the bytes as published.
    """

    record: ClassVar[str] = "document"
    part: str
    title: str
    publisher: str
    sha256: str
    size: int
    url: str | None = None
    file_name: str | None = None
    media_type: str | None = None
    lang: str | None = None
    scope: str = "complete"


@dataclass(frozen=True, slots=True)
class Claim:
    """Someone says that a subject has a property with a value.

    ``schema`` and ``property`` are FollowTheMoney's where the subject is a party, vessel, address or sanction.
    ``said_by``: the chain, outlet first, speaker last; empty means the source itself. ``act``: the speech act
    (state, accuse, deny, list …). ``valid_to`` is the first day on which it no longer held. ``grade``: Admiralty,
    source A–F and information 1–6. ``quote``: the words it rests on. ``qualifiers``: what narrows it.
    """

    record: ClassVar[str] = "claim"
    subject: str
    property: str
    value: str
    schema: str | None = None
    unit: str | None = None
    lang: str | None = None
    said_by: tuple[str, ...] = ()
    act: str = "state"
    polarity: str = "affirmed"
    valid_from: Day | None = None
    valid_to: Day | None = None
    grade: str | None = None
    quote: str | None = None
    qualifiers: Pairs = ()

    def __post_init__(self) -> None:
        if not self.subject or not self.property:
            raise RecordError("a claim needs a subject and a property", mend="name both")
        _sorted(self, "qualifiers")
        _one_of("polarity", self.polarity, POLARITIES)


@dataclass(frozen=True, slots=True)
class Event:
    """A dated, placed occurrence: seizure, identification, death, consignment, designation, delisting and others.

    ``ref``: the publisher's own reference, stable over corrections. ``date`` with ``date_precision``: the day, or the
    first day of the period meant; ``by`` means some day from ``date_earliest`` to ``date``; ``unknown`` has no date.
    ``quantity`` and ``unit`` as given, ``quantity_si`` in kilograms, litres or pieces. ``parties``: (party, role).
    """

    record: ClassVar[str] = "event"
    kind: str
    ref: str | None = None
    date: Day | None = None
    date_precision: str = "day"
    date_earliest: Day | None = None
    place: str | None = None
    place_from: str | None = None
    place_via: tuple[str, ...] = ()
    place_to: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    substances: tuple[str, ...] = ()
    quantity: float | None = None
    unit: str | None = None
    quantity_si: float | None = None
    unit_si: str | None = None
    form: str | None = None
    parties: Pairs = ()
    qualifiers: Pairs = ()

    def __post_init__(self) -> None:
        _one_of("date_precision", self.date_precision, PRECISIONS)
        if (self.date is None) != (self.date_precision == "unknown"):
            raise RecordError("an event has a date, or the precision 'unknown'", mend="give one of the two")
        if self.date and self.date_earliest and self.date_earliest > self.date:
            raise RecordError("date_earliest is after date", mend="swap the two")
        _sorted(self, "qualifiers")
        for name in ("latitude", "longitude", "quantity", "quantity_si"):
            _number(self, name)


@dataclass(frozen=True, slots=True)
class Observation:
    """A published number for a place and period.

    ``definition`` says what exactly is counted; series of different definitions are never summed or compared silently.
    ``period_start`` and ``period_end`` are the first and the last day, both included. ``value`` is ``None`` when
    suppressed. ``lower`` and ``upper``: the publisher's own interval.
    """

    record: ClassVar[str] = "observation"
    measure: str
    definition: str
    place: str
    period_start: Day
    period_end: Day
    unit: str
    status: str
    value: float | None
    substance: str | None = None
    dims: Pairs = ()
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        _one_of("status", self.status, STATUSES)
        if self.period_start > self.period_end:
            raise RecordError("the period ends before it starts", mend="swap the two days")
        if self.value is None and self.status != "suppressed":
            raise RecordError("a number is missing", mend="give it, or the status 'suppressed'")
        _sorted(self, "dims")
        for name in ("value", "lower", "upper"):
            _number(self, name)

    @property
    def period(self) -> str:
        """The ISO 8601 interval, for example ``2024-01-01/2024-06-30``."""
        return f"{self.period_start}/{self.period_end}"


Body = Document | Claim | Event | Observation


@dataclass(frozen=True, slots=True)
class Record:
    """A body in its envelope.

    ``id`` names this saying of it, ``key`` what is said: two vintages share the key. ``published_at``: when its
    publisher released it; ``known_at``: when this node learned it. ``withdrawn``: the publisher no longer says it.
    """

    body: Body
    id: str
    key: str
    source: str
    document: str
    locator: str
    published_at: datetime
    known_at: datetime
    licence: str
    withdrawn: bool = False
    marking: Marking = PUBLIC
