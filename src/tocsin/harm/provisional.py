"""How many died lately? Twelve-month sums as reported so far and as predicted, with how complete they are.

These count deaths where they happened; final counts are of residents. The two are never compared. A month is compared
with the same month a year before, for neighbouring sums share eleven months.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tocsin.records.findings import Method
from tocsin.records.kinds import pairs

PROVISIONAL_METHOD = Method("twelve-month-deaths", "1", pairs(compared="the same month a year before, of one kind"))


@dataclass(frozen=True, slots=True)
class TwelveMonths:
    """The twelve months that end with a day.

    ``reported`` so far, ``predicted`` by the publisher; changes are per cent on the same twelve months a year before.
    ``pending``: per cent of all death records without a cause yet. ``incomplete``: the publisher says it is
    underreported.
    """

    end: date
    reported: int
    predicted: int | None
    change: float | None
    predicted_change: float | None
    pending: float | None
    incomplete: bool
    evidence: tuple[str, ...]
    change_evidence: tuple[str, ...]


def twelve_months(
    reported: Iterable[Mapping[str, Any]], predicted: Iterable[Mapping[str, Any]], pending: Iterable[Mapping[str, Any]]
) -> list[TwelveMonths]:
    """One entry a period that has a reported number, oldest first. Rows: ``id, period_end, value, status``."""
    said = {row["period_end"]: row for row in reported if row["value"] is not None}
    guess = {row["period_end"]: row for row in predicted if row["value"] is not None}
    open_ = {row["period_end"]: row for row in pending if row["value"] is not None}
    return [_of(end, said, guess, open_) for end in sorted(said)]


_Rows = Mapping[date, Mapping[str, Any]]


def _of(end: date, said: _Rows, guess: _Rows, open_: _Rows) -> TwelveMonths:
    before = _year_before(end)
    rows = [some[end] for some in (said, guess, open_) if end in some]
    earlier = [some[before] for some in (said, guess) if before in some]
    return TwelveMonths(
        end=end,
        reported=int(said[end]["value"]),
        predicted=int(guess[end]["value"]) if end in guess else None,
        change=_change(said, end, before),
        predicted_change=_change(guess, end, before),
        pending=open_[end]["value"] if end in open_ else None,
        incomplete=said[end]["status"] == "incomplete",
        evidence=tuple(row["id"] for row in rows),
        change_evidence=tuple(row["id"] for row in (*earlier, *rows)),
    )


def _year_before(end: date) -> date:
    """The last day of the same month a year before: a February may have one more."""
    following = date(end.year - 1 + end.month // 12, end.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _change(some: _Rows, end: date, before: date) -> float | None:
    if end not in some or before not in some or not some[before]["value"]:
        return None
    return float(some[end]["value"] / some[before]["value"] - 1) * 100
