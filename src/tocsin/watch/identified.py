"""What is new, what is rising? Plain comparisons of laboratory identifications, and nothing more.

No test of significance, no correction for reporting delay: what stands here is arithmetic on raw counts and is called
so. A period without a row is ``None``, not zero: nobody says that it was looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tocsin.records.findings import Method
from tocsin.records.kinds import pairs

MIN_REPORTS = 10
MIN_RATIO = 2.0
METHOD = Method(
    "identifications-compared",
    "1",
    pairs(
        riser=f"at least {MIN_REPORTS} reports and {MIN_RATIO:g} times the same half-year before",
        new="no row in any earlier period",
        kind="simple comparison of raw counts, not a tested signal",
    ),
)

Half = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Identifications:
    """A substance's reports by half-year, oldest first.

    ``halves``: (first day, last day, reports or ``None``, whether the period is still filling). ``latest``: reports in
    the newest complete half-year; ``year_before``: in the same half a year earlier. ``ratio``: their quotient.
    """

    substance: str
    halves: tuple[tuple[date, date, int | None, bool], ...]
    latest: int | None
    year_before: int | None
    first: date
    records: tuple[tuple[date, str], ...]
    retrospective: bool

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of all records the series rests on."""
        return tuple(record for _, record in self.records)

    def evidence_of(self, start: date) -> tuple[str, ...]:
        """The ids of the records of the half-year that starts on that day."""
        return tuple(record for day, record in self.records if day == start)

    @property
    def ratio(self) -> float | None:
        """How many times the reports of a year before; ``None`` where either is missing."""
        return self.latest / self.year_before if self.latest and self.year_before else None

    @property
    def is_riser(self) -> bool:
        """Whether the plain comparison calls it a fast riser."""
        return self.ratio is not None and self.ratio >= MIN_RATIO and (self.latest or 0) >= MIN_REPORTS


def identifications(rows: Iterable[Mapping[str, Any]]) -> list[Identifications]:
    """One entry a substance, most reported in the newest complete half-year first.

    ``rows``: ``id, substance, period_start, period_end, value, status, retrospective`` of one query, by half-year.
    """
    by_substance: dict[str, list[Mapping[str, Any]]] = {}
    halves: dict[Half, bool] = {}
    for row in rows:
        by_substance.setdefault(row["substance"], []).append(row)
        half = (row["period_start"], row["period_end"])
        halves[half] = halves.get(half, False) or row["status"] == "incomplete"
    complete = sorted(half for half, filling in halves.items() if not filling)
    latest = complete[-1] if complete else None
    found = [_one(substance, some, halves, latest) for substance, some in by_substance.items()]
    return sorted(found, key=lambda one: (-(one.latest or 0), one.substance))


def newly_identified(found: Iterable[Identifications]) -> list[Identifications]:
    """Those whose first row falls in the newest complete half-year or later, most reported first."""
    new = []
    for one in found:
        complete = [half for half in one.halves if not half[3]]
        if complete and one.first >= complete[-1][0] and len(complete) > 1:
            new.append(one)
    return sorted(new, key=lambda one: (-sum(half[2] or 0 for half in one.halves), one.substance))


def fast_risers(found: Iterable[Identifications]) -> list[Identifications]:
    """Those at least doubled on the same half-year before, the largest increase in reports first."""
    risers = [one for one in found if one.is_riser]
    return sorted(risers, key=lambda one: ((one.year_before or 0) - (one.latest or 0), one.substance))


def _one(
    substance: str, rows: list[Mapping[str, Any]], halves: Mapping[Half, bool], latest: Half | None
) -> Identifications:
    sums: dict[Half, int] = {}
    for row in rows:
        if row["value"] is not None:
            half = (row["period_start"], row["period_end"])
            sums[half] = sums.get(half, 0) + round(row["value"])
    before = latest and (latest[0].replace(year=latest[0].year - 1), latest[1].replace(year=latest[1].year - 1))
    return Identifications(
        substance=substance,
        halves=tuple((*half, sums.get(half), filling) for half, filling in sorted(halves.items())),
        latest=sums.get(latest) if latest else None,
        year_before=sums.get(before) if before else None,
        first=min(row["period_start"] for row in rows),
        records=tuple(sorted((row["period_start"], row["id"]) for row in rows)),
        retrospective=any(row["retrospective"] for row in rows),
    )
