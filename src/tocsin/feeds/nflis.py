"""NFLIS-Drug: reports of drugs identified by US forensic laboratories, as exported by the public query system.

Two layouts share one header: by half-year (``SA1 (JAN - JUN)``) and by calendar year. Each export is a vintage dated by
its ``QUERY_RUN_DATE``; the newest period in it is still filling and says ``incomplete``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar

from tocsin.errors import InputError
from tocsin.feeds.catalogue import SOURCES
from tocsin.feeds.cells import count, us_place, year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.reading import BadRow, Reading, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.records import Observation
from tocsin.records.kinds import pairs

_T = TypeVar("_T")

source = "us-dea-nflis"
_COLUMNS = (
    "LABTYPE",
    "RPTAGGR",
    "YYYY",
    "PERIOD",
    "DRUG_REPORTS",
    "QUERY_RUN_DATE",
    "SUBSTANCE_ID",
    "SUBSTANCE_DESCRIPTION",
    "BASE_ID",
    "BASE_DESCRIPTION",
    "DRUG_CATEGORY_CODE",
    "DRUG_CATEGORY_DESCRIPTION",
    "STATE",
    "STATE_LONG_NAME",
    "STATE_FIPS",
)
_LAYOUTS = (Layout("query", _COLUMNS),)
_HALVES = {"SA1 (JAN - JUN)": ((1, 1), (6, 30)), "SA2 (JUL - DEC)": ((7, 1), (12, 31))}


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per export."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    queries: set[datetime] = set()
    parts: set[str] = set()

    def read(row: Row) -> list[Draft]:
        part, query, body = _observation(row)
        parts.add(part)
        queries.add(query)
        return [Draft(body, f"row {row.line}")]

    _, reading = read_table(file, _LAYOUTS, read)
    return _as_release(reading, _only(file, parts, "layouts"), _only(file, queries, "query days"))


def _as_release(reading: Reading, part: str, query: datetime) -> Release:
    newest = max(d.body.period_end for d in reading.drafts if isinstance(d.body, Observation))
    reading.drafts = [_with_completeness(draft, newest) for draft in reading.drafts]
    title = f"{SOURCES[source].name}, by {part.replace('_', '-')}"
    return release_of(source, reading, part, title=title, published_at=query)


def _observation(cell: Row) -> tuple[str, datetime, Observation]:
    part, start, end = _period(cell["YYYY"], cell["PERIOD"])
    if not cell["SUBSTANCE_ID"].isdigit() or not cell["BASE_DESCRIPTION"]:
        raise BadRow("the substance has no number or no name; columns may be swapped")
    reports = count(cell["DRUG_REPORTS"])
    body = Observation(
        measure="drug_reports",
        definition="us-nflis-drug-reports",
        place=us_place(cell["STATE"]),
        period_start=start,
        period_end=end,
        substance=cell["BASE_DESCRIPTION"],
        dims=pairs(
            substance_id=cell["SUBSTANCE_ID"],
            form=cell["SUBSTANCE_DESCRIPTION"],
            category=cell["DRUG_CATEGORY_DESCRIPTION"],
        ),
        unit="reports",
        status="suppressed" if reports is None else "final",
        value=reports,
    )
    return part, _query_day(cell["QUERY_RUN_DATE"]), body


def _period(yyyy: str, period: str) -> tuple[str, date, date]:
    y = year(yyyy)
    if period in _HALVES:
        (m1, d1), (m2, d2) = _HALVES[period]
        if date(y, m1, d1) > datetime.now(UTC).date():
            raise BadRow(f"{y} {period} lies in the future; check the row")
        return "half_year", date(y, m1, d1), date(y, m2, d2)
    if period == yyyy:
        return "year", date(y, 1, 1), date(y, 12, 31)
    raise BadRow(f"{period!r} is neither a half-year nor the year {yyyy}; columns may be swapped")


def _query_day(text: str) -> datetime:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise BadRow(f"{text!r} is not the moment of a query; columns may be swapped") from None
    if moment > datetime.now(UTC):
        raise BadRow(f"the query's day {text} lies in the future; check the row")
    return moment


def _only(file: SourceFile, values: set[_T], what: str) -> _T:
    if len(values) != 1:
        found = ", ".join(sorted(str(value) for value in values))
        raise InputError(f"holds several {what}: {found}", file=file.name, mend="load each export by itself")
    return next(iter(values))


def _with_completeness(draft: Draft, newest: date) -> Draft:
    body = draft.body
    if isinstance(body, Observation) and body.period_end == newest and body.status == "final":
        return replace(draft, body=replace(body, status="incomplete"))
    return draft
