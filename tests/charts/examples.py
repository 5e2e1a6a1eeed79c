"""One picture of each kind, with its gaps, its links and its odd rows."""

from __future__ import annotations

from tocsin.charts import Picture, Place, Point, bars_by_year, lines_with_intervals, small_lines, us_states, world

POINTS = (
    Point("Fentanyl", "2023-01-01", 10, 8, 13, "final", "Fentanyl, January: 10", "/records/a"),
    Point("Fentanyl", "2023-02-01", 12, 9, 15, "final", "Fentanyl, February: 12"),
    Point("Fentanyl", "2023-03-01", None, label="Fentanyl, March: not published"),
    Point("Fentanyl", "2023-04-01", None, status="suppressed", label="Fentanyl, April: withheld", href="/records/d"),
    Point("Fentanyl", "2023-05-01", 14, 10, 19, "provisional", "Fentanyl, May: 14, provisional"),
    Point("Xylazine", "2023-01-01", 3, label="Xylazine, January: 3"),
    Point("Xylazine", "2023-02-01", 5, status="incomplete", label="Xylazine, February: 5 so far"),
)
STATES = (
    Place("US-OH", 30.5, "Ohio: 30.5", "/places/US-OH"),
    Place("US-WV", 62, "West Virginia: 62"),
    Place("US-DC", 41, "District of Columbia: 41"),
    Place("US-TX", None, "Texas: withheld"),
    Place("PR", 12, "Puerto Rico: 12"),
    Place("US-XX", 7, "Unknown state: 7"),
)
COUNTRIES = (
    Place("DE", 4, "Germany: 4", "/places/DE"),
    Place("SG", 2, "Singapore: 2"),
    Place("XK", 1, "Kosovo: 1"),
    Place("BR", None, "Brazil: no report"),
    Place("US", 900, "United States: 900"),
)


def pictures() -> dict[str, Picture]:
    """The pictures by name."""
    years: list[tuple[str | float | bool | None, ...]] = [("2019", 36_359), ("2020", 56_516), ("2021", None)]
    halves: list[tuple[str | float | bool | None, ...]] = [
        ("A", "2024-01-01", 4, False), ("A", "2024-07-01", 2, True), ("B", "2024-01-01", None, False), ("B", "2024-07-01", 9, True),
    ]  # fmt: skip
    return {
        "bars": bars_by_year(years, "Deaths", "Bars"),
        "linked bars": bars_by_year([("2019", 3, "three", "/records/x"), ("2020", 4, "four", None)], "Deaths", "Bars"),
        "small lines": small_lines(halves, "Reports", "Lines"),
        "lines": lines_with_intervals(POINTS, "Deaths", "Two series", "deaths"),
        "narrow": lines_with_intervals(POINTS, "Deaths", "Two series", "deaths", width=358, height=240),
        "one point": lines_with_intervals([POINTS[0]], "Deaths", "One point", "deaths"),
        "states": us_states(STATES, "Rates", "Of the states", "deaths per 100,000"),
        "world": world(COUNTRIES, "Seizures", "Of the countries", "kg"),
    }
