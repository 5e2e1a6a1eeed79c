"""The newest provisional deaths of the Harm section, and deaths in other countries, each by its own definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tocsin.brief.model import Cell, Context, Figure, Mark, Sentence, Table
from tocsin.feeds import DEFINITIONS
from tocsin.harm import PROVISIONAL_METHOD, TwelveMonths, twelve_months
from tocsin.records.places import name_of

REPORTED, PREDICTED, PENDING = "us-vsrr-12-month-reported", "us-vsrr-12-month-predicted", "us-vsrr-pending"
_SOURCE = "us-cdc-vsrr"
_QUERY = """SELECT id, period_end, value, status FROM observation
    WHERE definition = ? AND place = 'US' AND substance IS NOT DISTINCT FROM ? AND cardinality(dims) = 0"""
_ELSEWHERE = """SELECT id, definition, place, substance, period_start, period_end, value, status FROM observation
    WHERE definition IN ('ca-phac-deaths', 'gb-ons-drug-poisoning-registered') AND cardinality(dims) = 0
    AND substance IS DISTINCT FROM 'Stimulants' AND place IN ('CA', 'GB-ENG') AND value IS NOT NULL
    AND (period_end - period_start > 360 OR year(period_start) = year(period_end) AND month(period_start) = 1)
    AND period_end - period_start > 100
    ORDER BY place, period_end DESC"""
_YEARS_ELSEWHERE = 3


def newest(context: Context, last_final: date) -> TwelveMonths | None:
    """The newest twelve months held as of the day, where they end later than the newest final year."""
    rows = context.view.rows
    found = twelve_months(
        rows(_QUERY, [REPORTED, "T40.4"]), rows(_QUERY, [PREDICTED, "T40.4"]), rows(_QUERY, [PENDING, None])
    )
    return found[-1] if found and found[-1].end > last_final else None


def sentence(one: TwelveMonths) -> Sentence:
    """What has come in so far, how complete it is, and that it counts something else than the final years."""
    text = f"In the twelve months to {one.end}, {one.reported:,} such deaths were reported so far"
    if one.change is not None:
        text += f" ({one.change:+.1f} % on a year before)"
    if one.predicted is not None:
        text += f", and NCHS predicts {one.predicted:,}"
        text += f" ({one.predicted_change:+.1f} %)" if one.predicted_change is not None else ""
    if one.pending is not None:
        text += f"; {one.pending:.2f} % of all death records still wait for a cause"
    text += ". These are deaths in the United States, of residents or not; final counts are of residents: two definitions, not a dispute."
    return Sentence(text, tuple(figure.id for figure in figures(one)))


def figures(one: TwelveMonths) -> list[Figure]:
    """The numbers of the sentence."""
    start = date(one.end.year - 1, one.end.month, 1)
    marks = (Mark.PROVISIONAL, *((Mark.INCOMPLETE,) if one.incomplete else ()))
    rows: list[tuple[str, str, float | None, str, str, str]] = [
        ("reported", "Deaths in twelve months, reported so far", one.reported, "{:,.0f}", "deaths", REPORTED),
        ("predicted", "Deaths in twelve months, predicted by NCHS", one.predicted, "{:,.0f}", "deaths", PREDICTED),
        ("pending", "Death records that wait for a cause", one.pending, "{:.2f} %", "per cent", PENDING),
        ("change", "Change of the reported deaths on a year before", one.change, "{:+.1f} %", "per cent", REPORTED),
        ("predicted_change", "Change of the predicted deaths on a year before", one.predicted_change, "{:+.1f} %", "per cent", PREDICTED),
    ]  # fmt: skip
    return [
        Figure(
            id=f"harm.provisional.{name}", label=f"{label}, to {one.end}", value=round(value, 4), text=form.format(value),
            unit=unit, period=f"{_next_month(start)}/{one.end}", place="US", source=_SOURCE,
            evidence=one.change_evidence if name.endswith("change") else one.evidence, method=PROVISIONAL_METHOD,
            marks=marks, note=DEFINITIONS[definition].counts,
        )
        for name, label, value, form, unit, definition in rows
        if value is not None
    ]  # fmt: skip


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def elsewhere(context: Context) -> Table | None:
    """The newest years of other countries, each by its own definition; ``None`` where none is held."""
    rows = [row for row in context.view.rows(_ELSEWHERE) if context.country in (None, row["place"][:2])]
    shown = [row for place in dict.fromkeys(row["place"] for row in rows) for row in _of(rows, place)]
    if not shown:
        return None
    columns = ("Country", "Period", "Deaths", "What is counted")
    note = "Definitions differ: no row is to be set beside another country's."
    return Table("elsewhere", "Deaths in other countries", columns, tuple(map(_row, shown)), ("Deaths",), note)


def _of(rows: Sequence[Mapping[str, Any]], place: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["place"] == place][:_YEARS_ELSEWHERE]


def _row(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    start, end = row["period_start"], row["period_end"]
    period = str(end.year) if (start.month, end.month) == (1, 12) else f"{start:%b} to {end:%b %Y}"
    marks = (Mark.PROVISIONAL,) if row["status"] == "provisional" else ()
    return (
        Cell(name_of(row["place"]), row["place"]),
        Cell(period, f"{start}/{end}"),
        Cell(f"{row['value']:,.0f}", row["value"], marks, (row["id"],)),
        Cell(DEFINITIONS[row["definition"]].label + (f", {row['substance'].lower()}" if row["substance"] else "")),
    )
