"""Pictures drawn elsewhere: the same as here; a drawer that dies is replaced; none is left when the console is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tocsin.console.drawing import Drawers
from tocsin.errors import NodeError


def nothing() -> None:
    """No preparation."""


def double(number: int) -> int:
    return 2 * number


def fails(text: str) -> None:
    raise ValueError(text)


def dies() -> None:
    os._exit(1)


@pytest.fixture(scope="module")
def drawers() -> Iterator[Drawers]:
    with closing(Drawers(2, nothing)) as held:
        yield held


def test_many_at_once(drawers: Drawers) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda number: drawers.call(double, number), range(40))) == list(range(0, 80, 2))


def test_what_fails_there_is_told_here(drawers: Drawers) -> None:
    with pytest.raises(ValueError, match="no such thing"):
        drawers.call(fails, "no such thing")
    assert drawers.call(double, 2) == 4


def test_a_drawer_that_dies_is_replaced(drawers: Drawers) -> None:
    with pytest.raises(NodeError, match="could not be drawn"):
        drawers.call(dies)
    assert [drawers.call(double, number) for number in range(4)] == [0, 2, 4, 6]


_CONSOLE = """
import os, sys
from tests.console.test_drawing import nothing
from tocsin.console.drawing import Drawers
if __name__ == "__main__":
    held = Drawers(1, nothing)
    print(held._all[0].process.pid, flush=True)
    sys.stdin.read()
"""


def test_no_drawer_is_left_when_the_console_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _CONSOLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as console:
        assert console.stdout
        drawer = int(console.stdout.readline())
        console.send_signal(signal.SIGKILL)
    for _ in range(200):
        try:
            os.kill(drawer, 0)
        except ProcessLookupError:
            return
        with open(f"/proc/{drawer}/stat", encoding="utf-8") as file:
            if file.read().rpartition(")")[2].split()[0] == "Z":
                return
        time.sleep(0.05)
    pytest.fail("the drawer goes on")
