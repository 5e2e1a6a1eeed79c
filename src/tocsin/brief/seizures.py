"""Section: what was seized at US borders, by fiscal year, and the running year beside the one before."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.brief.model import Cell, Context, Figure, Mark, Section, Sentence, Table
from tocsin.feeds import DEFINITIONS
from tocsin.records.places import name_of
from tocsin.watch import SEIZURE_METHOD, FiscalYear, fiscal_years

SOURCE, DEFINITION, _PLACE, _DRUG = "us-cbp-seizures", "us-cbp-seized-weight", "US", "Fentanyl"
_QUESTION = "What was seized at the borders?"
_SHOWN_YEARS = 6
_COLUMNS = "id, substance, period_start, period_end, value, dims['component'] AS component"
_QUERY = f"SELECT {_COLUMNS}, false AS retrospective FROM observation WHERE definition = ? AND place = ?"
_LATER = f"SELECT {_COLUMNS}, true AS retrospective FROM observation_later WHERE definition = ? AND place = ? AND period_end <= ?"


def section(context: Context) -> Section:
    """Seizures by US Customs and Border Protection: the only ones held so far."""
    if context.country not in (None, _PLACE):
        return _nothing(f"No seizures are held for {name_of(context.country)}.")
    rows = context.view.rows(_QUERY, [DEFINITION, _PLACE])
    rows = rows or context.view.rows(_LATER, [DEFINITION, _PLACE, context.as_of])
    years = [year for year in fiscal_years(rows) if year.drug == _DRUG]
    if not years:
        return _nothing(f"No seizures are held as of {context.as_of}.")
    return Section(
        id="supply",
        title="Seizures",
        question=_QUESTION,
        answer=tuple(_answer(years)),
        caveats=("Only complete fiscal years are final. Weights are gross: neither purity nor form is in the file.",),
        figures=tuple(figure for year in years[-_SHOWN_YEARS:] for figure in _figures(year)),
        tables=(_table(years[-_SHOWN_YEARS:]),),
    )


def _nothing(reason: str) -> Section:
    return Section("supply", "Seizures", _QUESTION, (Sentence(reason),), ())


def _answer(years: Sequence[FiscalYear]) -> list[Sentence]:
    complete = [year for year in years if year.is_complete]
    sentences = [_complete(complete[-1], max(complete, key=lambda year: year.pounds))] if complete else []
    running = years[-1]
    if not running.is_complete:
        text = f"From October to {running.newest:%B %Y}, {running.pounds:,.0f} lb ({running.kilograms:,.0f} kg) in fiscal year {running.year}"
        if running.change is not None:
            text += f", {running.change:+.0f} % on the same months a year before ({running.same_months:,.0f} lb)"
        sentences.append(Sentence(text + ".", (_id("seized", running), _id("change", running))))
    return sentences


def _complete(newest: FiscalYear, most: FiscalYear) -> Sentence:
    text = (
        f"US Customs and Border Protection seized {newest.pounds:,.0f} lb ({newest.kilograms:,.0f} kg) of fentanyl in fiscal "
        f"year {newest.year}, {newest.at_ports * 100:.0f} % of it at ports of entry"
    )
    if newest.change is not None:
        text += f": {newest.change:+.1f} % on {newest.year - 1}"
    if most.year != newest.year:
        text += f"; the most was {most.pounds:,.0f} lb in {most.year}"
    figures = (_id("seized", newest), _id("change", newest), _id("seized", most))
    return Sentence(text + ". What is seized says nothing of how much gets through.", tuple(dict.fromkeys(figures)))


def _id(name: str, year: FiscalYear) -> str:
    return f"supply.{name}.{year.drug}.{year.year}"


def _marks(year: FiscalYear) -> tuple[Mark, ...]:
    marks = (Mark.RETROSPECTIVE,) if year.retrospective else ()
    return marks if year.is_complete else (*marks, Mark.INCOMPLETE)


def _figures(year: FiscalYear) -> list[Figure]:
    period = f"{year.year - 1}-10-01/{year.newest}"
    both = (*year.evidence_before, *year.evidence)
    change = year.change
    rows = [
        (
            "seized",
            f"{_DRUG} seized in fiscal year {year.year}",
            year.pounds,
            f"{year.pounds:,.0f}",
            "lb",
            year.evidence,
        )
    ]
    if change is not None:
        label = f"Change of fiscal year {year.year} on the same months before"
        rows.append(("change", label, change, f"{change:+.1f} %", "per cent", both))
    return [
        Figure(
            id=_id(name, year), label=label, value=round(value, 4), text=text, unit=unit, period=period, place=_PLACE,
            source=SOURCE, evidence=evidence, method=SEIZURE_METHOD, marks=_marks(year), note=DEFINITIONS[DEFINITION].counts,
        )
        for name, label, value, text, unit, evidence in rows
    ]  # fmt: skip


def _table(years: Sequence[FiscalYear]) -> Table:
    columns = ("Fiscal year", "Months", "Pounds", "Kilograms", "Change", "At ports of entry")
    rows = tuple(
        (
            Cell(str(year.year), year.year),
            Cell(str(year.months), year.months),
            Cell(f"{year.pounds:,.0f}", round(year.pounds, 1), _marks(year), year.evidence),
            Cell(f"{year.kilograms:,.0f}", round(year.kilograms, 1)),
            Cell("–" if year.change is None else f"{year.change:+.1f} %", year.change),
            Cell(f"{year.at_ports * 100:.0f} %", round(year.at_ports, 4)),
        )
        for year in years
    )
    note = "Change: on the same months of the year before. Fiscal years run from October to September."
    return Table("seizures", "Fentanyl seized by US Customs and Border Protection", columns, rows, columns[1:], note)
