"""Rows that cannot be read go to quarantine with file, row, reason and mend; the rest is kept; the counts add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import NAMES_HEADER, NFLIS_HEADER, T404_HEADER, nflis_row
from tocsin.errors import InputError
from tocsin.feeds import load
from tocsin.node import Node

Write = Callable[[str, "str | bytes"], Path]
FUTURE = datetime.now(UTC).year + 1


def months(*rows: str) -> str:
    return "\n".join([T404_HEADER, "2019,1,100,final", "2019,2,100,final", "2019,3,100,final", *rows, ""])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('2020,1,"1,234",final', "'1,234' holds a thousands separator; write 1234"),
        ("2020,1,-0-,final", "a number is expected, not '-0-'; get the file again"),
        ("2020,1,,final", "a number is expected, not ''; get the file again"),
        ("2020,1,-5,final", "'-5' is not a whole number; columns may be swapped"),
        ("2020,1,1e3,final", "'1e3' is not a whole number; columns may be swapped"),
        ("2020,13,5,final", "'13' is not a month; columns may be swapped"),
        ("20O0,1,5,final", "'20O0' is not a year; columns may be swapped"),
        (f"{FUTURE},1,5,final", f"{FUTURE} lies in the future; check the row"),
        ("2020,1,5,provisional", "the status is 'provisional', and this feed reads final counts"),
        ("2019,3,5,final", "the same number stands twice, first in row 4; remove one"),
        ("2020,1,5,final,extra", "5 columns, not 4; get the file again"),
    ],
)
def test_a_bad_month(node: Node, write: Write, row: str, reason: str) -> None:
    (entry,) = load(node, "us-cdc-t404", [write("t404.csv", months(row, "2020,2,7,final"))]).entries
    (bad,) = entry.accounting.quarantined
    assert (bad.file_name, bad.row) == ("t404.csv", 5)
    assert bad.reason.startswith(reason)
    assert (entry.accounting.read, entry.accounting.accepted) == (5, 4)
    assert entry.accounting.adds_up()
    assert [q.reason for _, q in node.quarantine()] == [bad.reason]


@pytest.mark.parametrize("sign", ["<10", "§", "Suppressed"])
def test_a_suppressed_count_is_kept_as_suppressed(node: Node, write: Write, sign: str) -> None:
    load(node, "us-cdc-t404", [write("t404.csv", months(f"2020,1,{sign},final"))])
    with node.view() as view:
        assert view.rows("SELECT value, status FROM observation WHERE year(period_start) = 2020") == [
            {"value": None, "status": "suppressed"}
        ]


def test_blank_rows_are_skipped_and_counted(node: Node, write: Write) -> None:
    (entry,) = load(node, "us-cdc-t404", [write("t404.csv", months("", ",,,"))]).entries
    assert dict(entry.accounting.skipped) == {"blank": 2}
    assert entry.accounting.adds_up()


def test_a_residual_month_says_so_in_its_locator(node: Node, write: Write) -> None:
    load(
        node,
        "us-cdc-t404",
        [write("t404.csv", months("2016,6,90,final (residual: published annual total minus other 11 months)"))],
    )
    with node.view() as view:
        assert "residual" in view.value("SELECT locator FROM observation WHERE year(period_start) = 2016")


def test_final_years_are_dated_by_their_first_release(node: Node, write: Write) -> None:
    load(node, "us-cdc-t404", [write("t404.csv", months("2020,1,7,final"))])
    with node.view() as view:
        days = view.rows(
            "SELECT DISTINCT year(period_start) AS year, published_at::DATE::VARCHAR AS day FROM observation ORDER BY 1"
        )
    assert days == [{"year": 2019, "day": "2020-12-31"}, {"year": 2020, "day": "2021-12-30"}]


def export(*rows: str) -> str:
    return "\n".join(
        [NFLIS_HEADER, nflis_row("5", state="PA"), nflis_row("6", half=2), nflis_row("7", state="CA"), *rows, ""]
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (nflis_row("<b>"), "'<b>' is not a whole number"),
        (nflis_row("1", year=str(FUTURE)), f"{FUTURE} lies in the future"),
        (nflis_row("1", state="ZZ"), "'ZZ' is not a US state"),
        (nflis_row("1", query="yesterday"), "'yesterday' is not the moment of a query"),
        (nflis_row("1", query=f"{FUTURE}-01-01 00:00:00"), "the query's day"),
        (nflis_row("9", state="PA"), "the same number stands twice, first in row 2"),
    ],
)
def test_a_bad_laboratory_row(node: Node, write: Write, row: str, reason: str) -> None:
    (entry,) = load(node, "us-dea-nflis", [write("nflis.csv", export(row))]).entries
    (bad,) = entry.accounting.quarantined
    assert bad.reason.startswith(reason)
    assert entry.accounting.accepted == 3


def test_the_newest_period_of_a_query_is_incomplete(node: Node, write: Write) -> None:
    load(node, "us-dea-nflis", [write("nflis.csv", export())])
    with node.view() as view:
        rows = view.rows(
            "SELECT month(period_start) AS month, status, count(*) AS n FROM observation GROUP BY ALL ORDER BY 1"
        )
    assert rows == [{"month": 1, "status": "final", "n": 2}, {"month": 7, "status": "incomplete", "n": 1}]


def test_two_queries_in_one_file_are_refused(node: Node, write: Write) -> None:
    with pytest.raises(InputError, match="holds several query days: .*; load each export by itself"):
        load(
            node, "us-dea-nflis", [write("nflis.csv", export(nflis_row("1", state="TX", query="2025-03-02 10:00:00")))]
        )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x1,A,individual,SDNTK,", "'x1' is no entry number; columns may be swapped"),
        ("7,A,starship,SDNTK,", "'starship' is no type of party; columns may be swapped"),
        ("7,-0-,individual,SDNTK,", "the name is empty; columns may be swapped"),
        ("7,A,individual,-0-,", "no programme is given; columns may be swapped"),
        ("7,A,individual", "3 columns, not 5; get the file again"),
    ],
)
def test_a_bad_party(node: Node, write: Write, row: str, reason: str) -> None:
    good = [f"{i},P{i},individual,SDNTK," for i in range(1, 5)]
    text = "\n".join([NAMES_HEADER, *good[:2], row, *good[2:], ""])
    (entry,) = load(node, "us-ofac-sdn", [write("names_2024-01-01.csv", text)]).entries
    (bad,) = entry.accounting.quarantined
    assert (bad.row, bad.reason) == (4, reason)


def test_an_unknown_feed_is_named(node: Node) -> None:
    from tocsin.errors import UsageError

    with pytest.raises(UsageError, match="no feed is called 'sdn'; use one of ca-gac-sanctions, .*, us-ofac-sdn"):
        load(node, "sdn", [])
