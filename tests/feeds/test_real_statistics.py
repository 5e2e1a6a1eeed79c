"""The publishers' real statistics: exact accounting, every total of their description, two definitions kept apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tocsin.feeds import DEFINITIONS, load
from tocsin.node import Node, read_settings
from tocsin.node.state import LedgerEntry

# (source, file, release day where neither file nor name says it): rows read, accepted, skipped, quarantined
FILES: dict[tuple[str, str, date | None], tuple[int, int, int, int]] = {
    ("us-cdc-t404", "cdc/us_t404_monthly_final_1999_2024.csv", None): (312, 312, 0, 0),
    ("us-cdc-vsrr", "cdc/vsrr_2019-04-30.csv", None): (13320, 13320, 0, 0),
    ("us-cdc-vsrr", "cdc/vsrr_T404_2026-06-27.csv", None): (6916, 5511, 1405, 0),
    ("us-cdc-wonder", "cdc/wonder_Multiple_Cause_of_Death_1999_2020_MANUAL_DOWNLOAD.csv", None): (3347, 3347, 0, 0),
    ("us-cdc-wonder", "cdc/wonder_Multiple_Cause_of_Death_2018_2023_Single_Race_MANUAL_DOWNLOAD.csv", None): (
        3003, 3003, 0, 0,
    ),
    (
        "us-cdc-wonder",
        "cdc/wonder_Provisional_Mortality_Statistics_2018_through_Last_Week_MANUAL_DOWNLOAD.csv",
        date(2025, 8, 31),
    ): (3658, 3658, 0, 0),
    ("us-cdc-dose", "dose/DOSE_SyS_2025-08-25_Jurisdiction-Table_1.csv", None): (7956, 6544, 1412, 0),
    ("us-cdc-dose", "dose/DOSE_SyS_2025-08-25_Overall-Table_1.csv", None): (3480, 3480, 0, 0),
    ("us-cbp-seizures", "cbp/nationwide-drugs-fy19-fy22.csv", date(2022, 10, 31)): (10092, 10092, 0, 0),
    ("us-cbp-seizures", "cbp/nationwide-drugs-fy23-fy26-dec.csv", date(2026, 1, 31)): (7895, 7895, 0, 0),
    ("us-cbp-seizures", "cbp/nationwide-drugs-fy23-fy26-apr.csv", date(2026, 5, 31)): (8673, 8673, 0, 0),
    ("ca-phac-harms", "canada/SubstanceHarmsData_vintage2023-04.csv", date(2023, 4, 30)): (14938, 14228, 710, 0),
    ("ca-phac-harms", "canada/SubstanceHarmsData_vintage2026-04.csv", date(2026, 4, 30)): (24464, 18716, 5748, 0),
    ("gb-ons-drug-deaths", "uk/published_ons_figures.csv", date(2024, 10, 23)): (31, 31, 0, 0),
    ("us-ct-ocme", "connecticut/Accidental_Drug_Related_Deaths_2012-2018_vintage2019.csv", date(2019, 12, 31)): (
        5105, 5102, 1, 2,
    ),
    ("us-ct-ocme", "connecticut/Accidental_Drug_Related_Deaths_2012-2022.csv", date(2023, 12, 31)): (
        10654, 10653, 1, 0,
    ),
    ("us-census-population", "population/statepop10-19.csv", None): (67, 53, 14, 0),
    ("us-census-population", "population/statepop20-24.csv", None): (68, 53, 15, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def full(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Node:
    """A node with every file loaded."""
    node = Node.create(read_settings(str(tmp_path_factory.mktemp("statistics") / "node"), {}))
    for source, name, published in FILES:
        load(node, source, [shared / name], published)
    return node


def entry(node: Node, name: str) -> LedgerEntry:
    return next(e for e in node.state.ledger() if e.file_name == Path(name).name)


@pytest.mark.parametrize("key", FILES, ids=lambda key: Path(key[1]).stem)
def test_every_row_is_accounted_for(full: Node, key: tuple[str, str, date | None]) -> None:
    counts = entry(full, key[1]).accounting
    assert (counts.read, counts.accepted, counts.skipped.total(), len(counts.quarantined)) == FILES[key]
    assert counts.adds_up()


def test_a_second_load_adds_nothing(full: Node, shared: Path) -> None:
    for source, name, published in FILES:
        assert sum(load(full, source, [shared / name], published).added.values()) == 0
    assert len(full.state.ledger()) == len(FILES)


def test_nothing_of_a_whole_file_is_withdrawn_by_a_later_one(full: Node) -> None:
    with full.view() as view:
        assert view.value("SELECT count(*) FROM observation_all WHERE withdrawn") == 0


def test_every_definition_is_in_the_catalogue(full: Node) -> None:
    with full.view() as view:
        rows = view.rows("SELECT DISTINCT definition, measure, unit FROM observation")
    assert {(row["definition"], row["measure"], row["unit"]) for row in rows} <= {
        (one.id, one.measure, one.unit) for one in DEFINITIONS.values()
    }


@pytest.mark.parametrize(
    ("fiscal", "pounds"),
    [(2019, 2_804), (2020, 4_791), (2021, 11_201), (2022, 14_700), (2023, 27_023), (2024, 21_889), (2025, 12_027)],
)
def test_fentanyl_seized_by_fiscal_year(full: Node, fiscal: int, pounds: int) -> None:
    with full.view() as view:
        total = view.value(
            """SELECT sum(value) FROM observation WHERE definition = 'us-cbp-seized-weight' AND substance = 'Fentanyl'
               AND period_start >= make_date($1 - 1, 10, 1) AND period_end < make_date($1, 10, 1)""",
            [fiscal],
        )
    assert round(total) == pounds


def test_the_two_vintages_of_the_running_fiscal_year(full: Node) -> None:
    """Events rise between files, pounds hardly move."""
    with full.view() as view:
        rows = view.rows(
            """SELECT published_at::DATE::VARCHAR AS day, definition, round(sum(value)) AS n FROM observation_all
               WHERE substance = 'Fentanyl' AND period_start = '2025-10-01' GROUP BY ALL ORDER BY definition, day"""
        )
    assert [(row["day"], row["n"]) for row in rows] == [
        ("2026-01-31", 1017), ("2026-05-31", 1017), ("2026-01-31", 52), ("2026-05-31", 70),
    ]  # fmt: skip


def test_only_complete_fiscal_years_are_final(full: Node) -> None:
    with full.view() as view:
        rows = view.rows(
            """SELECT status, min(period_start)::VARCHAR AS first, max(period_end)::VARCHAR AS last FROM observation
               WHERE source = 'us-cbp-seizures' GROUP BY 1 ORDER BY 1"""
        )
    assert rows == [
        {"status": "final", "first": "2018-10-01", "last": "2025-09-30"},
        {"status": "provisional", "first": "2025-10-01", "last": "2026-04-30"},
    ]


def test_occurrences_and_residents_of_2020_are_two_definitions_and_no_dispute(full: Node) -> None:
    with full.view() as view:
        rows = view.rows(
            """SELECT source, definition, sum(value)::INT AS deaths FROM observation
               WHERE place = 'US' AND substance = 'T40.4' AND year(period_end) = 2020 AND period_start >= '2020-01-01'
               AND definition IN ('us-vsrr-12-month-reported', 'us-t404-final-resident') GROUP BY ALL ORDER BY 1"""
        )
        shared_keys = view.value(
            "SELECT count(*) FROM (SELECT key FROM observation GROUP BY key HAVING count(DISTINCT definition) > 1)"
        )
    assert rows == [
        {"source": "us-cdc-t404", "definition": "us-t404-final-resident", "deaths": 56_516},
        {"source": "us-cdc-vsrr", "definition": "us-vsrr-12-month-reported", "deaths": 56_894},
    ]
    assert shared_keys == 0
    assert "final counts of residents" in DEFINITIONS["us-vsrr-12-month-reported"].not_comparable_with


@pytest.mark.parametrize(("place", "old", "new"), [("CA", 7_993, 7_546), ("CA-BC", 2_293, 1_962), ("CA-QC", 450, 296)])
def test_a_canadian_revision_keeps_both_vintages(full: Node, place: str, old: int, new: int) -> None:
    with full.view() as view:
        values = view.rows(
            """SELECT key, value FROM observation_all WHERE definition = 'ca-phac-deaths' AND substance = 'Opioids'
               AND place = ? AND period_start = '2021-01-01' AND period_end = '2021-12-31' AND cardinality(dims) = 0
               ORDER BY published_at""",
            [place],
        )
        between = values[0]["key"] == values[1]["key"]
    assert [row["value"] for row in values] == [old, new]
    assert between


def test_new_york_is_told_in_its_two_parts(full: Node) -> None:
    with full.view() as view:
        rows = view.rows(
            """SELECT dims['part'] AS part, value FROM observation WHERE definition = 'us-vsrr-12-month-reported'
               AND place = 'US-NY' AND substance = 'T40.4' AND period_end = '2020-12-31' ORDER BY 1"""
        )
    assert rows == [{"part": "New York City", "value": 1626.0}, {"part": "without New York City", "value": 2142.0}]


def test_a_predicted_value_does_not_unmask_a_suppressed_one(full: Node) -> None:
    with full.view() as view:
        rows = view.rows(
            """SELECT definition, status FROM observation WHERE source = 'us-cdc-vsrr' AND place = 'US-HI'
               AND period_end = '2017-02-28' AND substance = 'T40.4' ORDER BY 1"""
        )
    assert rows == [{"definition": "us-vsrr-12-month-reported", "status": "suppressed"}]


def test_state_months_are_never_more_than_the_nation(full: Node) -> None:
    """What makes the inferred restriction of the underlying cause credible; an unrestricted export would exceed it."""
    with full.view() as view:
        rows = view.rows(
            """SELECT period_start, sum(value) FILTER (WHERE source = 'us-cdc-wonder') AS states,
                   sum(value) FILTER (WHERE source = 'us-cdc-t404') AS nation
               FROM observation WHERE definition IN ('us-t404-resident-month', 'us-t404-final-resident')
               AND status = 'final' GROUP BY 1 HAVING states IS NOT NULL"""
        )
    assert len(rows) >= 244
    assert all(row["states"] <= row["nation"] for row in rows)


def test_a_partial_year_says_incomplete(full: Node) -> None:
    with full.view() as view:
        rows = view.rows(
            """SELECT year(period_start) AS year, status, count(*) AS n FROM observation_all
               WHERE source = 'us-cdc-wonder' AND year(period_start) >= 2023 GROUP BY ALL ORDER BY 1, 2"""
        )
    assert [(row["year"], row["status"]) for row in rows] == [
        (2023, "final"), (2024, "provisional"), (2025, "incomplete"),
    ]  # fmt: skip


def test_the_rates_of_visits_are_withheld_in_the_pandemic_gap(full: Node) -> None:
    with full.view() as view:
        rows = view.rows(
            """SELECT DISTINCT month(period_start) AS month FROM observation WHERE definition = 'us-dose-visits'
               AND place = 'US' AND cardinality(dims) = 0 AND status = 'suppressed' AND year(period_start) = 2020 ORDER BY 1"""
        )
        newest = view.rows(
            """SELECT value, period_end::VARCHAR AS day FROM observation WHERE definition = 'us-dose-visits-12-months'
               AND place = 'US' AND substance = 'drugs' AND cardinality(dims) = 0 ORDER BY period_end DESC LIMIT 1"""
        )
    assert [row["month"] for row in rows] == [3, 4, 5, 6, 7, 8]
    assert newest == [{"value": 55.1, "day": "2025-06-30"}]


def test_england_is_counted_by_registration(full: Node) -> None:
    with full.view() as view:
        rows = view.rows(
            """SELECT definition, value FROM observation WHERE place = 'GB-ENG' AND period_end = '2023-12-31' ORDER BY 1"""
        )
    assert [row["value"] for row in rows] == [3_353, 5_053]


def test_connecticut_is_held_as_counts_only(full: Node, shared: Path) -> None:
    with full.view() as view:
        kinds = {
            k: view.value(f"SELECT count(*) FROM {k} WHERE source = 'us-ct-ocme' AND locator NOT LIKE 'numbers set%'")
            for k in ("event", "claim")
        }
        small = view.value("SELECT count(*) FROM observation_all WHERE source = 'us-ct-ocme' AND value < 10")
        total = view.value(
            "SELECT sum(value) FROM observation WHERE definition = 'us-ct-accidental-deaths' AND year(period_end) = 2021"
        )
        fentanyl = view.value(
            """SELECT value FROM observation WHERE definition = 'us-ct-detected' AND substance = 'fentanyl'
               AND year(period_end) = 2021"""
        )
    assert kinds == {"event": 0, "claim": 0}
    assert (small, total, fentanyl) == (0, 1524, 1301)


def test_no_case_of_connecticut_can_be_found_anywhere_in_the_node(full: Node, shared: Path) -> None:
    """Neither in the lake, the quarantine nor the kept bytes: a word of a certificate is in none of the node's files."""
    name = "connecticut/Accidental_Drug_Related_Deaths_2012-2018_vintage2019.csv"
    bad = entry(full, name).accounting.quarantined
    assert [one.text for one in bad] == ["(a single case, not kept)"] * 2
    kept = {path.stem for path in full.documents.glob("*/*.zst")}
    assert entry(full, name).sha256 not in kept
    assert b"Aortic" not in b"".join(
        path.read_bytes()
        for path in full.settings.node.rglob("*")
        if path.is_file() and path.suffix in (".db", ".db-wal")
    )


@pytest.mark.parametrize(
    ("place", "year", "residents"),
    [("US", 2019, 328_239_523), ("US", 2020, 331_577_720), ("US", 2024, 340_110_988), ("PR", 2024, 3_203_295)],
)
def test_residents_on_the_first_of_july(full: Node, place: str, year: int, residents: int) -> None:
    with full.view() as view:
        assert (
            view.value(
                """SELECT value FROM observation WHERE definition = 'us-census-july-1' AND place = $1
                   AND year(period_start) = $2""",
                [place, year],
            )
            == residents
        )


def test_the_states_add_up_to_the_nation(full: Node) -> None:
    with full.view() as view:
        rows = view.rows(
            """SELECT year(period_start) AS year, sum(value) FILTER (WHERE place LIKE 'US-%') AS states,
                   sum(value) FILTER (WHERE place = 'US') AS nation
               FROM observation WHERE definition = 'us-census-july-1' GROUP BY 1"""
        )
    assert len(rows) == 15
    assert all(row["states"] == row["nation"] for row in rows)
