"""Which numbers does a reader of series want? Read once for the page, its CSV and the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Query

from tocsin.console.asking import moment_of, read_day
from tocsin.console.once import once
from tocsin.errors import NotFoundError, UsageError
from tocsin.feeds import DEFINITIONS
from tocsin.feeds.catalogue import Definition
from tocsin.node.finding import Moment
from tocsin.node.index import Index
from tocsin.node.series import Series, Value, periods_of, rank_of, series_of, values_of
from tocsin.records.places import read_place

VIEWS = ("lines", "map")
LENGTHS = {
    "day": (1, 1), "week": (7, 7), "month": (28, 31), "quarter": (89, 92), "half-year": (181, 184), "year": (365, 366)
}  # fmt: skip
"""How many days a period of each name may have; what is of no such length is ``OTHER``, such as a year so far."""
OTHER = "other length"
_NO_NAMES = ("substance_id", "category")
MOST_SERIES = 12
_MOST_PLACES = 400
_TRIED, _LATELY, _MOST_OF_THEM = 12, 3, 0.8


Several = Annotated[Sequence[str], Query()]


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
        definition: str = "",
        place: Several = (),
        substance: str = "",
        dim: Several = (),
        length: str = "",
        view: str = VIEWS[0],
        period: str = "",
        as_of: str = "",
    ) -> Wanted:
        """From query parameters; UsageError in one line when one makes no sense."""
        if view not in VIEWS:
            raise UsageError(f"view is {view[:20]!r}", mend=f"use one of {', '.join(VIEWS)}")
        if length and length not in (*LENGTHS, OTHER):
            raise UsageError(f"length is {length[:20]!r}", mend=f"use one of {', '.join(LENGTHS)}")
        if bad := [one for one in dim if one and "=" not in one]:
            raise UsageError(f"dim is {bad[0][:20]!r}", mend="write it like part=New York City, or part= for none")
        dims = tuple(tuple(one.split("=", 1)) for one in dim if one)
        places = tuple(dict.fromkeys(read_place(code) for code in place if code.strip()))
        if len(places) > _MOST_PLACES:
            raise UsageError(f"{len(places)} places are too many", mend=f"give at most {_MOST_PLACES}")
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

    @property
    def kind(self) -> str:
        """Of which substance and dimensions all series shown are, in words; empty where they differ."""
        kinds = {(one.substance, one.dims) for one in self.series}
        if len(kinds) != 1:
            return ""
        substance, dims = kinds.pop()
        return ", ".join(part for part in (substance or "", *(value for _, value in dims)) if part)

    def rows(self) -> list[dict[str, Any]]:
        """The numbers shown, row by row, for table, CSV and Arrow."""
        by_number = {one.number: one for one in self.series}
        return [_row(by_number[value.series], value) for value in self.values]


def choose(index: Index, wanted: Wanted) -> Chosen:
    """The series and values that fit; NotFoundError where nothing is held of the definition."""
    return _chosen(index, wanted, index.state)


@once(most=64)
def _chosen(index: Index, wanted: Wanted, _state: object) -> Chosen:
    moment = moment_of(wanted.as_of)
    every, choices = _every(index, wanted.definition, moment, index.state)
    if not every and not _every(index, wanted.definition, Moment(), index.state)[0]:
        raise NotFoundError("nothing is held of that definition", mend="choose one from the page of series")
    fitting = sorted((one for one in every if _fits(one, wanted)), key=lambda one: rank_of(one.substance))
    shown = fitting if wanted.view == "map" else fitting[:MOST_SERIES]
    periods: tuple[date, ...] = ()
    if wanted.view == "map":
        shown = _of_one_kind(index, shown, moment)
        periods = tuple(periods_of(index, shown, moment))
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


def choices_of(index: Index, definition: str, moment: Moment) -> dict[str, tuple[str, ...]]:
    """What can be chosen of a definition: places, substances, and the values of each dimension."""
    return _every(index, definition, moment, index.state)[1]


@once(most=64)
def _every(
    index: Index, definition: str, moment: Moment, _state: object
) -> tuple[tuple[Series, ...], dict[str, tuple[str, ...]]]:
    every = tuple(series_of(index, moment, definition))
    return every, _choices(every)


def length_of(value: Value) -> str:
    """How long a value's period is, by its name."""
    days = (value.period_end - value.period_start).days + 1
    return next((name for name, (least, most) in LENGTHS.items() if least <= days <= most), OTHER)


def name_of_series(series: Series, others: Sequence[Series], place: Callable[[str], str] = str) -> str:
    """What tells a series from the others shown with it; ``place`` names a place by its code."""
    parts = []
    if len({one.place for one in others}) > 1 or not others:
        parts.append(place(series.place))
    if len({one.substance for one in others}) > 1:
        parts.append(series.substance or "all substances")
    same = set(others[0].dims).intersection(*(one.dims for one in others)) if others else set()
    parts += [value for name, value in series.dims if (name, value) not in same and name not in _NO_NAMES]
    return ", ".join(parts) or place(series.place)


def _fits(series: Series, wanted: Wanted) -> bool:
    dims = dict(series.dims)
    return (
        (not wanted.places or series.place in wanted.places)
        and (wanted.substance is None or (series.substance or "").casefold() == wanted.substance.casefold())
        and all((name in dims) if value == "*" else dims.get(name, "") == value for name, value in wanted.dims)
    )


def _of_one_kind(index: Index, series: Sequence[Series], moment: Moment) -> list[Series]:
    """A map shows one thing in all places: of several substances or breakdowns the one on fentanyl, the largest of late."""
    kinds: dict[tuple[str | None, object], list[Series]] = {}
    for one in series:
        kinds.setdefault((one.substance, one.dims), []).append(one)
    if len(kinds) < 2:
        return list(series)
    days = periods_of(index, series, moment)[:_LATELY]
    sums: dict[int, float] = {}
    for value in (value for day in days for value in values_of(index, series, moment, day, counted=False)):
        sums[value.series] = sums.get(value.series, 0) + abs(value.value or 0)
    return max(
        kinds.values(), key=lambda some: (-rank_of(some[0].substance), sum(sums.get(one.number, 0) for one in some))
    )


def _of_period(
    index: Index, series: Sequence[Series], moment: Moment, wanted: Wanted, periods: Sequence[date]
) -> list[Value]:
    """The values of the period asked for, else of the newest one that is not still filling, where most places have one."""
    if wanted.period:
        return values_of(index, series, moment, wanted.period)
    tried = periods[:_TRIED]
    found = [values_of(index, series, moment, day, counted=False) for day in tried]
    length = wanted.length or next(iter(_lengths([value for values in found for value in values])), "")
    whole = [[one for one in values if one.value is not None and one.status != "incomplete"] for values in found]
    counts = [sum(length_of(one) == length for one in values) for values in whole]
    enough = max(counts, default=0) * _MOST_OF_THEM
    day = next((day for day, count in zip(tried, counts, strict=True) if count and count >= enough), None)
    return values_of(index, series, moment, day) if day else []


def _lengths(values: Sequence[Value]) -> tuple[str, ...]:
    """The lengths of periods there are, the most frequent first; those without a name last."""
    found = [name for name, _ in Counter(map(length_of, values)).most_common()]
    return tuple(sorted(found, key=lambda name: name == OTHER))


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
