"""VSRR: provisional deaths in the twelve months that end with a month, as reported so far and as NCHS predicts them.

New York without New York City and New York City are two jurisdictions here: both are parts of US-NY. A number that is
not shown says why in its footnote: too small (kept as suppressed; the predicted number then is not kept either, for it
would tell) or of low quality (skipped). Footnote ``*`` marks years whose final file does not exist yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from tocsin.feeds.cells import decimal, grouped_count, month_number, twelve_months_to, us_place, year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.observing import observed
from tocsin.feeds.reading import BadRow, Skip, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.records import Observation
from tocsin.records.data_files import data_rows
from tocsin.records.kinds import Pairs, pairs

source = "us-cdc-vsrr"
_API = (
    "state", "year", "month", "period", "indicator", "data_value", "predicted_value", "percent_complete",
    "percent_pending_investigation", "state_name", "footnote", "footnote_symbol",
)  # fmt: skip
_LAYOUTS = (Layout("api", _API), Layout("download", tuple(name.replace("_", " ").title() for name in _API)))
_PARTS = {"NY": "without New York City", "YC": "New York City"}
_STATUSES = {"*": "incomplete", "**": "provisional"}
_QUALITY = {"us-vsrr-pending": "percent_pending_investigation", "us-vsrr-complete": "percent_complete"}


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per file; a file of one indicator is a part of its own, for it says nothing of the others."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    indicators: set[str] = set()
    quality: dict[tuple[str, str, date], tuple[str, str]] = {}

    def read(row: Row) -> Iterator[Draft]:
        cells = {name.lower().replace(" ", "_"): text for name, text in row.cells.items()}
        indicators.add(cells["indicator"])
        for body in (*_numbers(cells), *_quality(cells, quality)):
            yield Draft(body, f"row {row.line}")

    _, reading = read_table(file, _LAYOUTS, read)
    alone = next(iter(indicators)) if len(indicators) == 1 else ""
    part = (_indicators().get(alone, {}).get("substance") or alone) if alone else "all"
    return release_of(source, reading, part)


def _numbers(cells: Mapping[str, str]) -> Iterator[Observation]:
    about = _indicators().get(cells["indicator"])
    if about is None:
        raise BadRow(f"{cells['indicator']!r} is no indicator known here; the feed must learn it")
    place, dims, period = _series(cells)
    dims = pairs(dict(dims), cause=about["cause"]) if about["cause"] else dims
    status = _STATUSES.get(cells["footnote_symbol"])
    if status is None or cells["period"] != "12 month-ending":
        raise BadRow("footnote symbol or period is none of the publisher's; columns may be swapped")
    text, substance = cells["data_value"], about["substance"] or None
    if about["counts"] == "share":
        yield observed("us-vsrr-drugs-specified", place, period, _shown(cells, decimal), status, dims=dims)
        return
    value = _shown(cells, grouped_count)
    yield observed("us-vsrr-12-month-reported", place, period, value, status, substance=substance, dims=dims)
    if text and cells["predicted_value"]:
        predicted = grouped_count(cells["predicted_value"])
        yield observed(
            "us-vsrr-12-month-predicted", place, period, predicted, "predicted", substance=substance, dims=dims
        )


def _series(cells: Mapping[str, str]) -> tuple[str, Pairs, tuple[date, date]]:
    state = cells["state"]
    part = _PARTS.get(state)
    period = twelve_months_to(year(cells["year"]), month_number(cells["month"]))
    return us_place("NY" if part else state), pairs(part=part) if part else (), period


def _shown(cells: Mapping[str, str], read: Callable[[str], float]) -> float | None:
    text, why = cells["data_value"], cells["footnote"]
    if text:
        return read(text)
    if "(<10)" in why:
        return None
    if "low data quality" in why:
        raise Skip("not shown: low data quality")
    raise BadRow("the number is missing and the footnote does not say why; get the file again")


def _quality(cells: Mapping[str, str], seen: dict[tuple[str, str, date], tuple[str, str]]) -> Iterator[Observation]:
    """Completeness is of all records of a place and month: every indicator repeats it, and it is kept once."""
    place, dims, period = _series(cells)
    key = (place, str(dims), period[1])
    said = (cells["percent_pending_investigation"], cells["percent_complete"])
    if key in seen:
        if seen[key] != said:
            raise BadRow(f"completeness is {said} here and {seen[key]} before; get the file again")
        return
    seen[key] = said
    for definition, name in _QUALITY.items():
        at_least = cells[name].endswith("+")
        value = decimal(cells[name].removesuffix("+"))
        yield observed(definition, place, period, value, "provisional", dims=dims, lower=value if at_least else None)


@cache
def _indicators() -> dict[str, dict[str, str]]:
    return {row["indicator"]: row for row in data_rows("feeds", "vsrr_indicators.csv")}
