"""The starter set: small, sourced, masked, and adding nothing the second time."""

from __future__ import annotations

from importlib.resources import files

from tocsin.feeds import SOURCES
from tocsin.feeds.starter_set import load_starter, manifest
from tocsin.node import Node
from tocsin.records.vocabulary import is_masked


def test_it_is_small() -> None:
    folder = files("tocsin.feeds").joinpath("starter")
    assert sum(len(path.read_bytes()) for path in folder.iterdir()) < 8 * 1024 * 1024


def test_a_second_load_adds_nothing(node: Node) -> None:
    assert sum(load_starter(node).values()) > 40_000
    assert sum(load_starter(node).values()) == 0


def test_every_source_has_publisher_licence_release_and_retrieval_day() -> None:
    rows = manifest()["sources"]
    assert {row["source"] for row in rows} == {
        "ca-phac-harms", "us-cbp-seizures", "us-cdc-dose", "us-cdc-t404", "us-cdc-vsrr", "us-dea-nflis", "us-nchs-rates",
        "us-ofac-sdn",
    }  # fmt: skip
    assert {row["source"] for row in rows} <= set(SOURCES)
    for row in rows:
        assert row["publisher"] and row["licence"] and row["released"] <= row["retrieved"]


def test_identity_numbers_and_contacts_are_masked_and_hashed(starter: Node) -> None:
    with starter.view() as view:
        rows = view.rows("SELECT DISTINCT schema, property, value, qualifiers FROM claim_all")
    hidden = [row for row in rows if is_masked(row["schema"], row["property"])]
    assert len(hidden) > 1_000
    for row in hidden:
        assert set(row["value"][:-2]) <= {"•"}
        assert len(dict(row["qualifiers"])["keyed_hash"]) == 32


def test_it_carries_no_more_than_it_says(starter: Node) -> None:
    with starter.view() as view:
        shown = {row["property"] for row in view.rows("SELECT DISTINCT property, schema FROM claim_all")}
    assert not shown & {"birthDate", "birthPlace", "gender", "address", "notes", "position", "provisions", "object"}


def test_the_accounting_travels_with_it(starter: Node) -> None:
    assert all(entry.accounting.adds_up() for entry in starter.state.ledger())
    assert {entry.scope for entry in starter.state.ledger() if entry.source == "us-ofac-sdn"} == {
        "programmes: ILLICIT-DRUGS-EO14059 SDNTK"
    }
