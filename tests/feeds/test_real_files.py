"""The publishers' real files: exact accounting, every total, a second load adds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.feeds import load
from tocsin.node import Node, read_settings
from tocsin.node.state import LedgerEntry

FILES = {
    "us-cdc-t404": ["cdc/us_t404_monthly_final_1999_2024.csv"],
    "us-dea-nflis": ["nflis/NFLIS_fent_all_us-overdoses.csv", "nflis/NFLIS_Drug_DQS_2026_03_03_13_26_55.csv"],
    "us-ofac-sdn": [
        "ofac/sdn_first_last_seen_2021-08_2024-05.csv",
        "ofac/sdn_2024-05-03.csv",
        "ofac/alt_2024-01-08.csv",
        "ofac/add_2024-01-08.csv",
        "ofac/sdn_comments_2024-01-08.csv",
        "ofac/alt_2025-12-24.csv",
        "ofac/add_2025-12-24.csv",
        "ofac/ofac-sdn_2026-08-20_names_aliases.csv",
    ],
}
# file: rows read, accepted, skipped, quarantined
ACCOUNTS = {
    "us_t404_monthly_final_1999_2024.csv": (312, 312, 0, 0),
    "NFLIS_fent_all_us-overdoses.csv": (6472, 6472, 0, 0),
    "NFLIS_Drug_DQS_2026_03_03_13_26_55.csv": (8923, 8923, 0, 0),
    "sdn_first_last_seen_2021-08_2024-05.csv": (15892, 15892, 0, 0),
    "sdn_2024-05-03.csv": (14965, 14965, 0, 0),
    "alt_2024-01-08.csv": (17092, 17091, 1, 0),
    "add_2024-01-08.csv": (18991, 16338, 2653, 0),
    # Four rows continue remarks of parties that had left the list by the day of the sdn file.
    "sdn_comments_2024-01-08.csv": (14, 9, 1, 4),
    "alt_2025-12-24.csv": (20108, 20107, 1, 0),
    "add_2025-12-24.csv": (24245, 21094, 3151, 0),
    "ofac-sdn_2026-08-20_names_aliases.csv": (19249, 19249, 0, 0),
}


@pytest.fixture(scope="module")
def full(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Node:
    """A node with every file loaded, the list's files one after the other."""
    node = Node.create(read_settings(str(tmp_path_factory.mktemp("full") / "node"), {}))
    for source, names in FILES.items():
        load(node, source, [shared / name for name in names])
    return node


def entries(node: Node) -> dict[str, LedgerEntry]:
    return {entry.file_name: entry for entry in node.state.ledger()}


@pytest.mark.parametrize("name", ACCOUNTS)
def test_every_row_is_accounted_for(full: Node, name: str) -> None:
    counts = entries(full)[name].accounting
    assert (counts.read, counts.accepted, counts.skipped.total(), len(counts.quarantined)) == ACCOUNTS[name]
    assert counts.adds_up()


def test_a_second_load_adds_nothing(full: Node, shared: Path) -> None:
    for source, names in FILES.items():
        assert sum(load(full, source, [shared / name for name in names]).added.values()) == 0
    assert len(full.state.ledger()) == len(ACCOUNTS)


def test_most_of_the_remarks_are_understood(full: Node) -> None:
    with full.view() as view:
        claims = view.value("SELECT count(*) FROM claim WHERE locator LIKE '%remark%'")
    assert entries(full)["sdn_2024-05-03.csv"].accounting.not_understood < 0.05 * claims


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("SELECT count(*) FROM claim WHERE property = 'topics'", 19_249),
        ("SELECT count(DISTINCT subject) FROM claim WHERE value = 'ILLICIT-DRUGS-EO14059'", 729),
        ("SELECT count(DISTINCT subject) FROM claim WHERE value IN ('ILLICIT-DRUGS-EO14059', 'SDNTK')", 2_070),
        (
            "SELECT count(DISTINCT parties[1].party) FROM event WHERE kind = 'designation' AND ref LIKE '%first seen'",
            15_892,
        ),
        ("SELECT count(*) FROM event WHERE kind = 'designation' AND date_precision = 'unknown'", 9_083),
        ("SELECT count(*) FROM event WHERE kind = 'designation' AND date = '2021-08-18'", 0),
        ("SELECT count(*) FROM event WHERE kind = 'delisting' AND ref LIKE '%last seen'", 927),
    ],
)
def test_totals_of_the_list(full: Node, sql: str, value: int) -> None:
    with full.view() as view:
        assert view.value(sql) == value


def test_aliases_of_the_newest_list(full: Node, shared: Path) -> None:
    from tocsin.feeds import read

    (release,) = read("us-ofac-sdn", [shared / FILES["us-ofac-sdn"][-1]])[0]
    assert sum(getattr(d.body, "property", "") == "alias" for d in release.drafts) == 20_194


@pytest.mark.parametrize(("day", "number"), [("2023-05-30", 17), ("2023-10-03", 28)])
def test_designations_under_the_fentanyl_programme(full: Node, day: str, number: int) -> None:
    with full.view() as view:
        found = view.value(
            """SELECT count(DISTINCT e.parties[1].party) FROM event e
               WHERE e.kind = 'designation' AND e.date = CAST($1 AS DATE) AND e.ref LIKE '%first seen' AND e.parties[1].party IN (
                   SELECT subject FROM claim_all WHERE value = 'ILLICIT-DRUGS-EO14059')""",
            [day],
        )
    assert found == number


@pytest.mark.parametrize(
    ("year", "deaths"), [(2013, 3_105), (2019, 36_359), (2020, 56_516), (2021, 70_601), (2024, 47_735)]
)
def test_deaths_by_year(full: Node, year: int, deaths: int) -> None:
    with full.view() as view:
        assert (
            view.value(
                "SELECT sum(value) FROM observation WHERE definition = 'us-t404-final-resident' AND year(period_start) = ?",
                [year],
            )
            == deaths
        )


def test_the_residual_month(full: Node) -> None:
    with full.view() as view:
        assert view.rows("SELECT period_start::VARCHAR AS day FROM observation WHERE locator LIKE '%residual%'") == [
            {"day": "2016-06-01"}
        ]
        assert view.value("SELECT count(*) FROM observation WHERE measure = 'deaths'") == 312


@pytest.mark.parametrize(
    ("substance", "half", "reports"),
    [
        ("para-Fluorofentanyl", "2020-07-01", 245),
        ("para-Fluorofentanyl", "2022-01-01", 7_145),
        ("Fluorofentanyl", "2020-07-01", 276),
        ("Fluorofentanyl", "2022-01-01", 7_957),
        ("Carfentanil", "2017-07-01", 2_989),
        ("Carfentanil", "2022-07-01", 11),
        ("Carfentanil", "2025-07-01", 1_333),
    ],
)
def test_laboratory_reports(full: Node, substance: str, half: str, reports: int) -> None:
    with full.view() as view:
        assert (
            view.value(
                "SELECT sum(value) FROM observation WHERE substance = $1 AND period_start = CAST($2 AS DATE) AND period_end - period_start < 200",
                [substance, half],
            )
            == reports
        )


def test_para_fluorofentanyl_was_all_but_unseen_until_2020(full: Node) -> None:
    with full.view() as view:
        assert (
            view.value(
                """SELECT max(n) FROM (SELECT sum(value) AS n FROM observation WHERE substance = 'para-Fluorofentanyl'
               AND period_end - period_start < 200 AND period_start <= '2020-01-01' GROUP BY period_start)"""
            )
            == 2
        )


def test_both_queries_of_2024_are_kept(full: Node) -> None:
    with full.view() as view:
        rows = view.rows(
            """SELECT d.part, sum(o.value)::INT AS reports FROM observation_all o JOIN document_all d ON d.id = o.document
               WHERE o.measure = 'drug_reports' AND year(o.period_start) = 2024 GROUP BY ALL ORDER BY 1"""
        )
        substances = view.value(
            "SELECT count(DISTINCT substance) FROM observation WHERE period_end - period_start < 200 AND measure = 'drug_reports'"
        )
    assert rows == [{"part": "half_year", "reports": 190_367}, {"part": "year", "reports": 172_143}]
    assert substances == 124
