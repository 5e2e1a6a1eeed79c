"""Days of law: exact, by month or year, no later than, and past their end."""

from datetime import date

import pytest

from tocsin.substances.fit import Fit
from tocsin.substances.periods import Period, in_force


def period(start: str, precision: str = "day", end: str = "", after_end: str = "") -> Period:
    return Period(start, precision, end, after_end, "", "seen", "")


@pytest.mark.parametrize(
    ("start", "precision", "day", "wanted"),
    [
        ("2019-05-01", "day", date(2019, 4, 30), Fit.NO),
        ("2019-05-01", "day", date(2019, 5, 1), Fit.YES),
        ("2018-03", "month", date(2018, 2, 28), Fit.NO),
        ("2018-03", "month", date(2018, 3, 15), Fit.OPEN),
        ("2018-03", "month", date(2018, 3, 31), Fit.YES),
        ("1964", "year", date(1964, 6, 1), Fit.OPEN),
        ("1964", "year", date(1965, 1, 1), Fit.YES),
        ("2017-12-27", "no later than", date(1990, 1, 1), Fit.OPEN),
        ("2017-12-27", "no later than", date(2017, 12, 27), Fit.YES),
        ("2026-03-10", "published", date(2026, 3, 9), Fit.NO),
        ("2026-03-10", "published", date(2030, 1, 1), Fit.OPEN),
        ("", "unknown", date(2026, 1, 1), Fit.OPEN),
    ],
)
def test_the_first_day(start: str, precision: str, day: date, wanted: Fit) -> None:
    assert period(start, precision).at(day)[0] is wanted


def test_a_temporary_order_past_its_end_is_uncertain_unless_its_end_is_the_end() -> None:
    order = period("2024-07-29", end="2026-07-29")
    assert order.at(date(2026, 7, 29))[0] is Fit.YES
    assert order.at(date(2026, 7, 30)) == (Fit.OPEN, "ended 2026-07-29, successor not held")
    assert period("2024-07-29", end="2026-07-29", after_end="ended").at(date(2026, 7, 30))[0] is Fit.NO


def test_of_two_periods_the_later_is_told() -> None:
    temporary, permanent = period("2025-08-15", end="2027-08-15"), period("2026-02-11")
    assert in_force([temporary, permanent], date(2026, 3, 1))[2] is permanent
    assert in_force([temporary, permanent], date(2025, 9, 1))[2] is temporary
    assert in_force([temporary, permanent], date(2028, 1, 1)) == (Fit.YES, "", permanent)
    assert in_force([], date(2028, 1, 1))[0] is Fit.NO
