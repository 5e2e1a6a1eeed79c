"""Invented observations: true definitions and substances, every state and country, many years, several vintages."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial

from tocsin.feeds import DEFINITIONS
from tocsin.node import Draft, View
from tocsin.records import Observation
from tocsin.records.kinds import Pairs
from tocsin.records.places import places

NEWEST = (2026, 11)
Of = tuple[str | None, Pairs]
"""What a series is of: substance, dimensions."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Series of one definition. Periods of ``months`` begin every ``step`` months; ``of`` that many of the starter's kinds.

    ``digits``: of the values. ``least``: smaller counts are suppressed, and so is a
    share of ``gaps``. ``own``: (measure, unit) of a definition that the
    catalogue does not know, which a node may hold too.
    """

    definition: str
    where: str
    first: date
    periods: int
    months: int
    step: int
    of: int
    level: float
    digits: int = 0
    least: int = 0
    gaps: float = 0.0
    status: str | None = None
    interval: bool = False
    own: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """A source: its plans, and how many releases, every so many months, tell all of them anew up to ``lag`` months ago."""

    source: str
    licence: str
    publisher: str
    releases: int
    every: int
    lag: int
    plans: tuple[Plan, ...]

    def published(self, number: int) -> datetime:
        """The day of a release; the last is of the newest month."""
        year, month = _month(*NEWEST, -(self.releases - 1 - number) * self.every)
        return datetime(year, month, 15, tzinfo=UTC)


_YEARS = date(2015, 1, 1)
_vsrr = partial(Plan, where="states", first=date(2014, 2, 1), periods=140, months=12, step=1, of=1)
_dose = partial(Plan, where="states", first=date(2018, 2, 1), periods=101, step=1, of=3, digits=1, gaps=0.015)
_cbp = partial(Plan, where="US", first=date(2018, 10, 1), periods=94, months=1, step=1, of=147)
_phac = partial(
    Plan, where="provinces", first=date(2016, 1, 1), periods=40, months=3, step=3, of=2, least=5, gaps=0.015
)
PUBLICATIONS = (
    Publication(
        "us-cdc-vsrr", "US-PD", "invented after NCHS", 12, 1, 4,
        (
            _vsrr("us-vsrr-12-month-reported", level=900, gaps=0.015),
            _vsrr("us-vsrr-12-month-predicted", level=950, status="predicted"),
            _vsrr("us-vsrr-pending", level=0.3, digits=2),
            _vsrr("us-vsrr-complete", level=99, digits=1),
        ),
    ),
    Publication(
        "us-cdc-dose", "US-PD", "invented after CDC", 4, 3, 2,
        (
            _dose("us-dose-visits", months=1, level=12),
            _dose("us-dose-visits-12-months", months=12, level=12),
        ),
    ),
    Publication(
        "us-dea-nflis", "US-PD", "invented after DEA", 4, 6, 4,
        (Plan("us-nflis-drug-reports", "states", _YEARS, 22, 6, 6, 40, level=60),),
    ),
    Publication(
        "us-cbp-seizures", "US-PD", "invented after CBP", 5, 6, 1,
        (
            _cbp("us-cbp-seizure-events", level=25),
            _cbp("us-cbp-seized-weight", level=120, digits=1),
        ),
    ),
    Publication(
        "ca-phac-harms", "OGL-CA", "invented after PHAC", 10, 3, 6,
        (
            _phac("ca-phac-deaths", level=120),
            _phac("ca-phac-hospitalizations", level=150),
            _phac("ca-phac-ed-visits", level=400),
            _phac("ca-phac-ems", level=600),
        ),
    ),
    Publication(
        "us-cdc-wonder", "US-PD", "invented after CDC WONDER", 4, 3, 5,
        (Plan("us-t404-resident-month", "states", date(1999, 1, 1), 329, 1, 1, 1, level=40, least=10, gaps=0.015),),
    ),
    Publication(
        "bench-world", "CC0-1.0", "Tocsin's bench", 3, 6, 3,
        (
            Plan("bench-seized-by-country", "countries", date(2018, 1, 1), 102, 1, 1, 3, level=30, gaps=0.015, digits=2,
                 own=("seized_weight", "kg")),
            Plan("bench-deaths-estimated", "countries", date(2008, 1, 1), 18, 12, 12, 2, level=300, interval=True,
                 own=("deaths", "deaths")),
        ),
    ),
)  # fmt: skip
_MORE: dict[str, tuple[Of, ...]] = {
    "us-t404-resident-month": (("T40.4", ()),),
    "bench-seized-by-country": (("Fentanyl", ()), ("Methamphetamine", ()), ("Heroin", ())),
    "bench-deaths-estimated": (("Opioids", ()), ("Stimulants", ())),
}


def kinds_held(view: View) -> dict[str, tuple[Of, ...]]:
    """Of each definition of the starter set, what its series are of: the plainest first, then the most frequent."""
    rows = view.rows("SELECT definition, substance, dims, count(*) AS times FROM observation GROUP BY ALL")
    rows.sort(key=lambda row: (len(row["dims"]), -row["times"], row["substance"] or "", sorted(row["dims"])))
    found: dict[str, list[Of]] = {}
    for row in rows:
        found.setdefault(row["definition"], []).append((row["substance"], tuple(sorted(row["dims"]))))
    return {definition: tuple(some) for definition, some in found.items()} | _MORE


@dataclass(frozen=True)
class Series:
    """The series of one plan with their true numbers, of which each release tells what is complete by then."""

    plan: Plan
    of: tuple[Of, ...]
    share: float

    @cached_property
    def names(self) -> list[tuple[str, Of]]:
        """(place, what it is of), as many as the share of the plan says."""
        every = [(place, of) for place in _places(self.plan.where) for of in self.of[: self.plan.of]]
        return every[: math.ceil(len(every) * self.share)]

    @cached_property
    def spans(self) -> list[tuple[date, date]]:
        """First and last day of each period."""
        first, plan = self.plan.first, self.plan
        starts = [date(*_month(first.year, first.month, n * plan.step), 1) for n in range(plan.periods)]
        return [(day, date(*_month(day.year, day.month, plan.months), 1) - timedelta(days=1)) for day in starts]

    @cached_property
    def _chance(self) -> random.Random:
        return random.Random(self.plan.definition)

    @cached_property
    def _truth(self) -> list[list[float]]:
        """Each series' numbers: a level of its own and a random walk from it."""
        chance, most = self._chance, 100.0 if self.unit == "per cent" else math.inf
        rows = []
        for _ in self.names:
            value, row = chance.lognormvariate(math.log(self.plan.level), 0.7), []
            for _ in range(self.plan.periods):
                value = min(value * math.exp(chance.gauss(0, 0.05)), most)
                row.append(value)
            rows.append(row)
        return rows

    @cached_property
    def measure(self) -> str:
        """The measure of the definition."""
        return self.plan.own[0] if self.plan.own else DEFINITIONS[self.plan.definition].measure

    @cached_property
    def unit(self) -> str:
        """The unit of the definition."""
        return self.plan.own[1] if self.plan.own else DEFINITIONS[self.plan.definition].unit

    def told(self, published: date, lag: int) -> Iterator[Observation]:
        """What a release of that day tells: newer periods are not complete yet, some numbers are suppressed."""
        plan, digits = self.plan, self.plan.digits or None
        ages = [_months_between(end, published) for _, end in self.spans]
        periods = [
            (*span, age, 1 - 0.3 * math.exp(-age / 4)) for span, age in zip(self.spans, ages, strict=True) if age >= lag
        ]
        for (place, (substance, dims)), row in zip(self.names, self._truth, strict=True):
            for (start, end, age, complete), true in zip(periods, row, strict=False):
                value = float(round(true * complete, digits))
                gone = value < plan.least or self._chance.random() < plan.gaps
                status = "suppressed" if gone else plan.status or ("provisional" if age < 24 else "final")
                lower, upper = (round(value * 0.85), round(value * 1.2)) if plan.interval and not gone else (None, None)
                yield Observation(
                    self.measure, plan.definition, place, start, end, self.unit, status,
                    None if gone else value, substance, dims, lower, upper,
                )  # fmt: skip


def releases(
    publication: Publication, kinds: Mapping[str, Sequence[Of]], share: float
) -> Iterator[tuple[datetime, list[Draft]]]:
    """Release by release, oldest first: its moment and what it tells."""
    series = [Series(plan, tuple(kinds[plan.definition]), share) for plan in publication.plans]
    for number in range(publication.releases):
        moment = publication.published(number)
        told = (body for one in series for body in one.told(moment.date(), publication.lag))
        yield moment, [Draft(body, f"row {row}") for row, body in enumerate(told, start=1)]


def offered(kinds: Mapping[str, Sequence[Of]]) -> int:
    """About how many observations all plans make at full share: no fewer are made."""
    return sum(
        len(_places(plan.where))
        * min(plan.of, len(kinds[plan.definition]))
        * sum(
            _months_between(end, publication.published(number).date()) >= publication.lag
            for number in range(publication.releases)
            for _, end in Series(plan, (), 1).spans
        )
        for publication in PUBLICATIONS
        for plan in publication.plans
    )


def _places(where: str) -> list[str]:
    if where == "countries":
        return sorted(one.code for one in places().values() if one.kind == "country")
    parents = {"states": "US", "provinces": "CA"}
    return (
        sorted(one.code for one in places().values() if one.parent == parents[where]) if where in parents else [where]
    )


def _month(year: int, month: int, later: int) -> tuple[int, int]:
    months = year * 12 + month - 1 + later
    return months // 12, months % 12 + 1


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month
