"""CAS numbers: check digits, the ways people write them, and the number that was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.substances.cas import is_valid, meant, read_cas


@pytest.mark.parametrize("number", ["437-38-7", "1609-66-1", "21409-26-7", "7732-18-5", "14680-51-4"])
def test_right_numbers_are_right(number: str) -> None:
    assert is_valid(number)


def test_the_norfentanyl_number_of_a_public_table_is_wrong_and_the_right_one_is_suggested() -> None:
    assert not is_valid("1609-66-5")
    assert meant("1609-66-5", ["1609-66-1", "437-38-7"]) == ("1609-66-1",)


@pytest.mark.parametrize(
    "written", ["437-38-7", " CAS 437-38-7", "CAS No. 437-38-7", "437‐38‐7", "437–38–7", "CAS:437-38-7", "0437-38-7"]
)
def test_a_number_is_read_however_it_is_written(written: str) -> None:
    assert read_cas(written) == "437-38-7"


@pytest.mark.parametrize("text", ["fentanyl", "2933.36", "437-38", "437-387-7", "CCO", ""])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_cas(text) is None


@given(st.integers(10, 9_999_999), st.integers(0, 99), st.data())
def test_one_wrong_digit_is_always_found(first: int, second: int, data: st.DataObject) -> None:
    body = f"{first}-{second:02d}-"
    right = next(body + digit for digit in "0123456789" if is_valid(body + digit))
    places = [place for place, sign in enumerate(right) if sign != "-"]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != right[place]]))
    wrong = right[:place] + other + right[place + 1 :]
    # A digit whose place times the slip is a multiple of ten keeps the sum: places 5 and 10, and even slips of place 5.
    if not is_valid(wrong):
        assert meant(wrong, [right, "437-38-7"])[-1:] == (right,) or right in meant(wrong, [right])
