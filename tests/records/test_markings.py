"""The join of markings: the algebra every finding rests on."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.records.strategies import markings
from tocsin.errors import RecordError
from tocsin.records.markings import PUBLIC, TLP, Marking


@given(markings, markings)
def test_join_is_commutative(a: Marking, b: Marking) -> None:
    assert a.join(b) == b.join(a)


@given(markings, markings, markings)
def test_join_is_associative(a: Marking, b: Marking, c: Marking) -> None:
    assert a.join(b).join(c) == a.join(b.join(c))


@given(markings)
def test_join_is_idempotent_and_public_is_neutral(a: Marking) -> None:
    assert a.join(a) == a
    assert a.join(PUBLIC) == a


@given(markings, markings)
def test_join_never_frees_anything(a: Marking, b: Marking) -> None:
    both = a.join(b)
    assert both.tlp >= a.tlp
    assert both.owners >= a.owners
    assert both.relay <= a.relay
    assert a.released_to is None or (both.released_to is not None and both.released_to <= a.released_to)
    assert a.expires is None or (both.expires is not None and both.expires <= a.expires)


def test_two_owners_share_only_what_both_release() -> None:
    mine = Marking(TLP.AMBER, frozenset({"US"}), frozenset({"MX", "DE"}), relay=True)
    theirs = Marking(TLP.GREEN, frozenset({"CN"}), frozenset({"DE", "IN"}), relay=False)
    assert mine.join(theirs) == Marking(TLP.AMBER, frozenset({"US", "CN"}), frozenset({"DE"}), relay=False)


@pytest.mark.parametrize("text", ["TLP:AMBER+STRICT", "amber+strict", "AMBER_STRICT"])
def test_levels_are_read_as_people_write_them(text: str) -> None:
    assert TLP.parse(text) is TLP.AMBER_STRICT
    assert TLP.AMBER_STRICT.label == "AMBER+STRICT"


def test_unknown_level_names_the_mend() -> None:
    with pytest.raises(RecordError, match="unknown TLP level 'PURPLE'; use CLEAR, GREEN"):
        TLP.parse("PURPLE")
