"""A value of a series on a day, as a picture takes it."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.charts.dress import Mark
from tocsin.charts.texts import clean, milliseconds, number, path, shown
from tocsin.records.kinds import STATUSES


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a series for the period that begins on a day; ``value`` None where it is missing.

    ``status`` is one of the statuses of an observation. A suppressed value is never drawn nor kept. ``label`` is what
    the mark says, ``href`` a path on this site. Raises ValueError for a number that is not finite, an interval with
    one end or upside down, an unknown status, a day that is none and a path that leads off the site.
    """

    series: str
    start: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    status: str = "final"
    label: str = ""
    href: str | None = None

    def __post_init__(self) -> None:
        for value in (self.value, self.lower, self.upper):
            number(value)
        if (self.lower is None) is not (self.upper is None):
            raise ValueError(f"an interval has two ends: {self.lower} to {self.upper}")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise ValueError(f"an interval goes upwards: {self.lower} to {self.upper}")
        if self.status not in STATUSES:
            raise ValueError(f"a status is one of {', '.join(STATUSES)}, not {self.status!r}")
        path(self.href)
        milliseconds(self.start)

    @property
    def drawn(self) -> bool:
        """Is there a value to draw?"""
        return self.value is not None and not self.hidden

    @property
    def banded(self) -> bool:
        """Is there a value with an interval to draw?"""
        return self.drawn and self.lower is not None

    @property
    def hidden(self) -> bool:
        """Did the publisher withhold the value?"""
        return self.status == "suppressed"

    @property
    def numbers(self) -> tuple[float, ...]:
        """What is drawn of value and interval."""
        held = (self.value, self.lower, self.upper) if self.drawn else ()
        return tuple(number for number in held if number is not None)

    def row(self) -> tuple[str | float | None, ...]:
        """The point as a row of the table."""
        numbers = (None, None, None) if self.hidden else (self.value, self.lower, self.upper)
        label, href = clean(self.label), path(self.href)
        return (clean(self.series), self.start, *numbers, self.status, label, href)

    def mark(self) -> Mark:
        """What the point's mark says; without a label of the caller's, series, day and value."""
        plain = shown(self.value) if self.drawn and self.value is not None else self.status
        return Mark(self.label or f"{self.series}, {self.start}: {plain}", path(self.href))
