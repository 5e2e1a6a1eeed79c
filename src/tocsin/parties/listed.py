"""Who was newly listed? Designations in a window, with what each list says of the party.

Publishers' lists carry no dates, so a designation is bounded: seen on one day, not yet on an earlier one. Several bounds
of one listing are narrowed to their overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tocsin.records.findings import Method, Stated, Window
from tocsin.records.kinds import pairs

METHOD = Method("newly-listed", "1", pairs(dating="narrowest overlap of the bounds held"))


@dataclass(frozen=True, slots=True)
class Listing:
    """A party's designation or delisting: on some day from ``earliest`` to ``day``.

    ``programmes``, ``countries``: each as stated, with its record. ``evidence``: ids of the events that bound the day.
    """

    subject: str
    name: Stated
    schema: str
    programmes: tuple[Stated, ...]
    countries: tuple[Stated, ...]
    day: date
    earliest: date
    evidence: tuple[str, ...]

    @property
    def is_individual(self) -> bool:
        """Whether the list calls the party an individual; all others are entities, vessels or aircraft."""
        return self.schema == "Person"


def listings(
    events: Iterable[Mapping[str, Any]],
    claims: Iterable[Mapping[str, Any]],
    window: Window,
    programmes: frozenset[str],
) -> list[Listing]:
    """The listings whose day lies in the window, under one of these programmes, newest first.

    ``events`` (``id, subject, date, date_earliest``) are designations or delistings of one kind; ``claims`` (``id,
    subject, schema, property, value, retrospective, said_at``) say who the parties are.
    """
    said: dict[str, list[Mapping[str, Any]]] = {}
    for claim in claims:
        said.setdefault(claim["subject"], []).append(claim)
    found = []
    for subject, bounds in _by_subject(events).items():
        for day, earliest, evidence in _narrowed(bounds):
            if window.start <= day <= window.end:
                one = _listing(subject, said.get(subject, []), day, earliest, evidence)
                if one and programmes & {stated.value for stated in one.programmes}:
                    found.append(one)
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.is_individual, one.name.value))


def _by_subject(events: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for event in events:
        if event["date"] is not None:
            groups.setdefault(event["subject"], []).append(event)
    return groups


def _narrowed(bounds: Sequence[Mapping[str, Any]]) -> list[tuple[date, date, tuple[str, ...]]]:
    """Overlapping bounds speak of one listing and are narrowed; bounds apart are listings apart."""
    merged: list[tuple[date, date, tuple[str, ...]]] = []
    for event in sorted(bounds, key=lambda e: (e["date"], e["date_earliest"] or e["date"])):
        day, earliest = event["date"], event["date_earliest"] or event["date"]
        if merged and earliest <= merged[-1][0]:
            last_day, last_earliest, evidence = merged[-1]
            merged[-1] = (min(day, last_day), max(earliest, last_earliest), (*evidence, event["id"]))
        else:
            merged.append((day, earliest, (event["id"],)))
    return merged


def _listing(
    subject: str, said: Sequence[Mapping[str, Any]], day: date, earliest: date, evidence: tuple[str, ...]
) -> Listing | None:
    names = _stated(said, "name")
    if not names:
        return None
    schema = next((c["schema"] for c in said if c["property"] == "name"), "LegalEntity")
    countries = (*_stated(said, "country"), *_stated(said, "nationality"))
    return Listing(
        subject, names[0], schema, _stated(said, "programId"), _first_each(countries), day, earliest, evidence
    )


def _stated(said: Sequence[Mapping[str, Any]], name: str) -> tuple[Stated, ...]:
    """Each value once: what was published by the day asked for first, and of that the newest first; then later files."""
    rows = sorted((c for c in said if c["property"] == name), key=lambda c: (c["value"], c["id"]))
    rows.sort(key=lambda c: c["said_at"], reverse=True)
    rows.sort(key=lambda c: bool(c["retrospective"]))
    return _first_each(Stated(c["value"], c["id"], c["retrospective"]) for c in rows)


def _first_each(values: Iterable[Stated]) -> tuple[Stated, ...]:
    first: dict[str, Stated] = {}
    for stated in values:
        first.setdefault(stated.value, stated)
    return tuple(first.values())
