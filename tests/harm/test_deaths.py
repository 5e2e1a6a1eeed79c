"""Deaths by year: whole years only, counts and rates apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tocsin.harm import years_of_deaths


def months(year: int, each: float | None, skip: int = 0) -> list[dict[str, Any]]:
    return [
        {"id": f"{year}-{m}", "period_start": date(year, m, 1), "value": each, "retrospective": False}
        for m in range(1, 13)
        if m != skip
    ]


def rate(year: int, value: float, later: bool = False) -> dict[str, Any]:
    return {"id": f"r{year}", "period_start": date(year, 1, 1), "value": value, "retrospective": later}


def test_counts_and_rates_are_compared_apart() -> None:
    found = years_of_deaths(
        months(2013, 100) + months(2019, 1000) + months(2020, 1500), [rate(2019, 11.4), rate(2020, 17.8, True)]
    )
    last = found[-1]
    assert (last.deaths, last.times_baseline, last.change) == (18_000, 15.0, 50.0)
    assert last.rate_change == pytest.approx(56.14, abs=0.01)
    assert (last.rate_retrospective, last.retrospective) == (True, False)
    assert len(last.evidence) == 12 and last.rate_evidence == ("r2020",)


def test_a_year_with_a_missing_or_suppressed_month_has_no_sum() -> None:
    assert [y.deaths for y in years_of_deaths(months(2020, 1, skip=7), [])] == [None]
    assert [y.deaths for y in years_of_deaths(months(2020, None), [])] == [None]


def test_without_the_year_before_there_is_no_change() -> None:
    (only,) = years_of_deaths(months(2020, 1), [rate(2020, 17.8)])
    assert (only.change, only.rate_change, only.times_baseline) == (None, None, None)


def test_a_year_with_a_rate_only_is_kept() -> None:
    assert [(y.year, y.deaths, y.rate) for y in years_of_deaths([], [rate(2002, 0.4)])] == [(2002, None, 0.4)]
