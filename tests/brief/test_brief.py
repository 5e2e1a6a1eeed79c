"""The brief is right, on the starter set: its numbers are those publishers and prosecutors gave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files
from io import StringIO
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from tocsin.brief import Brief, as_html, as_json, build, print_brief
from tocsin.brief.model import Cell, Chart, Figure, Mark, Section, Sentence, Table
from tocsin.brief.text import spark
from tocsin.node import Node
from tocsin.node.finding import by_ids
from tocsin.records import Record

DAY = date(2023, 7, 7)


@pytest.fixture(scope="module")
def july(starter: Node) -> Brief:
    """The brief a minister would have read on the day the coalition met."""
    return build(starter, as_of=DAY, days=60)


@pytest.fixture(scope="module")
def march(starter: Node) -> Brief:
    """The brief after the laboratories' query of March 2026."""
    return build(starter, as_of=date(2026, 3, 31))


def section(brief: Brief, name: str) -> Section:
    return next(one for one in brief.sections if one.id == name)


def figures(brief: Brief, name: str) -> dict[str, Figure]:
    return {figure.id: figure for figure in section(brief, name).figures}


def table(brief: Brief, name: str, which: str) -> Table:
    return next(one for one in section(brief, name).tables if one.id == which)


def prose(brief: Brief, name: str) -> str:
    return " ".join(sentence.text for sentence in section(brief, name).answer)


def test_seventeen_parties_of_30_may_2023(july: Brief) -> None:
    held = figures(july, "listed")
    name = "listed.2023-05-30.ILLICIT-DRUGS-EO14059"
    assert held[name].value == 17
    assert {k.removeprefix(name): f.value for k, f in held.items() if k.startswith(name + ".")} == {
        ".CN.entity": 7, ".CN.individual": 6, ".MX.entity": 1, ".MX.individual": 3,
    }  # fmt: skip
    assert (
        "17 parties first listed on 2023-05-30 under ILLICIT-DRUGS-EO14059: China 7 entities and 6 individuals; Mexico 1 entity and 3 individuals."
        in prose(july, "listed")
    )


def test_countries_come_from_later_files_and_say_so(july: Brief) -> None:
    for row in table(july, "listed", "listed").rows:
        assert [mark.value for mark in row[3].marks] == ["retrospective"]


def test_deaths_as_counts_and_as_rates(july: Brief) -> None:
    held = figures(july, "harm")
    assert [held[f"harm.deaths.{y}"].value for y in (2013, 2019, 2020)] == [3_105, 36_359, 56_516]
    assert held["harm.times_baseline.2020"].text == "18.2"
    assert held["harm.change.2020"].text == "+55.4 %"
    assert [held[f"harm.rate.{y}"].text for y in (2019, 2020)] == ["11.4", "17.8"]
    assert held["harm.rate_change.2020"].text == "+56 %"
    assert (
        "by count; the age-adjusted rate rose from 11.4 to 17.8 per 100,000, +56 %. Count and rate are two measures"
        in prose(july, "harm")
    )


def evidence(brief: Brief) -> Iterator[tuple[tuple[str, ...], bool]]:
    """(ids, whether marked retrospective) of everything the brief shows."""
    for one in brief.sections:
        for figure in one.figures:
            yield figure.evidence, "retrospective" in [mark.value for mark in figure.marks]
        for held in one.tables:
            for row in held.rows:
                marked = any("retrospective" in [mark.value for mark in cell.marks] for cell in row)
                for cell in row:
                    yield cell.evidence, marked


@pytest.mark.parametrize(
    "day", [date(2021, 8, 20), date(2022, 12, 25), DAY, date(2024, 5, 3), date(2025, 9, 1), date(2026, 3, 31)]
)
def test_nothing_published_later_stands_unmarked(starter: Node, day: date) -> None:
    brief = build(starter, as_of=day, days=60)
    records = held(starter, brief)
    for ids, marked in evidence(brief):
        for record in (records[name] for name in ids):
            if record.body.record != "document":
                assert marked or record.published_at.date() <= day, record


def test_every_figure_rests_on_records_that_are_there(march: Brief, starter: Node) -> None:
    records = held(starter, march)
    for ids, _ in evidence(march):
        assert len(set(ids)) == len(ids)
        assert set(ids) <= records.keys()
    for one in march.sections:
        for figure in one.figures:
            assert figure.evidence or figure.value == 0, figure.id


def held(node: Node, brief: Brief) -> dict[str, Record]:
    """Every record the brief rests on, by id."""
    node.index.refresh()
    return {record.id: record for record in by_ids(node.index, [name for ids, _ in evidence(brief) for name in ids])}


def series(brief: Brief, substance: str) -> dict[str, float | None]:
    held = figures(brief, "identified")
    start = f"identified.{substance}."
    return {name.removeprefix(start): figure.value for name, figure in held.items() if name.startswith(start)}


def test_para_fluorofentanyl_beside_its_unspecified_isomers(march: Brief) -> None:
    para, unspecified = series(march, "para-Fluorofentanyl"), series(march, "Fluorofentanyl")
    assert all((value or 0) <= 2 for half, value in para.items() if half <= "2020-H1")
    assert (para["2020-H2"], para["2022-H1"]) == (245, 7_145)
    assert (unspecified["2020-H2"], unspecified["2022-H1"]) == (276, 7_957)


def test_carfentanil_comes_back(march: Brief) -> None:
    held = series(march, "Carfentanil")
    assert (held["2017-H2"], held["2022-H2"], held["2025-H2"]) == (2_989, 11, 1_333)
    newest = figures(march, "identified")["identified.Carfentanil.2025-H2"]
    assert [mark.value for mark in newest.marks] == ["incomplete"]


def test_2024_in_both_queries_is_a_revision_not_a_rise(march: Brief) -> None:
    held = figures(march, "identified")
    assert held["revision.2024.2025-08-10"].value == 172_143
    assert held["revision.2024.2026-03-03"].value == 190_367
    assert "a revision of +10.6 % as late reports came in, not a rise" in prose(march, "identified")


def test_risers_are_named_as_a_simple_comparison(march: Brief) -> None:
    assert table(march, "identified", "risers").title == "Fast risers (simple comparison, not a tested signal)"
    assert not any(figure.method.tested for figure in section(march, "identified").figures)
    assert "DEA does not recommend comparing year-to-year trends" in " ".join(section(march, "identified").caveats)


def test_todays_brief_is_never_empty_and_says_where_its_windows_end(starter: Node) -> None:
    brief = build(starter)
    listed = section(brief, "listed")
    assert listed.window and listed.window.end == date(2026, 8, 20)
    assert "The newest list held by" in listed.caveats[0]
    assert "on unknown days between 2024-05-04 and 2026-08-20; no list of parties from between is held" in prose(
        brief, "listed"
    )
    assert all(one.answer for one in brief.sections)


def test_a_country(starter: Node) -> None:
    china = build(starter, as_of=DAY, days=60, country="CN")
    assert figures(china, "listed")["listed.total"].value == 13
    assert prose(build(starter, country="MX"), "listed").startswith(
        "173 newly listed parties of this window have no country"
    )
    assert prose(china, "harm") == "No series of deaths is held for China."
    everywhere, states = build(starter, as_of=DAY, days=60), build(starter, as_of=DAY, days=60, country="US")
    for name in ("identified", "supply"):
        assert section(everywhere, name) == section(states, name)
    assert prose(everywhere, "harm") == prose(states, "harm")
    assert prose(build(starter, as_of=date(2026, 8, 31), country="CA"), "harm") == (
        "Canada, Jan to Sep 2025: 4,162 deaths (Apparent toxicity deaths, Canada, opioids), the newest held."
    )


def test_before_anything_was_published_the_brief_says_so(starter: Node) -> None:
    brief = build(starter, as_of=date(1999, 1, 1))
    assert prose(brief, "listed") == "No list of parties is held as of 1999-01-01."
    assert prose(brief, "harm") == "No series of deaths is held as of 1999-01-01."
    assert prose(brief, "identified") == "No laboratory identifications are held as of 1999-01-01."


def test_an_empty_node_has_a_brief(node: Node) -> None:
    brief = build(node)
    jsonschema.validate(as_json(brief), schema())
    assert "Load one with: tocsin feed load" in prose(brief, "sources")


def schema() -> dict[str, Any]:
    text = files("tocsin.brief").joinpath("data", "brief.schema.json").read_text(encoding="utf-8")
    held: dict[str, Any] = json.loads(text)
    return held


@pytest.mark.parametrize("day", [DAY, date(2026, 3, 31), date(1999, 1, 1)])
def test_the_json_keeps_its_schema(starter: Node, day: date) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(json.dumps(as_json(build(starter, as_of=day)))), schema())


def test_the_text_shows_what_the_values_say(july: Brief) -> None:
    sink = StringIO()
    print_brief(july, Console(file=sink, width=150))
    text = sink.getvalue()
    for words in (
        "17 parties first listed on 2023-05-30",
        "56,516",
        "18.2",
        "YASON GENERAL MACHINERY",
        "ʳ retrospective: published only after",
    ):
        assert words in text


def test_a_small_line_tells_missing_from_zero() -> None:
    assert spark([None, 0, 4, 8]) == "·▁▄█"
    assert spark([]) == ""


def test_the_page_is_self_contained(july: Brief) -> None:
    page = as_html(july)
    assert page.startswith("<!doctype html>")
    for foreign in ("<script", "http://", "@import", "<link"):
        assert foreign not in page.replace("http://www.w3.org/", "")
    assert page.count('<svg role="img"') == 2
    assert '<abbr class="mark" title="retrospective">R</abbr>' in page


def test_hostile_names_are_text() -> None:
    evil = "<script>alert(1)</script>"
    held = Table("t", evil, (evil,), ((Cell(evil, evil, evidence=("0" * 32,)),),))
    chart = Chart("c", "small_lines", evil, evil, ((evil, "2024-01-01", 1.0, False),))
    hostile = Section("listed", evil, evil, (Sentence(evil),), (evil,), tables=(held,), charts=(chart,))
    page = as_html(Brief(DAY, None, None, 60, (hostile,)), lambda ids: f"/records/{ids[0]}")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 6


def test_the_sources_say_where_every_row_went(march: Brief) -> None:
    rows = {(row[0].text, row[1].text): row for row in table(march, "sources", "sources").rows}
    assert rows["us-dea-nflis", "half-year"][5].text == "8,923 = 8,923 + 0 + 0"
    assert datetime.fromisoformat(rows["us-dea-nflis", "half-year"][2].text).date() == date(2026, 3, 3)


@pytest.fixture(scope="module")
def august(starter: Node) -> Brief:
    """The brief after the newest provisional deaths and seizures of the starter set."""
    return build(starter, as_of=date(2026, 8, 31))


def test_fentanyl_seized_by_fiscal_year(august: Brief) -> None:
    held = figures(august, "supply")
    assert {year: round(held[f"supply.seized.Fentanyl.{year}"].value or 0) for year in (2023, 2024, 2025)} == {
        2023: 27_023, 2024: 21_889, 2025: 12_027,
    }  # fmt: skip
    assert held["supply.change.Fentanyl.2025"].text == "-45.1 %"
    running = held["supply.seized.Fentanyl.2026"]
    assert (running.text, running.period, running.marks) == ("6,726", "2025-10-01/2026-04-30", (Mark.INCOMPLETE,))
    assert "12,027 lb (5,455 kg) of fentanyl in fiscal year 2025, 86 % of it at ports of entry" in prose(
        august, "supply"
    )


def test_seizures_of_a_day_are_those_published_by_then(july: Brief, march: Brief) -> None:
    assert "14,700 lb" in prose(july, "supply") and "2023" not in prose(july, "supply")
    assert "From October to December 2025, 3,398 lb" in prose(march, "supply")


def test_the_newest_provisional_deaths_say_how_complete_they_are(august: Brief, july: Brief) -> None:
    held = figures(august, "harm")
    assert [held[f"harm.provisional.{name}"].text for name in ("reported", "predicted", "pending", "change")] == [
        "36,825", "37,488", "0.26 %", "-21.7 %",
    ]  # fmt: skip
    assert held["harm.provisional.reported"].marks == (Mark.PROVISIONAL, Mark.INCOMPLETE)
    assert held["harm.provisional.reported"].period == "2025-02-01/2026-01-31"
    assert "two definitions, not a dispute" in prose(august, "harm")
    assert not any(name.startswith("harm.provisional") for name in figures(july, "harm"))


def test_the_canadian_revision_and_that_no_reason_is_given(starter: Node) -> None:
    brief = build(starter, as_of=date(2026, 5, 15))
    text = prose(brief, "revisions")
    assert (
        "Apparent toxicity deaths, Canada, opioids, Canada, 2021: 7,993 in the release of 2023-04-30, 7,546 in the newest "
        "(-5.6 %). A revision, not a change of what happened; the reason is not in the file."
    ) in text
    records = table(brief, "revisions", "numbers").rows[0]
    assert len(records[1].evidence) == len(records[3].evidence) == 1
    assert "No release since" not in text
    assert (
        prose(build(starter, as_of=date(2023, 1, 1)), "revisions")
        == "No release held revises a number of an earlier one."
    )


def test_what_newly_came_under_control_is_told_with_text_and_basis(starter: Node) -> None:
    page = build(starter, as_of=date(2025, 10, 31), days=92)
    controlled = section(page, "controlled")
    assert "new listings by name" in controlled.answer[0].text
    rows = [[cell.text for cell in row] for row in controlled.tables[0].rows]
    assert any(row[:2] == ["2025-10-15", "United States"] for row in rows) and all(row[3] and row[4] for row in rows)
    assert "does not make it free of control" in controlled.caveats[-1]


def test_a_country_without_texts_says_so(starter: Node) -> None:
    controlled = section(build(starter, as_of=date(2025, 10, 31), country="BR"), "controlled")
    assert controlled.answer[0].text == "No control text of Brazil is held." and controlled.tables == ()
