"""How much was seized? Sums by US fiscal year, and the running year beside the same months of the year before.

Weights are summed; events are not, for an event with two drugs stands under both and events of a running year rise from
file to file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any

from tocsin.records.findings import Method
from tocsin.records.kinds import pairs

SEIZURE_METHOD = Method(
    "seized-weight", "1", pairs(year="US fiscal year, October to September", measure="pounds, summed")
)
POUND = 0.45359237
"""Kilograms of an avoirdupois pound, by definition (NIST Handbook 44, appendix C)."""
_MONTHS = 12
_PORTS = "Office of Field Operations"


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """What was seized of a drug in a fiscal year.

    ``pounds`` of ``months`` months; ``same_months``: pounds of those months a year earlier, ``None`` where one is not
    held. ``at_ports``: the share seized at ports of entry. ``retrospective``: published only after the day asked for.
    """

    drug: str
    year: int
    pounds: float
    months: int
    newest: date
    same_months: float | None
    at_ports: float
    evidence: tuple[str, ...]
    evidence_before: tuple[str, ...]
    retrospective: bool

    @property
    def is_complete(self) -> bool:
        """Whether all twelve months are held."""
        return self.months == _MONTHS

    @property
    def kilograms(self) -> float:
        """The weight in kilograms."""
        return self.pounds * POUND

    @property
    def change(self) -> float | None:
        """Per cent against the same months a year earlier."""
        return (self.pounds / self.same_months - 1) * 100 if self.same_months else None


def fiscal_years(rows: Iterable[Mapping[str, Any]]) -> list[FiscalYear]:
    """One entry a drug and fiscal year, oldest first, from monthly weights.

    ``rows``: ``id, substance, period_start, period_end, value, component, retrospective``.
    """
    months: dict[tuple[str, int], dict[int, list[Mapping[str, Any]]]] = {}
    for row in rows:
        start = row["period_start"]
        fiscal = start.year + (start.month >= 10)
        months.setdefault((row["substance"], fiscal), {}).setdefault(start.month, []).append(row)
    return [_year(drug, year, some, months.get((drug, year - 1), {})) for (drug, year), some in sorted(months.items())]


_ByMonth = Mapping[int, list[Mapping[str, Any]]]


def _year(drug: str, year: int, months: _ByMonth, earlier: _ByMonth) -> FiscalYear:
    rows = [row for some in months.values() for row in some]
    before = [row for month in months for row in earlier.get(month, ())]
    pounds = _sum(rows)
    return FiscalYear(
        drug=drug,
        year=year,
        pounds=pounds,
        months=len(months),
        newest=max(row["period_end"] for row in rows),
        same_months=_sum(before) if set(months) <= set(earlier) else None,
        at_ports=_sum([row for row in rows if row["component"] == _PORTS]) / pounds if pounds else 0.0,
        evidence=tuple(sorted(row["id"] for row in rows)),
        evidence_before=tuple(sorted(row["id"] for row in before)),
        retrospective=any(row["retrospective"] for row in rows),
    )


def _sum(rows: Iterable[Mapping[str, Any]]) -> float:
    """The sum of what is given; a month that is withheld adds nothing, so the sum is then a lower bound."""
    return fsum(row["value"] for row in rows if row["value"] is not None)
