"""The local engine: order, groups, errors, and workers that die."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tocsin.engine import map_batches, map_groups, map_stream
from tocsin.errors import WorkerError

TABLE = pa.table({"n": list(range(1000)), "g": [i % 7 for i in range(1000)]})


def doubled(batch: pa.RecordBatch) -> pa.RecordBatch:
    return pa.record_batch({"n": pc.multiply(batch["n"], 2)})


@pytest.mark.parametrize("workers", [1, 2])
def test_batches_keep_their_order(workers: int) -> None:
    assert map_batches(doubled, TABLE, workers=workers, rows=64)["n"].to_pylist() == [2 * i for i in range(1000)]


def test_an_empty_table_gives_an_empty_answer_of_the_right_schema() -> None:
    answer = map_batches(doubled, TABLE.slice(0, 0))
    assert (answer.num_rows, answer.schema.names) == (0, ["n"])


@pytest.mark.parametrize("workers", [1, 2])
def test_groups_come_in_the_order_of_their_keys(workers: int) -> None:
    def total(group: pa.Table) -> pa.Table:
        return pa.table({"g": [group["g"][0].as_py()], "sum": [pc.sum(group["n"]).as_py()]})

    answer = map_groups(total, TABLE, ["g"], workers=workers).to_pylist()
    assert answer == [{"g": g, "sum": sum(range(g, 1000, 7))} for g in range(7)]


def test_a_lost_worker_is_replaced(tmp_path: Path) -> None:
    def dies_once(batch: pa.RecordBatch) -> pa.RecordBatch:
        marker = tmp_path / str(batch["n"][0].as_py())
        if batch["n"][0].as_py() in (256, 512) and not marker.exists():
            marker.touch()
            os._exit(9)
        return pa.record_batch({"n": batch["n"]})

    assert map_batches(dies_once, TABLE, workers=2, rows=64)["n"].to_pylist() == list(range(1000))


def test_a_piece_that_kills_every_worker_is_named() -> None:
    def dies(batch: pa.RecordBatch) -> pa.RecordBatch:
        if batch["n"][0].as_py() == 512:
            os._exit(9)
        return batch

    with pytest.raises(WorkerError, match="piece 9 of 16 killed its worker 3 times"):
        map_batches(dies, TABLE, workers=2, rows=64)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_function_is_raised_as_it_is(workers: int) -> None:
    def fails(batch: pa.RecordBatch) -> pa.RecordBatch:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        map_batches(fails, TABLE, workers=workers, rows=500)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stream_keeps_its_order_and_its_metadata(workers: int) -> None:
    def marked(batch: pa.RecordBatch) -> pa.RecordBatch:
        return doubled(batch).replace_schema_metadata({"first": str(batch["n"][0].as_py())})

    answers = list(map_stream(marked, iter(TABLE.to_batches(max_chunksize=64)), workers=workers))
    assert [n for answer in answers for n in answer["n"].to_pylist()] == [2 * i for i in range(1000)]
    assert [int((answer.schema.metadata or {})[b"first"]) for answer in answers] == list(range(0, 1000, 64))


def test_a_stream_takes_few_batches_ahead() -> None:
    taken = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal taken
        for batch in TABLE.to_batches(max_chunksize=10):
            taken += 1
            yield batch

    stream = map_stream(doubled, batches(), workers=2)
    next(stream)
    assert taken <= 6
    stream.close()  # type: ignore[attr-defined]


def test_a_lost_worker_of_a_stream_is_replaced(tmp_path: Path) -> None:
    def dies_once(batch: pa.RecordBatch) -> pa.RecordBatch:
        marker = tmp_path / "died"
        if batch["n"][0].as_py() == 256 and not marker.exists():
            marker.touch()
            os._exit(9)
        return pa.record_batch({"n": batch["n"]})

    answers = map_stream(dies_once, iter(TABLE.to_batches(max_chunksize=64)), workers=2)
    assert [n for answer in answers for n in answer["n"].to_pylist()] == list(range(1000))


def test_a_piece_of_a_stream_that_kills_every_worker_is_an_error() -> None:
    def dies(batch: pa.RecordBatch) -> pa.RecordBatch:
        os._exit(9)

    with pytest.raises(WorkerError, match="a piece killed its worker 3 times"):
        list(map_stream(dies, iter(TABLE.to_batches(max_chunksize=500)), workers=2))


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    code = """
import os, signal, sys, time
import pyarrow as pa
from tocsin.engine import map_stream
def slow(batch):
    print(os.getpid(), flush=True)
    time.sleep(60)
    return batch
if __name__ == "__main__":
    list(map_stream(slow, iter(pa.table({"n": range(4)}).to_batches(max_chunksize=1)), workers=2))
"""
    script = tmp_path / "slow.py"
    script.write_text(code)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workers = {process.stdout.readline(), process.stdout.readline()}
        process.kill()
        # The pipe closes only when no worker holds it any more; a worker that stays sleeps for a minute.
        begin = time.monotonic()
        assert process.stdout.read() == ""
    assert len(workers) == 2
    assert time.monotonic() - begin < 30
