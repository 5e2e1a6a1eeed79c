"""Drawing in processes of their own: a drawing keeps one processor busy, and the pages must go on meanwhile.

A drawer that dies is replaced and its picture drawn again; all end when the console does, however it ends.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from tocsin.errors import NodeError

_TRIES = 3
_SPAWN = multiprocessing.get_context("spawn")


class Drawers:
    """Some processes that call functions for the console; ``call`` waits for one that is idle.

    ``prepare`` is what each does first, while nobody waits for it yet.
    """

    def __init__(self, number: int, prepare: Callable[[], None]) -> None:
        self._idle: SimpleQueue[_Drawer] = SimpleQueue()
        self._all = [_Drawer(prepare) for _ in range(number)]
        for one in self._all:
            self._idle.put(one)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function gives, worked out elsewhere; what it raises is raised here."""
        drawer = self._idle.get()
        try:
            for _ in range(_TRIES):
                with suppress(EOFError, OSError):
                    return drawer.call(function, arguments)
                drawer.start()
        finally:
            self._idle.put(drawer)
        raise NodeError("a picture could not be drawn", mend="ask for it again")

    def close(self) -> None:
        """End the processes."""
        for one in self._all:
            one.close()


class _Drawer:
    def __init__(self, prepare: Callable[[], None]) -> None:
        self._prepare = prepare
        self.start()

    def start(self) -> None:
        here, there = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_work, args=(there, self._prepare), daemon=True)
        self.process.start()
        there.close()
        self._connection = here

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        self._connection.send((function, arguments))
        answer, error = self._connection.recv()
        if error is not None:
            raise error
        return answer

    def close(self) -> None:
        self._connection.close()
        self.process.join(2)
        if self.process.is_alive():
            self.process.kill()


def _work(connection: Connection, prepare: Callable[[], None]) -> None:
    """Answer until the console is gone: then its end of the pipe is closed."""
    import signal

    # Ctrl-C in the terminal is for the console, which closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare()
    with suppress(EOFError, OSError):
        while True:
            function, arguments = connection.recv()
            answer, failed = None, None
            try:
                answer = function(*arguments)
            except Exception as error:
                failed = error
            connection.send((answer, failed))
