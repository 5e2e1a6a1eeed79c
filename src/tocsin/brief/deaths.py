"""Section: how many died, by year, as counts and as age-adjusted rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tocsin.brief import provisional
from tocsin.brief.model import Cell, Chart, Context, Figure, Mark, Section, Sentence, Table
from tocsin.feeds import DEFINITIONS
from tocsin.harm import BASELINE, METHOD, YearOfDeaths, years_of_deaths
from tocsin.records.places import name_of

COUNTS, RATES = "us-t404-final-resident", "us-t404-age-adjusted"
_PLACE, _QUESTION = "US", "How many died?"
_SHOWN_YEARS = 6
_QUERY = """SELECT id, period_start, value, locator, false AS retrospective FROM observation WHERE definition = ? AND place = ?"""
_LATER = """SELECT id, period_start, value, locator, true AS retrospective FROM observation_later
    WHERE definition = ? AND place = ? AND period_end <= ?"""


def section(context: Context) -> Section:
    """Deaths with synthetic opioids in the United States, final and provisional, and the newest years elsewhere."""
    elsewhere = provisional.elsewhere(context)
    tables = (elsewhere,) if elsewhere else ()
    if context.country not in (None, _PLACE):
        return _other_country(context, tables)
    counts = context.view.rows(_QUERY, [COUNTS, _PLACE])
    rates = context.view.rows(_QUERY, [RATES, _PLACE])
    counted = {row["period_start"].year for row in counts}
    held = {row["period_start"].year for row in rates}
    later = context.view.rows(_LATER, [RATES, _PLACE, context.as_of])
    rates += [row for row in later if row["period_start"].year in counted - held]
    years = [year for year in years_of_deaths(counts, rates) if year.deaths is not None]
    if not years:
        return Section(
            "harm",
            "Harm",
            _QUESTION,
            (Sentence(f"No series of deaths is held as of {context.as_of}."),),
            (),
            tables=tables,
        )
    secondary = {row["id"] for row in rates if "(secondary)" in row["locator"]}
    shown = _shown(years)
    lately = provisional.newest(context, date(years[-1].year, 12, 31))
    return Section(
        id="harm",
        title="Harm",
        question=_QUESTION,
        answer=(*_answer(years), *([provisional.sentence(lately)] if lately else [])),
        caveats=(*_caveats(years), *_residuals(counts)),
        figures=(
            *(figure for year in shown for figure in _figures(year, secondary)),
            *(provisional.figures(lately) if lately else ()),
        ),
        tables=(_table(shown, secondary), *tables),
        charts=(_chart(years),),
    )


def _other_country(context: Context, tables: tuple[Table, ...]) -> Section:
    if not tables:
        reason = f"No series of deaths is held for {name_of(context.country or '')}."
        return Section("harm", "Harm", _QUESTION, (Sentence(reason),), ())
    newest = tables[0].rows[0]
    text = f"{newest[0].text}, {newest[1].text}: {newest[2].text} deaths ({newest[3].text}), the newest held."
    return Section("harm", "Harm", _QUESTION, (Sentence(text),), (), tables=tables)


def _shown(years: Sequence[YearOfDeaths]) -> list[YearOfDeaths]:
    """The baseline year and the newest ones."""
    newest = years[-_SHOWN_YEARS:]
    return [year for year in years if year.year == BASELINE and year not in newest] + list(newest)


def _marks(evidence: tuple[str, ...], retrospective: bool, secondary: set[str]) -> tuple[Mark, ...]:
    marks = (Mark.RETROSPECTIVE,) if retrospective else ()
    return (*marks, Mark.SECONDARY) if secondary & set(evidence) else marks


_Measure = tuple[str, str, float | None, str, str, tuple[str, ...], tuple[Mark, ...]]


def _measures(year: YearOfDeaths, secondary: set[str]) -> tuple[_Measure, ...]:
    """(name, label, value, how it is written, unit, evidence, marks) of all that is said of a year."""
    rate = _marks(year.rate_evidence, year.rate_retrospective, secondary)
    rates = _marks(year.rate_change_evidence, year.rate_change_retrospective, secondary)
    times, before = f"Deaths {year.year} over {BASELINE}", year.year - 1
    rate_label, change_label = f"Age-adjusted rate {year.year}", f"Change of the age-adjusted rate on {before}"
    return (
        ("deaths", f"Deaths {year.year}", year.deaths, "{:,.0f}", "deaths", year.evidence, ()),
        ("times_baseline", times, year.times_baseline, "{:.1f}", "times", year.baseline_evidence, ()),
        ("change", f"Change of the count on {before}", year.change, "{:+.1f} %", "per cent", year.change_evidence, ()),
        ("rate", rate_label, year.rate, "{:.1f}", "deaths per 100,000", year.rate_evidence, rate),
        ("rate_change", change_label, year.rate_change, "{:+.0f} %", "per cent", year.rate_change_evidence, rates),
    )


def _figures(year: YearOfDeaths, secondary: set[str]) -> list[Figure]:
    return [
        Figure(
            id=f"harm.{name}.{year.year}",
            label=label,
            value=round(value, 4),
            text=form.format(value),
            unit=unit,
            period=f"{year.year}-01-01/{year.year}-12-31",
            place=_PLACE,
            source="us-nchs-rates" if name.startswith("rate") else "us-cdc-t404",
            evidence=evidence,
            method=METHOD,
            marks=marks,
            note=DEFINITIONS[RATES if name.startswith("rate") else COUNTS].counts,
        )
        for name, label, value, form, unit, evidence, marks in _measures(year, secondary)
        if value is not None
    ]


def _answer(years: Sequence[YearOfDeaths]) -> list[Sentence]:
    newest = years[-1]
    by_year = {year.year: year for year in years}
    base = by_year.get(BASELINE)
    lead = f"{newest.deaths:,} US residents died with synthetic opioids other than methadone in {newest.year}, the newest final year"
    if newest.change is not None:
        lead += f": {newest.change:+.1f} % on {newest.year - 1} by count"
    sentences = [Sentence(lead + ".", (f"harm.deaths.{newest.year}", f"harm.change.{newest.year}"))]
    worst = max(years, key=lambda year: year.deaths or 0)
    if base and worst.year != newest.year and worst.times_baseline:
        sentences.append(
            Sentence(
                f"The worst year held is {worst.year} with {worst.deaths:,}, {worst.times_baseline:.1f} times {BASELINE} ({base.deaths:,}).",
                (f"harm.deaths.{worst.year}", f"harm.deaths.{BASELINE}"),
            )
        )
    sentences += [_leap(by_year[2020], base)] if base and 2020 in by_year and by_year[2020].rate_change else []
    if newest.rate is not None and newest.rate_change is not None and newest.year != 2020:
        sentences.append(
            Sentence(
                f"The age-adjusted rate of {newest.year} is {newest.rate:.1f} per 100,000, {newest.rate_change:+.0f} % on the year before.",
                (f"harm.rate.{newest.year}", f"harm.rate_change.{newest.year}"),
            )
        )
    return sentences


def _leap(year: YearOfDeaths, base: YearOfDeaths) -> Sentence:
    """The rise of 2020, with the two measures that are often mixed up told apart."""
    before = (year.rate or 0) / (1 + (year.rate_change or 0) / 100)
    return Sentence(
        f"{year.year}: {year.deaths:,} deaths, {year.times_baseline:.1f} times {base.year} ({base.deaths:,}) and "
        f"{year.change:+.1f} % on {year.year - 1} by count; the age-adjusted rate rose from {before:.1f} to {year.rate:.1f} "
        f"per 100,000, {year.rate_change:+.0f} %. Count and rate are two measures: the rate allows for a growing and ageing population.",
        (
            f"harm.deaths.{year.year}",
            f"harm.change.{year.year}",
            f"harm.rate.{year.year}",
            f"harm.rate_change.{year.year}",
        ),
    )


def _table(years: Sequence[YearOfDeaths], secondary: set[str]) -> Table:
    names = ("deaths", "change", "times_baseline", "rate", "rate_change")
    rows = []
    for year in years:
        held = {figure.id.split(".")[1]: figure for figure in _figures(year, secondary)}
        cells = [Cell(str(year.year), year.year)]
        for name in names:
            figure = held.get(name)
            cells.append(Cell(figure.text, figure.value, figure.marks, figure.evidence) if figure else Cell("–"))
        rows.append(tuple(cells))
    columns = ("Year", "Deaths", "Change of count", f"Times {BASELINE}", "Rate per 100,000", "Change of rate")
    return Table(
        "deaths", "Deaths with synthetic opioids (T40.4), United States, final", columns, tuple(rows), columns[1:]
    )


def _chart(years: Sequence[YearOfDeaths]) -> Chart:
    newest = years[-1]
    return Chart(
        id="deaths-by-year",
        kind="bars_by_year",
        title="Deaths with synthetic opioids other than methadone, US residents, final",
        description=f"Bars by year from {years[0].year} to {newest.year}; {newest.deaths:,} in {newest.year}.",
        rows=tuple((str(year.year), year.deaths) for year in years),
    )


def _caveats(years: Sequence[YearOfDeaths]) -> tuple[str, ...]:
    return (
        "T40.4 holds fentanyl and also tramadol, nitazenes and others: it says synthetic opioids, not fentanyl.",
        f"Final counts end with {years[-1].year}; later deaths are not in them. Rates are rounded by their publisher, "
        "so the change of a rate is rounded too.",
    )


def _residuals(counts: Sequence[Mapping[str, Any]]) -> list[str]:
    """The months whose file says that they are what is left of the published year."""
    return [
        f"{row['period_start']:%Y-%m} is a residual: the published year less the other eleven months."
        for row in counts
        if "residual" in row["locator"]
    ]
