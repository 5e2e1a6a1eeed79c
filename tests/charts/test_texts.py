"""What callers hand in: text, numbers, paths, days."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tocsin.charts.texts import clean, clipped, milliseconds, number, path, shown


@given(st.text(st.characters(codec=None)))
def test_clean_text_fits_into_xml(text: str) -> None:
    element = etree.Element("a", {"b": clean(text)})
    element.text = clean(text)
    etree.fromstring(etree.tostring(element))
    assert clean(clean(text)) == clean(text)


@given(st.text(), st.integers(1, 50))
def test_clipped_text_is_one_line_of_that_length(text: str, most: int) -> None:
    assert len(clipped(text, most)) <= most and "\n" not in clipped(text, most)


def test_clipped_text_says_that_there_is_more() -> None:
    assert clipped("a  b\nc", 9) == "a b c" and clipped("abcdef", 4) == "abc…"


@pytest.mark.parametrize("held", [True, "1", [1]])
def test_what_is_no_number_is_refused(held: object) -> None:
    with pytest.raises(ValueError, match="finite"):
        number(held)


@pytest.mark.parametrize("href", ["/", "/records/abc?x=1&y=2#z", "/places/Côte d'Ivoire", "/a//b"])
def test_a_path_stays_as_it_is(href: str) -> None:
    assert path(href) == href and path(None) is None


def test_days_count_from_1970_in_utc() -> None:
    assert [milliseconds(day) for day in ("1970-01-01", "1970-01-02", "1969-12-31")] == [0, 86_400_000, -86_400_000]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (36_359, "36,359"),
        (1234567.8, "1,234,568"),
        (0.12345, "0.1235"),
        (-2.5, "-2.5"),
        (10, "10"),
        (1e-20, "1e-20"),
        (-0.0, "0"),
    ],
)
def test_numbers_for_readers(value: float, text: str) -> None:
    assert shown(value) == text
