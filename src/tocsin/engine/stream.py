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
        self.flying.append((task, self.pool.submit(call, self.packed, task)))

    def answer(self) -> pa.RecordBatch:
        """The answer to the oldest task; a lost worker costs all in flight one more try."""
        for _ in range(ATTEMPTS):
            _, future = self.flying[0]
            try:
                answer = unpack(future.result())
            except BrokenProcessPool:
                self._start_again()
                continue
            self.flying.popleft()
            return _batch(answer)
        raise WorkerError(f"a piece killed its worker {ATTEMPTS} times", mend="give the machine more memory")

    def _start_again(self) -> None:
        self.pool.shutdown(cancel_futures=True)
        self.pool = new_pool(self.number)
        tasks = [task for task, _ in self.flying]
        self.flying.clear()
        for task in tasks:
            self.submit(task)


def _batch(table: pa.Table) -> pa.RecordBatch:
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)
