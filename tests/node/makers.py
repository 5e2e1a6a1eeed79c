"""Small releases made by hand, for tests of landing and reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256

from tocsin.node import Accounting, Draft, Release
from tocsin.records import Claim, Document, Observation

SOURCE = "test-list"


def at(day: date) -> datetime:
    """Midnight UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _release(part: str, day: date, drafts: Iterable[Draft], scope: str = "complete") -> Release:
    some = tuple(drafts)
    content = f"{part} {day} {some}"
    document = Document(
        part,
        part,
        "a publisher",
        sha256(content.encode()).hexdigest(),
        len(content),
        file_name=f"{part}_{day}.csv",
        scope=scope,
    )
    accounting = Accounting(read=len(some), accepted=len(some))
    return Release(SOURCE, "US-PD", document, at(day), some, accounting, frozenset({part}), may_shrink=True)


def party_list(day: date, names: Mapping[str, str], scope: str = "complete", code: str = "SDNTK") -> Release:
    """A complete list: subject → name."""
    return _release(
        "list",
        day,
        (
            Draft(claim, f"row {row}")
            for row, (subject, name) in enumerate(sorted(names.items()), start=1)
            for claim in (
                Claim(subject, "topics", "sanction", schema="Person"),
                Claim(subject, "name", name, schema="Person"),
                Claim(subject, "programId", code, schema="Person"),
            )
        ),
        scope,
    )


def counts(day: date, values: Mapping[int, float], part: str = "year") -> Release:
    """A complete query: year → deaths."""
    return _release(
        part,
        day,
        (
            Draft(
                Observation(
                    "deaths", "def", "US", date(year, 1, 1), date(year, 12, 31), "deaths", "provisional", value
                ),
                f"row {year}",
            )
            for year, value in values.items()
        ),
    )
