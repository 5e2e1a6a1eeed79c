"""How many died? Yearly sums of monthly deaths, set against a baseline year and the year before.

Counts and age-adjusted rates are two measures and are compared apart: a growing or ageing population moves one and not
the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.records.findings import Method
from tocsin.records.kinds import pairs

BASELINE = 2013
"""The year before illicit fentanyl spread in the US: the year NCHS's own comparisons start from (MMWR 70(6):202-207)."""

METHOD = Method("yearly-deaths", "1", pairs(baseline=str(BASELINE), year="sum of twelve months, none missing"))


@dataclass(frozen=True, slots=True)
class YearOfDeaths:
    """A year's deaths and rate. ``None`` where a month is missing or suppressed, or no rate is held.

    ``times_baseline``: deaths over those of the baseline year. ``change``, ``rate_change``: per cent against the year
    before. ``change_evidence`` and ``baseline_evidence`` hold the records of both years. ``retrospective`` and
    ``rate_retrospective``: published only after the day asked for; a change is so if either of its rates is.
    """

    year: int
    deaths: int | None
    times_baseline: float | None
    change: float | None
    evidence: tuple[str, ...]
    change_evidence: tuple[str, ...]
    baseline_evidence: tuple[str, ...]
    retrospective: bool
    rate: float | None
    rate_change: float | None
    rate_evidence: tuple[str, ...]
    rate_change_evidence: tuple[str, ...]
    rate_retrospective: bool
    rate_change_retrospective: bool


def years_of_deaths(months: Iterable[Mapping[str, Any]], rates: Iterable[Mapping[str, Any]]) -> list[YearOfDeaths]:
    """One entry a year, oldest first.

    ``months``: ``id, period_start, value, retrospective`` of monthly counts of one definition and place; ``rates``: the
    same of yearly rates.
    """
    counted: dict[int, list[Mapping[str, Any]]] = {}
    for month in months:
        counted.setdefault(month["period_start"].year, []).append(month)
    rated = {rate["period_start"].year: rate for rate in rates}
    deaths = {year: _sum(rows) for year, rows in counted.items()}
    records = {year: tuple(sorted(row["id"] for row in rows)) for year, rows in counted.items()}
    value = {year: rate["value"] for year, rate in rated.items()}
    rate_record = {year: (rate["id"],) for year, rate in rated.items()}
    later = {year: bool(rate["retrospective"]) for year, rate in rated.items()}
    return [
        YearOfDeaths(
            year=year,
            deaths=deaths.get(year),
            times_baseline=_ratio(deaths.get(year), deaths.get(BASELINE)),
            change=_change(deaths.get(year), deaths.get(year - 1)),
            evidence=records.get(year, ()),
            change_evidence=records.get(year - 1, ()) + records.get(year, ()),
            baseline_evidence=tuple(dict.fromkeys(records.get(BASELINE, ()) + records.get(year, ()))),
            retrospective=any(row["retrospective"] for row in counted.get(year, [])),
            rate=value.get(year),
            rate_change=_change(value.get(year), value.get(year - 1)),
            rate_evidence=rate_record.get(year, ()),
            rate_change_evidence=rate_record.get(year - 1, ()) + rate_record.get(year, ()),
            rate_retrospective=later.get(year, False),
            rate_change_retrospective=later.get(year, False) or later.get(year - 1, False),
        )
        for year in sorted(counted.keys() | rated.keys())
    ]


def _sum(rows: list[Mapping[str, Any]]) -> int | None:
    """The year's sum, only if all twelve months are there and none is suppressed."""
    if len({row["period_start"].month for row in rows}) != 12 or any(row["value"] is None for row in rows):
        return None
    return int(sum(row["value"] for row in rows))


def _ratio(value: float | None, base: float | None) -> float | None:
    return value / base if value is not None and base else None


def _change(value: float | None, before: float | None) -> float | None:
    return (value / before - 1) * 100 if value is not None and before else None
