"""Where a substance was identified: the numbers under its sources' names for it, and the newest records that name it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.node.makers import party_list
from tocsin.console.identified import names_used, newest, reported
from tocsin.feeds.starter_set import load_starter
from tocsin.node import Node
from tocsin.node.finding import Moment, Query, search


@pytest.fixture
def known(node: Node) -> Node:
    """The starter set, and a party whose name names a substance."""
    load_starter(node)
    node.land([party_list(date(2026, 6, 1), {"test-1": "Metonitazene Trading Co."})], {})
    node.index.refresh()
    return node


def test_numbers_go_by_the_names_their_sources_use(starter: Node) -> None:
    starter.index.refresh()
    found = reported(starter.index, Moment(), "fentanyl")
    assert {one.name.casefold() for one in found} == {"fentanyl"}
    for one in found:
        assert one.label and 0 < one.places <= one.series
        assert search(starter.index, Query(kind="observation", name=one.definition, substance=one.name), Moment())


def test_a_name_of_several_entries_counts_for_none_of_them(starter: Node) -> None:
    for one in names_used(starter.index, Moment()):
        for entry in one.substances if not one.is_resolved else ():
            assert one.name not in {held.name for held in reported(starter.index, Moment(), entry)}


def test_the_newest_come_first_claims_before_numbers(known: Node) -> None:
    rows = newest(known.index, Moment(), "metonitazene", ["Metonitazene"])
    assert rows[0]["kind"] == "claim" and "Metonitazene Trading Co." in rows[0]["says"]
    for kind in ("claim", "observation"):
        days = [row["published"] for row in rows if row["kind"] == kind]
        assert days == sorted(days, reverse=True) and len(days) <= 6


def test_a_name_of_signs_is_looked_for_in_vain(known: Node) -> None:
    assert newest(known.index, Moment(), "()", []) == []
    assert newest(known.index, Moment(), "word " * 40, []) == []


def test_nothing_published_later_is_shown(known: Node) -> None:
    moment = Moment(date(2000, 1, 1))
    assert reported(known.index, moment, "fentanyl") == [] == newest(known.index, moment, "Fentanyl", ["Fentanyl"])
