"""Was it in force on that day? Days of law are often known only by month or year, or only as "no later than"."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tocsin.substances.fit import Fit

ENDED = "ended"
"""In ``after_end``: the end is the end; anything else there, or nothing, leaves open what held afterwards."""


@dataclass(frozen=True, slots=True)
class Period:
    """When words were law.

    ``start`` is an ISO day, month or year, empty where unknown; ``precision``: day, month, year, "no later than" (the
    text read shows it in force on ``start``; since when is not held), "published" (on ``start``; the day it takes effect
    is not held) or unknown. ``end`` is the last day, if any;
    ``after_end`` says what is known of the time after it.
    """

    start: str
    precision: str
    end: str
    after_end: str
    note: str
    basis: str
    source: str

    def starts(self) -> tuple[date, date]:
        """The earliest and the latest day it can have begun."""
        if not self.start or self.precision == "unknown":
            return date.min, date.max
        first, last = _span(self.start)
        if self.precision == "published":
            return first, date.max
        return (date.min, first) if self.precision == "no later than" else (first, last)

    @property
    def since(self) -> str:
        """The first day as far as it is known, in words."""
        return (
            f"{self.precision} {self.start}"
            if self.start and self.precision in ("no later than", "published")
            else self.start
        )

    @property
    def last(self) -> date | None:
        """The last day, where there is one."""
        return _span(self.end)[1] if self.end else None

    def at(self, day: date) -> tuple[Fit, str]:
        """Whether it was in force on the day, and where that is open or over, why."""
        earliest, latest = self.starts()
        if day < earliest:
            return Fit.NO, f"not before {self.start}"
        if self.last is not None and day > self.last:
            if self.after_end == ENDED:
                return Fit.NO, f"ended {self.end}"
            return Fit.OPEN, f"ended {self.end}, {self.after_end or 'successor not held'}"
        if day < latest:
            return Fit.OPEN, self._unknown_start()
        return Fit.YES, ""

    def _unknown_start(self) -> str:
        if self.precision == "no later than":
            return f"in force no later than {self.start}; since when is not held"
        if self.precision == "published":
            return f"published {self.start}; the day it takes effect is not held"
        return f"its first day is known only as {self.start}" if self.start else "its first day is not held"


def _span(text: str) -> tuple[date, date]:
    """The first and last day of an ISO day, month or year."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    return date(parts[0], parts[1], parts[2]), date(parts[0], parts[1], parts[2])


def in_force(periods: Iterable[Period], day: date) -> tuple[Fit, str, Period | None]:
    """The best answer any of the periods gives for the day, why, and the period that gives it (the latest of equals)."""
    answers = [(*one.at(day), one) for one in periods]
    if not answers:
        return Fit.NO, "never in force", None
    return max(answers, key=lambda answer: (answer[0], _order(answer[2])))


def _order(period: Period) -> date:
    earliest, latest = period.starts()
    return latest if latest != date.max else earliest
