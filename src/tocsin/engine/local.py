"""The local engine: worker processes on this machine. A worker that dies is replaced and its work done again.

The seam for another engine is these two signatures: nothing outside this room knows where a function runs.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

import cloudpickle
import pyarrow as pa

from tocsin.errors import WorkerError

ATTEMPTS = 3
"""How often a piece of work is given to a worker before it counts as deadly."""
_ROWS = 65_536

BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]
GroupFunction = Callable[[pa.Table], pa.Table]


def map_batches(function: BatchFunction, table: pa.Table, *, workers: int | None = None, rows: int = _ROWS) -> pa.Table:
    """The answers of ``function`` to the table's batches of at most ``rows`` rows, in order, as one table.

    An exception of the function is raised as it is; WorkerError when a batch kills every worker it is given to.
    """
    batches = table.combine_chunks().to_batches(max_chunksize=rows) or [
        pa.RecordBatch.from_pylist([], schema=table.schema)
    ]
    tasks = [pack(pa.Table.from_batches([batch])) for batch in batches]

    def work(whole: pa.Table) -> pa.Table:
        return pa.Table.from_batches(
            [function(whole.combine_chunks().to_batches()[0] if whole.num_rows else batches[0])]
        )

    return pa.concat_tables(_run(work, tasks, workers))


def map_groups(function: GroupFunction, table: pa.Table, by: Sequence[str], *, workers: int | None = None) -> pa.Table:
    """The answers of ``function`` to the rows of each group, in the order of the groups' keys, as one table."""
    if table.num_rows == 0:
        return function(table)
    ordered = table.sort_by([(name, "ascending") for name in by])
    return pa.concat_tables(_run(function, [pack(group) for group in _groups(ordered, by)], workers))


def _groups(ordered: pa.Table, by: Sequence[str]) -> Iterator[pa.Table]:
    keys = list(zip(*(ordered[name].to_pylist() for name in by), strict=True))
    start = 0
    for row in range(1, len(keys) + 1):
        if row == len(keys) or keys[row] != keys[start]:
            yield ordered.slice(start, row - start)
            start = row


def _run(function: GroupFunction, tasks: list[bytes], workers: int | None) -> list[pa.Table]:
    number = min(workers or os.cpu_count() or 1, len(tasks))
    if number <= 1:
        return [function(unpack(task)) for task in tasks]
    packed = cloudpickle.dumps(function)
    answers: dict[int, bytes] = {}
    while missing := [i for i in range(len(tasks)) if i not in answers]:
        try:
            _spread(packed, tasks, missing, number, answers)
        except BrokenProcessPool:
            _one_by_one(packed, tasks, answers, number)
    return [unpack(answers[i]) for i in range(len(tasks))]


def _spread(
    packed: bytes, tasks: Sequence[bytes], missing: Sequence[int], number: int, answers: dict[int, bytes]
) -> None:
    """Work on all missing tasks at once, holding only a few in flight."""
    queue, flying = deque(missing), dict[Future[bytes], int]()
    with _pool(number) as pool:
        while queue or flying:
            while queue and len(flying) < 2 * number:
                task = queue.popleft()
                flying[pool.submit(call, packed, tasks[task])] = task
            done, _ = wait(flying, return_when="FIRST_COMPLETED")
            for future in done:
                answers[flying.pop(future)] = future.result()


def _one_by_one(packed: bytes, tasks: Sequence[bytes], answers: dict[int, bytes], number: int) -> None:
    """After a worker died: each suspect alone, so that one bad task is told from its innocent neighbours."""
    suspects = [i for i in range(len(tasks)) if i not in answers][: 2 * number]
    for task in suspects:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with _pool(1) as pool:
                    answers[task] = pool.submit(call, packed, tasks[task]).result()
                break
            except BrokenProcessPool as error:
                if attempt == ATTEMPTS:
                    reason = f"piece {task + 1} of {len(tasks)} killed its worker {ATTEMPTS} times"
                    raise WorkerError(reason, mend="give it less at once, or the machine more memory") from error


@contextmanager
def _pool(number: int) -> Iterator[ProcessPoolExecutor]:
    pool = new_pool(number)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def new_pool(number: int) -> ProcessPoolExecutor:
    """Worker processes that end with this one, also where it is killed."""
    return ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def call(packed: bytes, task: bytes) -> bytes:
    """A packed function on a packed table, in whatever process."""
    return pack(cloudpickle.loads(packed)(unpack(task)))


def pack(table: pa.Table) -> bytes:
    """A table as bytes that travel."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def unpack(data: bytes) -> pa.Table:
    """The table of such bytes."""
    return pa.ipc.open_stream(data).read_all()
