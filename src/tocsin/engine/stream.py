"""The local engine for what does not fit in memory: batches in, answers out, in order, a few of them at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import cloudpickle
import pyarrow as pa

from tocsin.engine.local import ATTEMPTS, BatchFunction, call, new_pool, pack, unpack
from tocsin.errors import WorkerError


def map_stream(
    function: BatchFunction, batches: Iterable[pa.RecordBatch], *, workers: int | None = None
) -> Iterator[pa.RecordBatch]:
    """The answer of ``function`` to each batch, in order; two batches a worker are in flight.

    An answer keeps its schema's metadata. An exception of the function is raised as it is; WorkerError when a batch
    kills every worker it is given to.
    """
    number = workers or os.cpu_count() or 1
    if number <= 1:
        yield from map(function, batches)
        return
    stream = _Stream(function, number)
    try:
        for batch in batches:
            stream.submit(pack(pa.Table.from_batches([batch])))
            if len(stream.flying) > 2 * number:
                yield stream.answer()
        while stream.flying:
            yield stream.answer()
    finally:
        stream.pool.shutdown(cancel_futures=True)


class _Stream:
    """Tasks in flight, oldest first, and the pool that works on them."""

    def __init__(self, function: BatchFunction, number: int) -> None:
        self.packed = cloudpickle.dumps(lambda table: pa.Table.from_batches([function(_batch(table))]))
        self.number, self.pool = number, new_pool(number)
        self.flying: deque[tuple[bytes, Future[bytes]]] = deque()

    def submit(self, task: bytes) -> None:
        self.flying.append((task, self._sent(task)))

    def answer(self) -> pa.RecordBatch:
        """The answer to the oldest task; where a worker was lost, it is tried again, alone."""
        for _ in range(ATTEMPTS):
            task, future = self.flying[0]
            try:
                answer = unpack(future.result())
            except BrokenProcessPool as error:
                self._start_again(task, error)
                continue
            self.flying.popleft()
            return _batch(answer)
        raise WorkerError(f"a piece killed its worker {ATTEMPTS} times", mend="give the machine more memory")

    def _sent(self, task: bytes) -> Future[bytes]:
        try:
            return self.pool.submit(call, self.packed, task)
        except BrokenProcessPool as error:
            return _lost(error)

    def _start_again(self, oldest: bytes, error: BrokenProcessPool) -> None:
        """Give the oldest task alone to new workers; what was lost with the others shows when their turn comes."""
        self.pool.shutdown(cancel_futures=True)
        self.pool = new_pool(self.number)
        later = [(task, future if _is_answered(future) else _lost(error)) for task, future in list(self.flying)[1:]]
        self.flying = deque([(oldest, self._sent(oldest)), *later])


def _lost(error: BrokenProcessPool) -> Future[bytes]:
    future: Future[bytes] = Future()
    future.set_exception(error)
    return future


def _is_answered(future: Future[bytes]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _batch(table: pa.Table) -> pa.RecordBatch:
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)
