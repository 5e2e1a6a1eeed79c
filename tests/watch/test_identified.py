"""Laboratory identifications, compared plainly: absent is not zero, filling periods are not compared."""

from __future__ import annotations

from datetime import date
from typing import Any

from tocsin.watch import METHOD, fast_risers, identifications, newly_identified


def row(substance: str, half: str, value: float | None, status: str = "final", name: str = "") -> dict[str, Any]:
    year, h = half.split(" H")
    start, end = ((1, 1), (6, 30)) if h == "1" else ((7, 1), (12, 31))
    return {
        "id": name or f"{substance} {half}", "substance": substance, "period_start": date(int(year), *start),
        "period_end": date(int(year), *end), "value": value, "status": status, "retrospective": False,
    }  # fmt: skip


BASE = [row("old", h, 100) for h in ("2024 H1", "2024 H2", "2025 H1")] + [row("old", "2025 H2", 5, "incomplete")]


def test_states_and_forms_are_summed_with_all_their_records() -> None:
    (one,) = identifications([*BASE, row("old", "2024 H1", 20, name="another state")])
    assert one.halves[0][2] == 120
    assert one.evidence_of(date(2024, 1, 1)) == ("another state", "old 2024 H1")


def test_the_filling_half_year_is_shown_and_not_compared() -> None:
    (one,) = identifications(BASE)
    assert (one.latest, one.year_before, one.ratio) == (100, 100, 1.0)
    assert one.halves[-1][2:] == (5, True)


def test_absent_is_not_zero() -> None:
    found = {one.substance: one for one in identifications([*BASE, row("new", "2025 H1", 30)])}
    assert [half[2] for half in found["new"].halves] == [None, None, 30, None]
    assert found["new"].ratio is None
    assert [one.substance for one in newly_identified(found.values())] == ["new"]


def test_new_in_the_filling_period_is_new_too() -> None:
    found = identifications([*BASE, row("newer", "2025 H2", 1, "incomplete")])
    assert [one.substance for one in newly_identified(found)] == ["newer"]


def test_in_a_single_period_nothing_is_called_new() -> None:
    assert newly_identified(identifications([row("a", "2025 H1", 1)])) == []


def test_risers_need_a_doubling_and_ten_reports_and_the_largest_increase_leads() -> None:
    rows = [*BASE]
    for name, before, now in (("few", 4, 9), ("slow", 100, 199), ("steep", 1, 50), ("large", 300, 900)):
        rows += [row(name, "2024 H1", before), row(name, "2025 H1", now)]
    assert [one.substance for one in fast_risers(identifications(rows))] == ["large", "steep"]


def test_a_suppressed_count_adds_nothing() -> None:
    found = identifications([*BASE, row("hidden", "2025 H1", None, "suppressed")])
    assert next(one for one in found if one.substance == "hidden").latest is None


def test_the_method_says_that_it_is_no_test() -> None:
    assert not METHOD.tested
    assert "not a tested signal" in dict(METHOD.parameters)["kind"]
