"""``python -m bench.bulk --gigabytes 10``: FollowTheMoney data in bulk, made up, streamed into a node.

Says the rows, the seconds, the peak memory of the load and all its processes, and what an interruption costs: the load
is killed at a third and at two thirds and goes on. Nothing is fetched; the entities are invented.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

_WORDS = "Trading Chemical Import Global Zhang Wei Lopez Maria Petrov Ivan Group Shipping Limited Holding".split()  # noqa: SIM905
_LOAD = """
import json, sys, warnings
warnings.simplefilter("ignore")
from pathlib import Path
from tocsin.feeds import load
from tocsin.node import Node, read_settings
if __name__ == "__main__":
    node = Node.create(read_settings(sys.argv[1], {}))
    landed = load(node, "opensanctions", [Path(sys.argv[2])])
    (entry,) = landed.entries
    print(json.dumps([entry.accounting.read, entry.records_added]))
"""


def main() -> None:
    """Make the file, load it with two kills on the way, print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=0.2)
    parser.add_argument("--folder", type=Path, default=None, help="where there is room for the file and the node")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        file = folder / "entities_2026-01-01.ftm.json"
        made(file, int(arguments.gigabytes * 1e9))
        size = file.stat().st_size / 1e9
        print(f"{size:.2f} GB of invented entities; peak memory is that of the load with all its processes")
        print(f"{'what':28} {'seconds':>8} {'MB a second':>12} {'peak MB':>8}")
        whole, answer, peak = run(folder / "whole", file)
        print(f"{'at one go':28} {whole:8.0f} {size * 1000 / whole:12.1f} {peak:8.0f}")
        shutil.rmtree(folder / "whole")
        total = 0.0
        for number, share in enumerate((1 / 3, 1 / 3), start=1):
            seconds, _, peak = run(folder / "killed", file, whole * share)
            total += seconds
            print(f"{f'killed, time {number}':28} {seconds:8.0f} {'':12} {peak:8.0f}")
        seconds, again, peak = run(folder / "killed", file)
        total += seconds
        print(f"{'the rest':28} {seconds:8.0f} {'':12} {peak:8.0f}")
        print(f"{'with two kills, in all':28} {total:8.0f} {size * 1000 / total:12.1f}")
        rows, records = answer
        print(f"{rows:,} rows, {records:,} records; the same after the kills: {'yes' if again == answer else 'NO'}")
        if again != answer:
            sys.exit(1)


def made(path: Path, size: int) -> None:
    """A file of invented entities of about so many bytes, always the same."""
    chance = random.Random(1)
    written = number = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            written += file.write(json.dumps(entity(chance, number)) + "\n")
            number += 1


def entity(chance: random.Random, number: int) -> dict[str, object]:
    """One invented entity, of the size and shape such data have."""
    name = " ".join(chance.choices(_WORDS, k=3))
    aliases = [" ".join(chance.choices(_WORDS, k=2)) for _ in range(5)]
    properties, schema = chance.choice(
        (
            ({"name": [name], "alias": aliases, "topics": ["sanction"], "nationality": ["xx"], "notes": ["n" * 800]}, "Person"),
            ({"name": [name], "alias": aliases, "topics": ["sanction"], "country": ["xx"], "notes": ["n" * 900]}, "Company"),
            ({"full": [f"{name} street {number}"], "city": ["Sampletown"], "country": ["xx"]}, "Address"),
            ({"entity": [f"NK-{number - 1}"], "program": ["SAMPLE"], "reason": ["r" * 300]}, "Sanction"),
        )
    )  # fmt: skip
    return {
        "id": f"NK-{number}", "caption": name, "schema": schema, "referents": [f"sample-{number}"],
        "datasets": ["sample_one", "sample_two"], "first_seen": "2023-04-20T10:00:00",
        "last_seen": "2026-01-01T00:00:00", "last_change": "2025-05-05T00:00:00", "properties": properties,
        "target": schema in ("Person", "Company"),
    }  # fmt: skip


def run(node: Path, file: Path, kill_after: float | None = None) -> tuple[float, list[int], float]:
    """(seconds, [rows, records], peak MB); killed with its processes after so many seconds, if wanted."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", _LOAD, str(node), str(file)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    peak = Peak(process.pid)
    try:
        out, _ = process.communicate(timeout=kill_after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        out, _ = process.communicate()
    seconds = time.perf_counter() - begin
    return seconds, json.loads(out) if out.strip() else [], peak.stop()


class Peak:
    """The largest sum of memory a process and its children held, seen once a second; each page is counted once."""

    def __init__(self, process: int) -> None:
        self._process, self._megabytes, self._done = process, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Stop watching; the peak in MB."""
        self._done.set()
        self._thread.join()
        return self._megabytes

    def _watch(self) -> None:
        while not self._done.wait(1.0):
            family = [self._process, *_children(self._process)]
            self._megabytes = max(self._megabytes, sum(map(_proportional, family)))


def _children(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def _proportional(process: int) -> float:
    """Megabytes of a process, shared pages in part."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    main()
