"""Who was newly listed: bounds narrowed, windows kept, what is said marked when it was said later."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tocsin.parties import drug_programmes, listings
from tocsin.records.findings import Window

MAY = Window(date(2023, 5, 1), date(2023, 5, 31), "test")
CODES = frozenset({"SDNTK"})


def event(name: str, day: str, earliest: str, subject: str = "p") -> dict[str, Any]:
    return {
        "id": name,
        "subject": subject,
        "date": date.fromisoformat(day),
        "date_earliest": date.fromisoformat(earliest),
    }


def claim(name: str, prop: str, value: str, later: bool = False, subject: str = "p") -> dict[str, Any]:
    return {
        "id": name,
        "subject": subject,
        "schema": "Person",
        "property": prop,
        "value": value,
        "retrospective": later,
        "said_at": date(2024, 1, 1),
    }


SAID = [claim("n", "name", "P"), claim("c", "country", "CN", True), claim("g", "programId", "SDNTK")]


def test_bounds_of_one_listing_are_narrowed_to_their_overlap() -> None:
    events = [event("wide", "2023-06-30", "2023-01-01"), event("narrow", "2023-05-30", "2023-05-25")]
    (one,) = listings(events, SAID, MAY, CODES)
    assert (one.day, one.earliest, set(one.evidence)) == (date(2023, 5, 30), date(2023, 5, 25), {"wide", "narrow"})


def test_a_party_listed_twice_has_two_listings() -> None:
    events = [event("first", "2023-05-02", "2023-05-01"), event("again", "2023-05-30", "2023-05-29")]
    assert [one.evidence for one in listings(events, SAID, MAY, CODES)] == [("again",), ("first",)]


def test_outside_the_window_or_the_programmes_nobody_is_found() -> None:
    assert listings([event("e", "2023-04-30", "2023-04-29")], SAID, MAY, CODES) == []
    assert listings([event("e", "2023-05-30", "2023-05-29")], SAID, MAY, frozenset({"CUBA"})) == []
    assert listings([event("e", "2023-05-30", "2023-05-29", "unknown")], SAID, MAY, CODES) == []


def test_an_unknown_day_is_never_a_day() -> None:
    assert listings([{"id": "e", "subject": "p", "date": None, "date_earliest": None}], SAID, MAY, CODES) == []


def test_what_was_known_then_goes_before_what_was_said_later() -> None:
    said = [*SAID, claim("c2", "country", "CN"), claim("c3", "nationality", "MX", True)]
    (one,) = listings([event("e", "2023-05-30", "2023-05-29")], said, MAY, CODES)
    assert [(c.value, c.record, c.retrospective) for c in one.countries] == [("CN", "c2", False), ("MX", "c3", True)]
    assert one.is_individual


days = st.dates(date(2023, 1, 1), date(2023, 12, 31))


@given(st.lists(st.tuples(days, days).map(sorted), max_size=6))
def test_a_listing_never_leaves_the_bounds_it_rests_on(bounds: list[list[date]]) -> None:
    events: list[dict[str, Any]] = [
        {"id": str(i), "subject": "p", "date": b, "date_earliest": a} for i, (a, b) in enumerate(bounds)
    ]
    by_id = {e["id"]: e for e in events}
    found = listings(events, SAID, Window(date(2023, 1, 1), date(2023, 12, 31), "t"), CODES)
    assert sorted(name for one in found for name in one.evidence) == sorted(by_id)
    for one in found:
        assert one.earliest <= one.day
        assert all(by_id[name]["date_earliest"] <= one.day <= by_id[name]["date"] for name in one.evidence)


def test_the_newest_name_goes_first() -> None:
    renamed = {**claim("n2", "name", "ZED"), "said_at": date(2024, 2, 1)}
    (one,) = listings([event("e", "2023-05-30", "2023-05-29")], [*SAID, renamed], MAY, CODES)
    assert one.name.value == "ZED"


def test_the_programmes_are_data() -> None:
    assert next(iter(drug_programmes())) == "ILLICIT-DRUGS-EO14059"
