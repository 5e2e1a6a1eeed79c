"""Classes by property: every value in exactly one, bounds in order, equal values together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.charts.classes import bound_texts, class_of, classes, steps

numbers = st.floats(-1e12, 1e12) | st.integers(-20, 20).map(float)


@given(st.lists(numbers), st.integers(1, 9))
def test_every_value_is_in_exactly_one_class(values: list[float], number: int) -> None:
    bounds = classes(values, number)
    assert len(bounds) <= number and bool(bounds) is bool(values)
    for value in values:
        holding = [place for place, (low, high) in enumerate(bounds) if low <= value <= high]
        assert holding == [class_of(value, bounds)]


@given(st.lists(numbers), st.integers(1, 9))
def test_bounds_rise_and_are_values(values: list[float], number: int) -> None:
    flat = [bound for pair in classes(values, number) for bound in pair]
    assert flat == sorted(flat) and set(flat) <= set(values)
    for (_, high), (low, _) in zip(classes(values, number), classes(values, number)[1:], strict=False):
        assert high < low


@given(st.lists(st.integers(-1000, 1000).map(float), unique=True, min_size=10), st.integers(1, 5))
def test_classes_of_different_values_are_about_equally_full(values: list[float], number: int) -> None:
    bounds = classes(values, number)
    counts = [sum(low <= value <= high for value in values) for low, high in bounds]
    assert len(bounds) == number and max(counts) - min(counts) <= 1


def test_the_order_of_values_does_not_matter() -> None:
    assert classes([3, 1, 2]) == classes([1, 2, 3]) == ((1, 1), (2, 2), (3, 3))


def test_no_class_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        classes([1], 0)


@given(st.lists(numbers, min_size=1))
def test_the_texts_tell_the_bounds_apart(values: list[float]) -> None:
    texts = bound_texts(classes(values))
    assert len(set(texts)) == len(texts)


def test_texts_have_no_more_digits_than_needed() -> None:
    assert bound_texts([(0, 12), (13, 13), (1_000, 2_500)]) == ("0 – 12", "13", "1,000 – 2,500")
    assert bound_texts([(0.1234, 0.2345)]) == ("0.123 – 0.234",)


@pytest.mark.parametrize(("count", "shades"), [(1, (4,)), (2, (1, 4)), (3, (1, 2, 4)), (5, (0, 1, 2, 3, 4)), (0, ())])
def test_few_classes_take_shades_that_are_far_apart(count: int, shades: tuple[int, ...]) -> None:
    assert steps(count, 5) == shades
