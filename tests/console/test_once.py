"""Work asked for by many at once is done once; a failure is told to all and not kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tocsin.console.once import once


def test_many_at_once_wait_for_one() -> None:
    calls, go = list[int](), threading.Event()

    @once(most=4)
    def slow(number: int) -> int:
        calls.append(number)
        go.wait(10)
        return number * 2

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(slow, 3) for _ in range(8)]
        go.set()
        assert [one.result() for one in asked] == [6] * 8
    assert calls == [3]


def test_the_oldest_answers_go_first() -> None:
    calls = list[int]()

    @once(most=2)
    def kept(number: int) -> int:
        calls.append(number)
        return number

    for number in (1, 2, 1, 3, 1, 2):
        assert kept(number) == number
    assert calls == [1, 2, 3, 2]


def test_a_failure_is_tried_again() -> None:
    calls = list[int]()

    @once(most=2)
    def failing(number: int) -> int:
        calls.append(number)
        if len(calls) == 1:
            raise ValueError("no")
        return number

    with pytest.raises(ValueError, match="no"):
        failing(1)
    assert failing(1) == 1
