"""Work that many ask for at once, done once: answers are kept, and who asks while one is being worked out waits for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Once(Generic[P, R]):
    """A function whose newest answers are kept; the arguments must be hashable. A failure is not kept."""

    def __init__(self, function: Callable[P, R], most: int) -> None:
        self._function, self._most = function, most
        self._lock = Lock()
        self._kept: OrderedDict[object, Future[R]] = OrderedDict()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer: kept, awaited, or worked out now."""
        key = (args, tuple(sorted(kwargs.items())))
        with self._lock:
            future = self._kept.get(key)
            mine = future is None
            if future is None:
                future = self._kept[key] = Future()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if mine:
            self._work(key, future, *args, **kwargs)
        return future.result()

    def _work(self, key: object, future: Future[R], *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            future.set_result(self._function(*args, **kwargs))
        except BaseException as error:
            with self._lock:
                if self._kept.get(key) is future:
                    del self._kept[key]
            future.set_exception(error)


def once(most: int) -> Callable[[Callable[P, R]], Once[P, R]]:
    """Keep the newest ``most`` answers of a function."""
    return lambda function: Once(function, most)
