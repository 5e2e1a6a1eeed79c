"""What changed between two moments, by publication and by arrival, and the events that say a release revised numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import NAMES_HEADER
from tocsin.errors import UsageError
from tocsin.feeds import load
from tocsin.node import Node
from tocsin.node.differences import Differences, Window, differences

Write = Callable[[str, "str | bytes"], Path]
ONS = "sex,year,all_drug_poisoning,drug_misuse"


def ons(*rows: str) -> str:
    return "\n".join([ONS, *rows, ""])


def names(*rows: str) -> str:
    return "\n".join([NAMES_HEADER, *rows, ""])


@pytest.fixture
def revised(node: Node, write: Write) -> Node:
    first = ons("Persons,2021,4532,2846", "Persons,2022,4572,2906", "Persons,2020,4312,2830")
    second = ons("Persons,2021,4500,2846", "Persons,2022,4600,2906", "Persons,2023,5053,3353")
    load(node, "gb-ons-drug-deaths", [write("a.csv", first)], date(2023, 12, 19))
    load(node, "gb-ons-drug-deaths", [write("b.csv", second)], date(2024, 10, 23))
    load(node, "us-ofac-sdn", [write("n_2024-01-01.csv", names("1,ONE,individual,SDNTK,", "2,TWO,entity,SDNTK,"))])
    load(node, "us-ofac-sdn", [write("n_2024-02-01.csv", names("2,TWO,entity,SDNTK,ALSO", "3,THREE,entity,SDNTK,"))])
    return node


def found(node: Node, window: Window) -> Differences:
    with node.view() as view:
        return differences(view, window)


def test_a_release_that_revises_is_an_event(revised: Node) -> None:
    with revised.view() as view:
        rows = view.rows("SELECT date::VARCHAR AS day, qualifiers FROM event WHERE kind = 'revision'")
    (row,) = rows
    assert row["day"] == "2024-10-23"
    assert dict(row["qualifiers"]) == {
        "definition": "gb-ons-drug-poisoning-registered", "list": "gb-ons-drug-deaths", "before": "2023-12-19",
        "revised": "2", "raised": "1", "lowered": "1", "new": "1", "unchanged": "0",
    }  # fmt: skip


def test_numbers_revised_new_and_gone(revised: Node) -> None:
    one = found(revised, Window(date(2024, 10, 1), date(2024, 12, 31), source="gb-ons-drug-deaths"))
    assert one.sums == [
        {
            "source": "gb-ons-drug-deaths", "listed": 0, "delisted": 0, "claims_new": 0, "claims_gone": 0,
            "numbers_new": 2, "numbers_revised": 2, "numbers_gone": 2,
        }
    ]  # fmt: skip
    assert [(row["what"], row["period_start"].year, row["before"], row["now"]) for row in one.numbers] == [
        ("revised", 2021, 4532, 4500), ("revised", 2022, 4572, 4600), ("gone", 2020, 2830, None), ("gone", 2020, 4312, None),
    ]  # fmt: skip


def test_parties_listed_and_delisted(revised: Node) -> None:
    one = found(revised, Window(date(2024, 1, 15), date(2024, 3, 1)))
    assert [(row["what"], row["party"], row["name"], str(row["date"])) for row in one.parties] == [
        ("delisted", "ofac-1", "ONE", "2024-02-01"), ("listed", "ofac-3", "THREE", "2024-02-01"),
    ]  # fmt: skip
    (sums,) = one.sums
    assert (sums["listed"], sums["delisted"], sums["claims_new"], sums["claims_gone"]) == (1, 1, 4, 3)


def test_the_window_before_anything_changed_is_empty(revised: Node) -> None:
    one = found(revised, Window(date(2025, 1, 1), date(2025, 2, 1)))
    assert (one.sums, one.numbers, one.parties) == ([], [], [])


def test_by_arrival_everything_came_today(revised: Node) -> None:
    from datetime import UTC, datetime

    today = datetime.now(UTC).date()
    one = found(revised, Window(today, today, by="known"))
    assert {row["source"]: row["numbers_new"] for row in one.sums} == {"gb-ons-drug-deaths": 6, "us-ofac-sdn": 0}
    assert found(revised, Window(date(2024, 1, 1), date(2024, 12, 31), by="known")).sums == []


@pytest.mark.parametrize(
    ("since", "until", "by", "line"),
    [
        (date(2024, 1, 2), date(2024, 1, 1), "published", "2024-01-02 is after 2024-01-01; swap the two days"),
        (date(2024, 1, 1), date(2024, 1, 2), "rumour", "'rumour' is no way to tell time; use one of published, known"),
    ],
)
def test_a_window_that_makes_no_sense(since: date, until: date, by: str, line: str) -> None:
    with pytest.raises(UsageError, match=line):
        Window(since, until, by)


def test_releases_out_of_order_tell_the_same_revisions(tmp_path: Path, write: Write) -> None:
    from itertools import permutations

    from tocsin.node import read_settings

    files = {
        date(2022, 12, 1): ons("Persons,2020,4300,2800", "Persons,2021,4532,2846"),
        date(2023, 12, 19): ons("Persons,2020,4312,2800", "Persons,2021,4532,2846"),
        date(2024, 10, 23): ons("Persons,2020,4312,2830", "Persons,2021,4500,2846"),
    }
    told = []
    for number, order in enumerate(permutations(files)):
        node = Node.create(read_settings(str(tmp_path / str(number)), {}))
        for day in order:
            load(node, "gb-ons-drug-deaths", [write(f"{day}.csv", files[day])], day)
        with node.view() as view:
            rows = view.rows("SELECT date::VARCHAR AS day, qualifiers FROM event WHERE kind = 'revision' ORDER BY ALL")
        told.append(
            [(row["day"], dict(row["qualifiers"])["definition"], dict(row["qualifiers"])["revised"]) for row in rows]
        )
    poisoning, misuse = "gb-ons-drug-poisoning-registered", "gb-ons-drug-misuse-registered"
    assert told[0] == [("2023-12-19", poisoning, "1"), ("2024-10-23", misuse, "1"), ("2024-10-23", poisoning, "1")]
    assert all(one == told[0] for one in told)
