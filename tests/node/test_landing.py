"""Landing releases in any order gives, for every day, what the publisher said then."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.node.makers import SOURCE, counts, party_list
from tocsin.errors import InputError
from tocsin.node import Node, Release, read_settings
from tocsin.records import Claim

D1, D2, D3 = date(2024, 1, 10), date(2024, 2, 10), date(2024, 3, 10)


def names_on(node: Node, day: date) -> dict[str, str]:
    """Who is listed, under which name, as of a day."""
    with node.view(day) as view:
        rows = view.rows("SELECT subject, value FROM claim WHERE property = 'name'")
        members = {row["subject"] for row in view.rows("SELECT subject FROM claim WHERE property = 'topics'")}
    assert members == {row["subject"] for row in rows}
    return {row["subject"]: row["value"] for row in rows}


def counts_on(node: Node, day: date) -> dict[int, float]:
    """The figures as of a day."""
    with node.view(day) as view:
        rows = view.rows("SELECT year(period_start) AS year, value FROM observation")
    return {row["year"]: row["value"] for row in rows}


def land(node: Node, *releases: Release) -> dict[str, int]:
    return dict(node.land(releases, {}).added)


def test_a_reload_adds_nothing(node: Node) -> None:
    release = party_list(D1, {"a": "A", "b": "B"})
    assert land(node, release) == {"claim": 6}
    assert land(node, release) == {}
    assert node.state.ledger()[0].records_added == 6


def test_an_unchanged_list_adds_nothing_and_a_changed_name_takes_the_old_one_back(node: Node) -> None:
    land(node, party_list(D1, {"a": "A", "b": "B"}))
    assert land(node, party_list(D2, {"a": "A", "b": "B"})) == {}
    assert land(node, party_list(D3, {"a": "A", "b": "Bé"})) == {"claim": 2}
    assert names_on(node, D2) == {"a": "A", "b": "B"}
    assert names_on(node, D3) == {"a": "A", "b": "Bé"}


def test_who_is_gone_is_delisted_with_the_days_that_bound_it(node: Node) -> None:
    land(node, party_list(D1, {"a": "A", "b": "B"}))
    land(node, party_list(D2, {"b": "B", "c": "C"}))
    with node.view() as view:
        events = view.rows(
            "SELECT kind, parties[1].party AS party, date, date_earliest, date_precision FROM event ORDER BY kind"
        )
        closed = view.rows("SELECT value, valid_to FROM claim_all WHERE withdrawn AND property = 'name'")
    bounds = {"date": D2, "date_earliest": D1 + timedelta(days=1), "date_precision": "by"}
    assert events == [{"kind": "delisting", "party": "a", **bounds}, {"kind": "designation", "party": "c", **bounds}]
    assert closed == [{"value": "A", "valid_to": D2}]


def test_the_first_list_held_designates_nobody(node: Node) -> None:
    land(node, party_list(D1, {"a": "A"}))
    with node.view() as view:
        assert view.value("SELECT count(*) FROM event") == 0


def test_a_list_of_some_programmes_designates_only_within_them(node: Node) -> None:
    land(node, party_list(D1, {"a": "A"}, scope="programmes: SDNTK"))
    land(node, party_list(D2, {"a": "A", "b": "B"}))
    land(node, party_list(D3, {"a": "A", "b": "B", "c": "C"}, code="CUBA"))
    with node.view() as view:
        assert view.rows("SELECT parties[1].party AS party FROM event ORDER BY ALL") == [{"party": "b"}, {"party": "c"}]


def test_ten_twelve_ten_keeps_three_vintages(node: Node) -> None:
    for day, value in ((D1, 10.0), (D2, 12.0), (D3, 10.0)):
        land(node, counts(day, {2020: value}))
    with node.view() as view:
        assert [row["value"] for row in view.rows("SELECT value FROM observation_all ORDER BY published_at")] == [
            10,
            12,
            10,
        ]
        assert view.value("SELECT count(DISTINCT key) FROM observation_all") == 1
    assert [counts_on(node, day) for day in (D1, D2, D3)] == [{2020: 10}, {2020: 12}, {2020: 10}]


def test_a_figure_the_publisher_dropped_is_withdrawn_not_kept(node: Node) -> None:
    land(node, counts(D1, {2019: 5, 2020: 10}))
    land(node, counts(D2, {2020: 11}))
    assert counts_on(node, D1) == {2019: 5, 2020: 10}
    assert counts_on(node, D2) == {2020: 11}


def test_parts_do_not_take_each_other_back(node: Node) -> None:
    land(node, counts(D1, {2020: 1}, part="year"))
    land(node, counts(D2, {2021: 2}, part="other"))
    assert counts_on(node, D2) == {2020: 1, 2021: 2}


def test_a_list_that_lost_a_third_is_refused_and_nothing_is_kept(node: Node) -> None:
    from dataclasses import replace

    land(node, party_list(D1, {f"p{i}": f"P{i}" for i in range(100)}))
    short = replace(party_list(D2, {f"p{i}": f"P{i}" for i in range(60)}), may_shrink=False)
    with pytest.raises(
        InputError, match=r"list_2024-02-10.csv: lacks 120 of the 300 statements held before it; .*--may-shrink"
    ):
        land(node, short)
    assert len(names_on(node, D2)) == 100
    assert len(node.state.ledger()) == 1
    land(node, replace(short, may_shrink=True))
    assert len(names_on(node, D2)) == 60


def test_a_list_corrected_on_the_same_day_is_set_against_the_day_before(node: Node) -> None:
    land(node, party_list(D1, {"a": "A"}))
    land(node, party_list(D2, {"a": "A"}))
    land(node, party_list(D2, {"a": "A", "b": "B"}))
    with node.view() as view:
        assert view.rows("SELECT kind, date_earliest AS d FROM event") == [
            {"kind": "designation", "d": D1 + timedelta(days=1)}
        ]


def test_a_corrected_type_is_neither_designation_nor_delisting(node: Node) -> None:
    from dataclasses import replace

    first, second = party_list(D1, {"a": "A"}), party_list(D2, {"a": "A"})
    drafts = tuple(
        replace(d, body=replace(d.body, schema="LegalEntity")) for d in second.drafts if isinstance(d.body, Claim)
    )
    land(node, first, replace(second, drafts=drafts))
    with node.view() as view:
        assert view.value("SELECT count(*) FROM event") == 0
        assert view.rows("SELECT DISTINCT schema FROM claim") == [{"schema": "LegalEntity"}]


def test_a_late_older_query_does_not_bring_old_figures_back(node: Node) -> None:
    land(node, counts(D1, {2020: 10}))
    land(node, counts(D3, {2020: 12}))
    land(node, counts(D2, {2019: 5}))
    assert [counts_on(node, day) for day in (D1, D2, D3)] == [{2020: 10}, {2019: 5}, {2020: 12}]


def test_a_landing_killed_before_its_document_is_completed_after_another_release(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = party_list(D1, {"a": "A", "b": "B"})
    with monkeypatch.context() as patch:
        append = node.lake.append

        def fail_on_documents(kind: str, data: object) -> None:
            if kind == "document":
                raise KeyboardInterrupt
            append(kind, data)

        patch.setattr(node.lake, "append", fail_on_documents)
        with pytest.raises(KeyboardInterrupt):
            land(node, first)
    assert node.ledger() == []
    land(node, party_list(D2, {"b": "B", "c": "C"}))
    land(node, first)
    assert names_on(node, D2) == {"b": "B", "c": "C"}
    with node.view() as view:
        assert {row["kind"] for row in view.rows("SELECT kind FROM event")} == {"designation", "delisting"}


def test_known_by_hides_what_was_learned_later(node: Node) -> None:
    land(node, counts(D1, {2020: 10}))
    with node.view(known_by=date(2020, 1, 1)) as view:
        assert view.rows("SELECT * FROM observation") == []


def test_what_was_published_later_is_offered_apart(node: Node) -> None:
    land(node, counts(D2, {2020: 10}))
    with node.view(D1) as view:
        assert view.rows("SELECT * FROM observation") == []
        assert view.rows("SELECT value FROM observation_later") == [{"value": 10.0}]


lists = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["X", "Y"]), max_size=4), min_size=1, max_size=4
)


@given(lists, st.randoms(use_true_random=False))
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_of_arrival_gives_the_publishers_truth(releases: list[dict[str, str]], random: object) -> None:
    days = [D1 + timedelta(days=7 * i) for i in range(len(releases))]
    order = list(zip(days, releases, strict=True))
    random.shuffle(order)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        node = Node.create(read_settings(folder, {}))
        for day, names in [*order, order[0]]:
            land(node, party_list(day, names))
        for day, names in zip(days, releases, strict=True):
            assert names_on(node, day) == names
        with node.view() as view:
            told = view.rows("SELECT kind, parties[1].party AS party, date, date_earliest AS earliest FROM event")
    expected = list(_changes(days, releases))
    for kind, party, earliest, day in expected:
        assert {"kind": kind, "party": party, "date": day, "earliest": earliest} in told
    for event in told:
        # A wider bound, told before a release between came in, must hold one of the true changes.
        assert any(
            (kind, party) == (event["kind"], event["party"]) and event["earliest"] <= earliest and day <= event["date"]
            for kind, party, earliest, day in expected
        )


def _changes(days: list[date], releases: list[dict[str, str]]) -> Iterator[tuple[str, str, date, date]]:
    for (d1, before), (d2, now) in pairwise(zip(days, releases, strict=True)):
        for kind, parties in (("designation", now.keys() - before.keys()), ("delisting", before.keys() - now.keys())):
            for party in parties:
                yield kind, party, d1 + timedelta(days=1), d2


figures = st.lists(st.dictionaries(st.integers(2015, 2018), st.integers(0, 3), max_size=3), min_size=1, max_size=4)


@given(figures, st.randoms(use_true_random=False))
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_of_vintages_gives_the_publishers_figures(vintages: list[dict[int, int]], random: object) -> None:
    days = [D1 + timedelta(days=7 * i) for i in range(len(vintages))]
    order = list(zip(days, vintages, strict=True))
    random.shuffle(order)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        node = Node.create(read_settings(folder, {}))
        for day, values in [*order, order[-1]]:
            land(node, counts(day, {year: float(value) for year, value in values.items()}))
        for day, values in zip(days, vintages, strict=True):
            assert counts_on(node, day) == values


def test_releases_of_one_day_share_a_commit(node: Node) -> None:
    node.land([party_list(D1, {"a": "A"}), counts(D1, {2020: 1})], {})
    assert node.lake.snapshots("document") == 1
    assert {entry.part for entry in node.state.ledger()} == {"list", "year"}
    assert all(entry.source == SOURCE for entry in node.state.ledger())
