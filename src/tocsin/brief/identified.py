"""Section: what laboratories newly identified, and what rises fast, by plain comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tocsin.brief.model import Cell, Chart, Context, Figure, Mark, Section, Sentence, Table, count_of
from tocsin.feeds import SOURCES
from tocsin.records.findings import Window
from tocsin.records.places import name_of
from tocsin.watch import METHOD, Identifications, fast_risers, identifications, newly_identified

SOURCE, DEFINITION, _PLACE = "us-dea-nflis", "us-nflis-drug-reports", "US"
_MOST = 8
_HALF_YEARS = "definition = ? AND period_end - period_start < 200"
_NOW = f"SELECT id, substance, period_start, period_end, value, status, false AS retrospective FROM observation WHERE {_HALF_YEARS}"
_LATER = (
    "SELECT id, substance, period_start, period_end, value, status, true AS retrospective FROM observation_later "
    f"WHERE {_HALF_YEARS} AND period_end <= ?"
)
_QUERIES = """SELECT document.id AS document, document.published_at::DATE AS query, year(period_start) AS year,
        sum(value)::BIGINT AS reports, bool_or(status = 'incomplete') AS incomplete
    FROM observation_all JOIN document_all AS document ON document.id = observation_all.document
    WHERE definition = ? AND NOT observation_all.withdrawn GROUP BY ALL ORDER BY year, query"""


def section(context: Context) -> Section:
    """Reports by forensic laboratories in the United States: the only source of identifications held so far."""
    question = "What was newly identified, and what rises fast?"
    if context.country not in (None, _PLACE):
        reason = f"No laboratory identifications are held for {name_of(context.country)}."
        return Section("identified", "Newly identified", question, (Sentence(reason),), ())
    rows = context.view.rows(_NOW, [DEFINITION]) or context.view.rows(_LATER, [DEFINITION, context.as_of])
    if not rows:
        reason = f"No laboratory identifications are held as of {context.as_of}."
        return Section("identified", "Newly identified", question, (Sentence(reason),), ())
    found = identifications(rows)
    if all(filling for *_, filling in found[0].halves):
        reason = "The only half-year of laboratory identifications held is still filling."
        return Section("identified", "Newly identified", question, (Sentence(reason),), ())
    new, risers = newly_identified(found), fast_risers(found)
    revisions = context.view.rows(_QUERIES, [DEFINITION])
    complete = [half for half in found[0].halves if not half[3]]
    window = Window(complete[-1][0], complete[-1][1], f"newest complete half-year of {SOURCE}")
    shown = _shown(found, new, risers)
    return Section(
        id="identified",
        title="Newly identified and fast risers",
        question=question,
        answer=tuple(_answer(new, risers, found, revisions, window)),
        caveats=_caveats(found),
        window=window,
        figures=tuple(figure for one in shown for figure in _figures(one)) + tuple(_revision_figures(revisions)),
        tables=tuple(_tables(found, new, risers, revisions)),
        charts=(_chart(shown),),
    )


def half_name(start: date) -> str:
    """``2022 H1``."""
    return f"{start.year} H{1 if start.month == 1 else 2}"


def _shown(*groups: Sequence[Identifications]) -> list[Identifications]:
    found, new, risers = groups
    return list({one.substance: one for one in (*found[:_MOST], *risers[:_MOST], *new[:_MOST])}.values())


def _marks(one: Identifications, filling: bool = False) -> tuple[Mark, ...]:
    marks = (Mark.RETROSPECTIVE,) if one.retrospective else ()
    return (*marks, Mark.INCOMPLETE) if filling else marks


def _figures(one: Identifications) -> list[Figure]:
    """Every half-year with a row."""
    return [
        Figure(
            id=_figure_id(one, start),
            label=f"{one.substance}, {half_name(start)}",
            value=reports,
            text=f"{reports:,}",
            unit="reports",
            period=f"{start}/{end}",
            place=_PLACE,
            source=SOURCE,
            evidence=one.evidence_of(start),
            method=METHOD,
            marks=_marks(one, filling),
        )
        for start, end, reports, filling in one.halves
        if reports is not None
    ]


def _figure_id(one: Identifications, start: date) -> str:
    return f"identified.{one.substance}.{half_name(start).replace(' ', '-')}"


def _newest_figures(some: Sequence[Identifications]) -> tuple[str, ...]:
    """The newest half-year with a row of each, in the order given."""
    return tuple(_figure_id(one, [half[0] for half in one.halves if half[2] is not None][-1]) for one in some)


def _answer(
    new: Sequence[Identifications],
    risers: Sequence[Identifications],
    found: Sequence[Identifications],
    revisions: Sequence[Mapping[str, Any]],
    window: Window,
) -> list[Sentence]:
    held = {half[0] for half in found[0].halves}
    compared = window.start.replace(year=window.start.year - 1) in held
    sentences = [_risers_sentence(risers, window, compared)]
    if len(held) > 1 and min(held) < window.start:
        sentences.append(_new_sentence(new, window))
    half, top = half_name(window.start), [one for one in found[:4] if one.latest]
    if len(top) > 1:
        named = ", ".join(f"{one.substance} {one.latest:,}" for one in top[1:])
        text = f"Most reported in {half}: {top[0].substance} with {top[0].latest:,} reports, then {named}."
        sentences.append(Sentence(text, tuple(_figure_id(one, window.start) for one in top)))
    return [*sentences, *_revision_sentence(revisions)]


def _risers_sentence(risers: Sequence[Identifications], window: Window, compared: bool) -> Sentence:
    half, before = half_name(window.start), half_name(window.start.replace(year=window.start.year - 1))
    if not compared:
        return Sentence(f"What rises cannot be told: {before} is not held.")
    if not risers:
        return Sentence(f"No substance doubled from {before} to {half}, by simple comparison of raw counts.")
    named = "; ".join(f"{one.substance} {one.year_before:,} → {one.latest:,}" for one in risers[:4])
    among = "among them " if len(risers) > 4 else ""
    text = (
        f"{count_of(len(risers), 'substance')} at least doubled in reports of US forensic laboratories from {before} to {half}, "
        f"by simple comparison of raw counts: {among}{named}."
    )
    return Sentence(text, tuple(_figure_id(one, window.start) for one in risers[:4]))


def _new_sentence(new: Sequence[Identifications], window: Window) -> Sentence:
    if not new:
        return Sentence(f"No substance was reported for the first time in {half_name(window.start)} or later.")
    named = ", ".join(one.substance for one in new[:4])
    among = "among them " if len(new) > 4 else ""
    text = f"{count_of(len(new), 'substance')} without any earlier report in this query: {among}{named}."
    return Sentence(text, _newest_figures(new[:4]))


def _revision_sentence(revisions: Sequence[Mapping[str, Any]]) -> Iterator[Sentence]:
    """The newest year that two queries count differently."""
    for old, newest in _revised(revisions)[-1:]:
        share = (newest["reports"] / old["reports"] - 1) * 100
        yield Sentence(
            f"{newest['year']} stands at {newest['reports']:,} reports in the query of {newest['query']} and at "
            f"{old['reports']:,} in that of {old['query']}: a revision of {share:+.1f} % as late reports came in, not a rise.",
            (f"revision.{newest['year']}.{old['query']}", f"revision.{newest['year']}.{newest['query']}"),
        )


_Pair = tuple[Mapping[str, Any], Mapping[str, Any]]


def _revised(revisions: Sequence[Mapping[str, Any]]) -> list[_Pair]:
    """Years that two queries count, the older and the newer answer, where they differ; oldest year first."""
    pairs = []
    for year in sorted({row["year"] for row in revisions}):
        answers = [row for row in revisions if row["year"] == year]
        if len(answers) > 1 and answers[-2]["reports"] and answers[-1]["reports"] not in (None, answers[-2]["reports"]):
            pairs.append((answers[-2], answers[-1]))
    return pairs


def _revision_figures(revisions: Sequence[Mapping[str, Any]]) -> list[Figure]:
    return [
        Figure(
            id=f"revision.{row['year']}.{row['query']}",
            label=f"Reports of {row['year']} in the query of {row['query']}",
            value=row["reports"],
            text=f"{row['reports']:,}",
            unit="reports",
            period=f"{row['year']}-01-01/{row['year']}-12-31",
            place=_PLACE,
            source=SOURCE,
            evidence=(row["document"],),
            method=METHOD,
            marks=(Mark.INCOMPLETE,) if row["incomplete"] else (),
            note="another vintage of the same count: a difference is a revision, not a rise",
        )
        for pair in _revised(revisions)[-4:]
        for row in pair
    ]


def _tables(
    found: Sequence[Identifications],
    new: Sequence[Identifications],
    risers: Sequence[Identifications],
    revisions: Sequence[Mapping[str, Any]],
) -> list[Table]:
    tables = [_halves_table("most", "Most reported", found[:_MOST])]
    if risers:
        tables.append(_halves_table("risers", "Fast risers (simple comparison, not a tested signal)", risers[:_MOST]))
    if new:
        tables.append(_halves_table("new", "Without any earlier report in this query", new[:_MOST]))
    if pairs := _revised(revisions)[-3:]:
        rows = tuple(
            (
                Cell(str(newer["year"]), newer["year"]),
                Cell(f"{old['reports']:,}", old["reports"], evidence=(old["document"],)),
                Cell(str(old["query"]), str(old["query"])),
                Cell(f"{newer['reports']:,}", newer["reports"], evidence=(newer["document"],)),
                Cell(str(newer["query"]), str(newer["query"])),
                Cell(
                    f"{(newer['reports'] / old['reports'] - 1) * 100:+.1f} %",
                    (newer["reports"] / old["reports"] - 1) * 100,
                ),
            )
            for old, newer in pairs
        )
        columns = ("Year", "Before", "Query", "Now", "Query ", "Revision")
        tables.append(Table("revisions", "The same years in two queries", columns, rows, ("Before", "Now", "Revision")))
    return tables


def _halves_table(name: str, title: str, found: Sequence[Identifications]) -> Table:
    complete = [half for half in found[0].halves if not half[3]]
    filling = [half for half in found[0].halves if half[3]]
    last, before = half_name(complete[-1][0]), half_name(complete[-1][0].replace(year=complete[-1][0].year - 1))
    first = half_name(found[0].halves[0][0])
    columns = ["Substance", before, last, "Times", *(half_name(half[0]) for half in filling), f"Since {first}"]
    rows = []
    for one in found:
        cells = [
            Cell(one.substance, one.substance, _marks(one), one.evidence),
            Cell(_number(one.year_before), one.year_before, _marks(one) if one.year_before is not None else ()),
            Cell(_number(one.latest), one.latest, _marks(one) if one.latest is not None else ()),
            Cell(f"{one.ratio:.1f}" if one.ratio else "–", one.ratio, _marks(one) if one.ratio else ()),
        ]
        cells += [Cell(_number(half[2]), half[2], _marks(one, True)) for half in one.halves if half[3]]
        cells.append(Cell("", marks=_marks(one), series=tuple(half[2] for half in one.halves)))
        rows.append(tuple(cells))
    return Table(
        name,
        title,
        tuple(columns),
        tuple(rows),
        tuple(columns[1:-1]),
        "–: no row, which is not a zero that was looked for",
    )


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _chart(shown: Sequence[Identifications]) -> Chart:
    rows = tuple(
        (one.substance, str(start), reports, filling)
        for one in shown[: _MOST + 1]
        for start, _, reports, filling in one.halves
    )
    return Chart(
        id="identifications",
        kind="small_lines",
        title="Laboratory reports by half-year",
        description="Small lines, one a substance, each on its own scale"
        + ("; the newest half-year is still filling." if any(row[3] for row in rows) else "."),
        rows=rows,
    )


def _caveats(found: Sequence[Identifications]) -> tuple[str, ...]:
    retrospective = ("All figures of this section were published later.",) if found[0].retrospective else ()
    return (*retrospective, SOURCES[SOURCE].cannot_say)
