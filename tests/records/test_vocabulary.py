"""FollowTheMoney's names, places, masking and hashing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import a_record
from tocsin.errors import RecordError, UsageError
from tocsin.records import Claim
from tocsin.records.display import displayed
from tocsin.records.hashing import keyed_hash
from tocsin.records.places import country_code, name_of, places, read_country
from tocsin.records.summary import summary
from tocsin.records.vocabulary import is_masked, masked, property_of, schemata, shown_properties


def test_schemata_know_their_ancestors() -> None:
    assert schemata()["Company"][0] == "Company"
    assert {"Organization", "LegalEntity", "Thing"} <= set(schemata()["Company"])


def test_properties_are_inherited() -> None:
    assert property_of("Company", "name").schema == "Thing"
    assert property_of("Person", "passportNumber").type == "identifier"
    with pytest.raises(RecordError, match="FollowTheMoney's Person has no property 'uscCodes'"):
        property_of("Person", "uscCodes")


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("Person", "passportNumber"),
        ("Person", "email"),
        ("LegalEntity", "uscCode"),
        ("Company", "phone"),
        ("CryptoWallet", "publicKey"),
        ("Thing", "address"),
    ],
)
def test_identity_numbers_and_contacts_are_masked(schema: str, name: str) -> None:
    assert is_masked(schema, name)
    assert (schema, name) not in set(zip(*(c.to_pylist() for c in shown_properties().columns), strict=True))


@pytest.mark.parametrize(
    ("schema", "name"), [("Person", "name"), ("Thing", "country"), ("Vessel", "imoNumber"), ("Thing", "programId")]
)
def test_names_and_places_are_not(schema: str, name: str) -> None:
    assert not is_masked(schema, name)
    assert (schema, name) in set(zip(*(c.to_pylist() for c in shown_properties().columns), strict=True))


@pytest.mark.parametrize(("schema", "name"), [("Person", "retinaScan"), ("Starship", "name"), ("Starship", "phone")])
def test_what_the_vocabulary_does_not_know_is_masked(schema: str, name: str) -> None:
    assert is_masked(schema, name)


@given(st.text())
def test_masking_shows_two_signs_at_most_and_keeps_the_length(value: str) -> None:
    shown = masked(value)
    assert len(shown) == len(value)
    assert set(shown[:-2]) <= {"•"}
    assert len(value) >= 8 or set(shown) <= {"•"}


def test_records_are_displayed_masked() -> None:
    secret = Claim("ofac-1", "passportNumber", "G12345678", schema="Person", quote="Passport G12345678")
    shown = displayed(a_record(secret)).body
    assert isinstance(shown, Claim)
    assert (shown.value, shown.quote) == ("•••••••78", None)
    note = displayed(a_record(Claim("ofac-1", "notes", "call 8615815351839 or x@y.cn", schema="Person"))).body
    assert isinstance(note, Claim)
    assert "86158" not in note.value and "x@y" not in note.value
    assert "G1234" not in summary(displayed(a_record(secret)))


def test_keyed_hashes_ignore_how_a_number_is_written() -> None:
    assert keyed_hash("+86 158-1535") == keyed_hash("861581535")
    assert keyed_hash("１２３") == keyed_hash("123")
    assert keyed_hash("123") != keyed_hash("124")
    assert keyed_hash("123") != keyed_hash("123", b"another key")


def test_countries_by_the_spellings_publishers_use() -> None:
    assert [country_code(n) for n in ("Korea, North", "Burma", "china", "Region: Gaza")] == ["KP", "MM", "CN", "PS"]
    assert country_code("Atlantis") is None
    assert name_of("US-OH") == "Ohio"
    assert places()["US-OH"].fips == "39"


def test_a_user_may_give_code_or_name() -> None:
    assert read_country("mx") == read_country("Mexico") == "MX"
    with pytest.raises(UsageError, match="'Narnia' is no country; give an ISO 3166-1 code"):
        read_country("Narnia")
    with pytest.raises(UsageError):
        read_country("US-OH")
