"""Finding records by id, by vintage, by words in any script."""

from __future__ import annotations

from datetime import date

import pytest

from tests.node.makers import counts, party_list
from tests.node.test_landing import D1, D2
from tocsin.errors import NotFoundError, UsageError
from tocsin.node import Node
from tocsin.node.finding import Query, by_ids, find, search, vintages
from tocsin.node.index import Index
from tocsin.records import Claim


@pytest.fixture
def used(node: Node) -> Index:
    """A node with names in three scripts and two vintages."""
    node.land([party_list(D1, {"a": "王树成", "b": "Müller GmbH", "c": "Иванов"}), counts(D1, {2020: 10})], {})
    node.land([counts(D2, {2020: 12})], {})
    node.index.refresh()
    return node.index


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("树成", "王树成"),
        ("MÜLLER", "Müller GmbH"),
        ("иван", "Иванов"),
        ("成", "王树成"),
        ("王树", "王树成"),
        ("muller", "Müller GmbH"),
        ("bh", "Müller GmbH"),
    ],
)
def test_words_in_any_script_and_case(used: Index, word: str, value: str) -> None:
    (found,) = search(used, Query((word,)))
    assert isinstance(found.body, Claim)
    assert found.body.value == value


def test_all_words_must_occur_and_fields_must_be_equal(used: Index) -> None:
    assert search(used, Query(("müller", "иван"))) == []
    assert len(search(used, Query(kind="claim", subject="a"))) == 3
    assert len(search(used, Query(place="US"))) == 1
    assert search(used, Query(place="US", subject="a")) == []
    with pytest.raises(UsageError, match="'rumour' is no kind of record"):
        search(used, Query(kind="rumour"))


def test_an_id_or_its_beginning(used: Index) -> None:
    record = search(used, Query(place="US"))[0]
    assert find(used, record.id[:8]) == record
    assert by_ids(used, [record.id, "0" * 32]) == [record]
    assert [v.published_at.date() for v in vintages(used, record)] == [D1, D2]
    with pytest.raises(NotFoundError, match="no record here has the id 00000000"):
        find(used, "00000000")
    with pytest.raises(UsageError, match="'abc' is too short"):
        find(used, "abc")


def test_masked_values_cannot_be_searched_out(starter: Node) -> None:
    with starter.view(date(2026, 12, 31)) as view:
        masked = view.value("SELECT value FROM claim WHERE property = 'idNumber' LIMIT 1")
        starter.index.refresh()
        assert all(
            record.body.property not in ("idNumber", "passportNumber", "phone")
            for record in search(starter.index, Query((masked[-2:],), kind="claim", limit=500))
            if isinstance(record.body, Claim)
        )
