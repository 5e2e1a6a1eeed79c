"""Section: which published numbers changed lately. Both vintages stay; a revision is not a rise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tocsin.brief.model import Cell, Context, Figure, Section, Sentence, Table, count_of
from tocsin.feeds import DEFINITIONS, SOURCES
from tocsin.node.view import newest
from tocsin.records.findings import Method, Window
from tocsin.records.kinds import pairs
from tocsin.records.places import name_of

METHOD = Method("revisions", "1", pairs(compared="each number with the newest one published before it, of one series"))
_QUESTION = "Which published numbers changed?"
_SHOWN = 5
_EVENTS = """SELECT id, source, document, date, qualifiers FROM event
    WHERE kind = 'revision' AND date <= ? ORDER BY date DESC, source, id"""
# Yearly counts of whole places, countries first: the many breakdowns of a release move with them.
_OF_WHOLE_YEARS = """cardinality(dims) = 0 AND value IS NOT NULL AND unit <> 'per cent' AND unit NOT LIKE '%per%'
        AND period_end - period_start > 360"""
_LARGEST = f"""WITH touched AS (SELECT DISTINCT source, key FROM observation_all
        WHERE document IN (SELECT unnest($1)) AND {_OF_WHOLE_YEARS}),
    said AS ({newest("(SELECT o.* FROM observation_all AS o JOIN touched USING (source, key))")}),
    now AS (SELECT source, key, id, published_at, definition, place, period_start, period_end, substance, unit, value FROM said
        WHERE rank = 1 AND NOT withdrawn AND document IN (SELECT unnest($1)) AND {_OF_WHOLE_YEARS}),
    before AS (SELECT o.source, o.key, arg_max(o.id, o.published_at) AS id, arg_max(o.value, o.published_at) AS value,
            max(o.published_at)::DATE AS day
        FROM said AS o JOIN now USING (source, key) WHERE o.published_at < now.published_at AND NOT o.withdrawn GROUP BY ALL)
    SELECT now.*, before.id AS before_id, before.value AS before, before.day FROM now JOIN before USING (source, key)
    WHERE before.value IS NOT NULL AND before.value <> now.value
    ORDER BY length(place) > 2, abs(now.value - before.value) DESC, now.id LIMIT 200"""


def section(context: Context) -> Section:
    """Revisions in the window, or the newest there were, newest first."""
    events = context.view.rows(_EVENTS, [context.as_of])
    start = context.as_of - timedelta(days=context.days - 1)
    recent = [event for event in events if event["date"] >= start]
    window = Window(start, context.as_of, "the day of the brief")
    shown = (recent or events)[:_SHOWN]
    if not shown:
        return Section(
            "revisions", "Revisions", _QUESTION, (Sentence("No release held revises a number of an earlier one."),), ()
        )
    documents = list(dict.fromkeys(event["document"] for event in shown))
    numbers = [row for row in context.view.rows(_LARGEST, [documents]) if context.country in (None, row["place"][:2])][
        :_SHOWN
    ]
    return Section(
        id="revisions",
        title="Revisions",
        question=_QUESTION,
        answer=(_lead(shown, bool(recent), window), *map(_sentence, numbers[:1])),
        caveats=("Every vintage is kept. Where the file gives no reason for a change, none is given here.",),
        window=window,
        figures=tuple(figure for row in numbers for figure in _figures(row)),
        tables=tuple(_tables(shown, numbers)),
    )


def _lead(shown: Sequence[Mapping[str, Any]], recent: bool, window: Window) -> Sentence:
    newest = shown[0]
    number = sum(
        int(dict(event["qualifiers"])["revised"]) for event in shown if event["document"] == newest["document"]
    )
    name = SOURCES[newest["source"]].name if newest["source"] in SOURCES else newest["source"]
    since = "" if recent else f"No release since {window.start} revises a number. "
    return Sentence(
        f"{since}The newest revision is of {newest['date']}: {name} changed {count_of(number, 'number')} given before."
    )


def _what(row: Mapping[str, Any]) -> str:
    label = DEFINITIONS[row["definition"]].label if row["definition"] in DEFINITIONS else row["definition"]
    substance = f", {row['substance'].lower()}" if row["substance"] else ""
    return f"{label}{substance}, {name_of(row['place'])}, {_period(row)}"


def _period(row: Mapping[str, Any]) -> str:
    start, end = row["period_start"], row["period_end"]
    whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    return str(start.year) if whole else f"{start} to {end}"


def _sentence(row: Mapping[str, Any]) -> Sentence:
    share = f" ({(row['value'] / row['before'] - 1) * 100:+.1f} %)" if row["before"] else ""
    text = (
        f"{_what(row)}: {row['before']:,.0f} in the release of {row['day']}, {row['value']:,.0f} in the newest{share}. "
        "A revision, not a change of what happened; the reason is not in the file."
    )
    return Sentence(text, tuple(figure.id for figure in _figures(row)))


def _figures(row: Mapping[str, Any]) -> list[Figure]:
    return [
        Figure(
            id=f"revisions.{name}.{row['key'][:12]}",
            label=f"{_what(row)}, {name}",
            value=value,
            text=f"{value:,.0f}",
            unit=row["unit"],
            period=f"{row['period_start']}/{row['period_end']}",
            place=row["place"],
            source=row["definition"],
            evidence=(record,),
            method=METHOD,
            note="another vintage of the same number",
        )
        for name, value, record in (("before", row["before"], row["before_id"]), ("now", row["value"], row["id"]))
    ]


def _tables(shown: Sequence[Mapping[str, Any]], numbers: Sequence[Mapping[str, Any]]) -> list[Table]:
    tables = [
        Table(
            "releases",
            "Releases that revise",
            ("Release", "Source", "What", "Revised", "Up", "Down", "As before"),
            tuple(map(_release_row, shown)),
            ("Revised", "Up", "Down", "As before"),
        )
    ]
    if numbers:
        rows = tuple(
            (
                Cell(_what(row), row["key"]),
                Cell(f"{row['before']:,.0f}", row["before"], evidence=(row["before_id"],)),
                Cell(str(row["day"]), str(row["day"])),
                Cell(f"{row['value']:,.0f}", row["value"], evidence=(row["id"],)),
                Cell(f"{(row['value'] / row['before'] - 1) * 100:+.1f} %" if row["before"] else "–"),
            )
            for row in numbers
        )
        columns = ("Yearly number", "Before", "Published", "Now", "Revision")
        tables.append(
            Table(
                "numbers",
                "Yearly numbers that changed most, countries first",
                columns,
                rows,
                ("Before", "Now", "Revision"),
            )
        )
    return tables


def _release_row(event: Mapping[str, Any]) -> tuple[Cell, ...]:
    about = dict(event["qualifiers"])
    label = DEFINITIONS[about["definition"]].label if about["definition"] in DEFINITIONS else about["definition"]
    counts = [Cell(f"{int(about[name]):,}", int(about[name])) for name in ("revised", "raised", "lowered", "unchanged")]
    return (
        Cell(str(event["date"]), str(event["date"]), evidence=(event["id"],)),
        Cell(event["source"], event["source"]),
        Cell(label, about["definition"]),
        *counts,
    )
