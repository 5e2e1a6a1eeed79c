"""Which numbers does a reader of series want? Read once for the page, its CSV and the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tocsin.console.asking import moment_of, read_day
from tocsin.console.once import once
from tocsin.errors import NotFoundError, UsageError
from tocsin.feeds import DEFINITIONS
from tocsin.feeds.catalogue import Definition
from tocsin.node.finding import Moment
from tocsin.node.index import Index
from tocsin.node.series import Series, Value, periods_of, series_of, values_of

VIEWS = ("lines", "map")
LENGTHS = (("day", 1), ("week", 7), ("month", 31), ("quarter", 92), ("half-year", 184), ("year", 366))
MOST_SERIES = 12
_MOST_PLACES = 400


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for. ``dims``: (name, value) pairs; ``length``: how long the periods are."""

    definition: str
    places: tuple[str, ...] = ()
    substance: str | None = None
    dims: tuple[tuple[str, str], ...] = ()
    length: str = ""
    view: str = "lines"
    period: date | None = None
    as_of: str = ""

    @classmethod
    def read(
        cls,
        definition: str,
        place: Sequence[str],
        substance: str,
        dim: Sequence[str],
        length: str,
        view: str,
        period: str,
        as_of: str,
    ) -> Wanted:
        """From query parameters; UsageError in one line when one makes no sense."""
        if view not in VIEWS:
            raise UsageError(f"view is {view[:20]!r}", mend=f"use one of {', '.join(VIEWS)}")
        if length and length not in dict(LENGTHS):
            raise UsageError(f"length is {length[:20]!r}", mend=f"use one of {', '.join(dict(LENGTHS))}")
        dims = tuple(tuple(one.split("=", 1)) for one in dim if "=" in one)
        places = tuple(dict.fromkeys(code.strip() for code in place if code.strip()))[:_MOST_PLACES]
        read_day(as_of)
        return cls(definition, places, substance.strip() or None, dims, length, view, read_day(period), as_of)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The series that fit, their values at the reader's day, and what else could be chosen."""

    wanted: Wanted
    about: Definition | None
    series: tuple[Series, ...]
    values: tuple[Value, ...]
    choices: dict[str, tuple[str, ...]]
    lengths: tuple[str, ...]
    periods: tuple[date, ...]
    fitting: int

    @property
    def label(self) -> str:
        """What the numbers are, in words."""
        return self.about.label if self.about else self.wanted.definition

    @property
    def unit(self) -> str:
        """The unit of the numbers."""
        return next((value.unit for value in self.values), self.about.unit if self.about else "")

    def rows(self) -> list[dict[str, Any]]:
        """The numbers shown, row by row, for table, CSV and Arrow."""
        by_number = {one.number: one for one in self.series}
        return [_row(by_number[value.series], value) for value in self.values]


def choose(index: Index, wanted: Wanted) -> Chosen:
    """The series and values that fit; NotFoundError where nothing is held of the definition."""
    every, choices = _every(index, wanted.definition, index.state)
    if not every:
        raise NotFoundError("nothing is held of that definition", mend="choose one from the page of series")
    fitting = [one for one in every if _fits(one, wanted)]
    shown = fitting if wanted.view == "map" else fitting[:MOST_SERIES]
    moment = moment_of(wanted.as_of)
    periods: tuple[date, ...] = ()
    if wanted.view == "map":
        periods = tuple(periods_of(index, shown))
        shown = _one_a_place(shown)
        values = _of_period(index, shown, moment, wanted, periods)
    else:
        values = values_of(index, shown, moment)
    lengths = _lengths(values)
    length = wanted.length if wanted.length in lengths else (lengths[0] if lengths else "")
    return Chosen(
        wanted,
        DEFINITIONS.get(wanted.definition),
        tuple(shown),
        tuple(value for value in values if length_of(value) == length),
        choices,
        lengths,
        periods,
        len(fitting),
    )


def choices_of(index: Index, definition: str) -> dict[str, tuple[str, ...]]:
    """What can be chosen of a definition: places, substances, and the values of each dimension."""
    return _every(index, definition, index.state)[1]


@once(most=64)
def _every(index: Index, definition: str, _state: object) -> tuple[tuple[Series, ...], dict[str, tuple[str, ...]]]:
    every = tuple(series_of(index, definition))
    return every, _choices(every)


def length_of(value: Value) -> str:
    """How long a value's period is, by the name of the next longer one."""
    days = (value.period_end - value.period_start).days + 1
    return next((name for name, most in LENGTHS if days <= most), "year")


def name_of_series(series: Series, others: Sequence[Series]) -> str:
    """What tells a series from the others shown with it."""
    parts = []
    if len({one.place for one in others}) > 1 or not others:
        parts.append(series.place)
    if len({one.substance for one in others}) > 1:
        parts.append(series.substance or "all substances")
    same = set(others[0].dims).intersection(*(one.dims for one in others)) if others else set()
    parts += [value for pair in series.dims if pair not in same for value in pair[1:]]
    return ", ".join(parts) or series.place


def _fits(series: Series, wanted: Wanted) -> bool:
    dims = dict(series.dims)
    return (
        (not wanted.places or series.place in wanted.places)
        and (wanted.substance is None or series.substance == wanted.substance)
        and all((name in dims) if value == "*" else dims.get(name, "") == value for name, value in wanted.dims)
    )


def _one_a_place(series: Sequence[Series]) -> list[Series]:
    """A map shows one number a place: of several series the one of fewest dimensions."""
    found: dict[str, Series] = {}
    for one in series:
        held = found.get(one.place)
        if held is None or (len(one.dims), one.substance or "") < (len(held.dims), held.substance or ""):
            found[one.place] = one
    return list(found.values())


def _of_period(
    index: Index, series: Sequence[Series], moment: Moment, wanted: Wanted, periods: Sequence[date]
) -> list[Value]:
    """The values of the period asked for, else of the newest one for which most places have a number."""
    tried = [wanted.period] if wanted.period else list(periods[:6])
    found = [values_of(index, series, moment, day) for day in tried]
    return max(found, key=lambda values: sum(one.value is not None for one in values), default=[])


def _lengths(values: Sequence[Value]) -> tuple[str, ...]:
    """The lengths of periods there are, the most frequent first."""
    return tuple(name for name, _ in Counter(map(length_of, values)).most_common())


def _choices(series: Sequence[Series]) -> dict[str, tuple[str, ...]]:
    """What can be chosen: places, substances, and the values of each dimension."""
    found: dict[str, set[str]] = {"place": {one.place for one in series}}
    found["substance"] = {one.substance for one in series if one.substance is not None}
    for one in series:
        for name, value in one.dims:
            found.setdefault(name, set()).add(value)
    return {name: tuple(sorted(values)) for name, values in found.items() if values}


def _row(series: Series, value: Value) -> dict[str, Any]:
    return {
        "definition": series.definition,
        "source": series.source,
        "place": series.place,
        "substance": series.substance,
        "dims": dict(series.dims),
        "period_start": str(value.period_start),
        "period_end": str(value.period_end),
        "value": value.value,
        "lower": value.lower,
        "upper": value.upper,
        "unit": value.unit,
        "status": value.status,
        "published": str(value.published),
        "vintages": value.vintages,
        "record": value.record,
    }
