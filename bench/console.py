"""``python -m bench.console``: the console under load on this machine, over a node with more than a million records.

Each class of page is asked for by 20 readers, *at once* (each asks again as soon as it has its answer) and *reading*
(each pauses 0.5 to 1.5 s). Server and client share the cores. The bar is on the median; the 95th percentile may take
twice as long, and any status other than 200 fails the row.
"""

from __future__ import annotations

import argparse
import http.client
import math
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.console_node import CLAIMS, OBSERVATIONS, described, made
from bench.console_pages import CLASSES, Class, Held, words_of
from bench.http_load import Load, Outcome, run
from tocsin.node import Node, read_settings

USERS, REQUESTS, SECONDS = 20, 600, 60.0
_LINK = re.compile(r"http://127\.0\.0\.1:\d+(/start\?secret=\S+)")
_START_SECONDS = 180
_PEER = 20
_TRIVIAL = "/icon.svg"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: a class of pages in a mode, what came of it, and its bar in milliseconds."""

    name: str
    mode: str
    outcome: Outcome
    memory: Memory
    bar: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the bar is met: the median within it, the 95th percentile within twice, no errors."""
        if self.bar is None:
            return "" if not self.outcome.errors else "errors"
        one = self.outcome
        met = not one.errors and one.median <= self.bar and one.p95 <= 2 * self.bar
        return f"≤ {self.bar:g} ms {'met' if met else 'MISSED'}"

    def text(self) -> str:
        """The row as printed."""
        one = self.outcome
        errors = ", ".join(f"{times} × {status or 'none'}" for status, times in one.errors.items()) or "0"
        speed = len(one.statuses) / one.seconds if one.seconds else 0
        return (
            f"{self.name:24} {self.mode:9} {len(one.statuses):8,} {errors:>10} {one.median:9.1f} {one.p95:9.1f} "
            f"{max(one.milliseconds, default=math.inf):9.1f} {speed:9.1f} "
            f"{self.memory.resident:8,.0f} {self.memory.own:8,.0f}  {self.verdict}"
        )


@dataclass(frozen=True, slots=True)
class Memory:
    """The most a process held so far, in MB: in all, and without the files it has mapped, which may count often."""

    resident: float
    own: float


class Server:
    """A console that runs: its port, its process, and the cookie of a session. Its memory is watched all the time."""

    def __init__(self, port: int, process: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self._process, self._own, self._done = process, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def peak(self) -> Memory:
        """The most memory so far."""
        return Memory(self._status("VmHWM"), self._own)

    def settle(self) -> None:
        """Wait until it does no more work for answers nobody waits for, a minute at most."""
        before = -1.0
        for _ in range(60):
            fields = Path(f"/proc/{self._process}/stat").read_text().rpartition(")")[2].split()
            now = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            if now - before < 0.1 and before >= 0:
                return
            before = now
            time.sleep(1)

    def stop(self) -> None:
        """Watch no longer."""
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.2):
            self._own = max(self._own, self._status("RssAnon"))

    def _status(self, name: str) -> float:
        try:
            text = Path(f"/proc/{self._process}/status").read_text()
        except OSError:
            return 0.0
        return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith(f"{name}:")), 0.0)


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """``tocsin up`` on a free port, from when it lets somebody in until the block ends."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("tocsin")), "up", "--node", str(folder), "--port", str(port)]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            server = Server(port, process.pid, _cookie(port, _link(process, output.fileno(), port)))
            with ExitStack() as stack:
                stack.callback(server.stop)
                yield server
        finally:
            process.terminate()
            process.wait()


def _link(process: subprocess.Popen[bytes], output: int, port: int) -> str:
    """The path of the start link it prints; empty where it serves without one. SystemExit when it does not come up."""
    for _ in range(_START_SECONDS * 10):
        text = os.pread(output, 1 << 20, 0).decode(errors="replace")
        if process.poll() is not None:
            raise SystemExit(f"the console did not start:\n{text[-2000:]}")
        if found := _LINK.search(text):
            return found[1]
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0 and "Stop with" in text:
                return ""
        time.sleep(0.1)
    raise SystemExit(f"the console was not up within {_START_SECONDS} s")


def _cookie(port: int, link: str) -> str:
    if not link:
        return ""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request("GET", link)
        answer = line.getresponse()
        return (answer.getheader("Set-Cookie") or "").partition(";")[0]


def measured(folder: Path, classes: Sequence[Class], requests: int, seconds: float) -> Iterator[Line]:
    """Row by row: the client itself, each class in both modes, searches one by one, and their peer."""
    with closing(Node.open(read_settings(str(folder), {}))) as node, served(folder) as server:
        held = Held(node)

        def line(name: str, mode: str, paths: Sequence[str], users: int, bar: float | None = None) -> Line:
            reading = mode == "reading"
            outcome = run(Load(server.port, paths, users, reading, seconds, server.cookie))
            server.settle()
            return Line(name, mode, outcome, server.peak(), bar)

        yield line(f"the client: {_TRIVIAL}", "one", [_TRIVIAL] * requests, 1)
        yield line(f"the client: {_TRIVIAL}", "at once", [_TRIVIAL] * requests, USERS)
        for one in classes:
            paths = one.paths(held, requests)
            if one.name == "front page":
                # A day nobody asked for yet costs a second; what readers of a day share is measured after that.
                yield line("front page, first asked", "one", list(dict.fromkeys(paths)), 1)
            yield line(one.name, "at once", paths, USERS, one.bar)
            yield line(one.name, "reading", paths, USERS, one.bar)
        words = words_of(held, _PEER)
        yield line("search", "one", [f"/records?{urlencode({'q': word, 'kind': 'claim'})}" for word in words], 1)
        yield Line("peer: DuckDB scan", "one", _scanned(node, words), Memory(0, 0))


def _scanned(node: Node, words: Sequence[str]) -> Outcome:
    """The same searches by a plain scan over the lake, in this process."""
    times = []
    for word in words:
        begin = time.perf_counter()
        with node.view() as view:
            view.rows(
                "SELECT * FROM claim WHERE contains(lower(value), ?) ORDER BY published_at DESC LIMIT 50",
                [word.lower()],
            )
        times.append((time.perf_counter() - begin) * 1000)
    return Outcome([200] * len(times), times, sum(times) / 1000)


def table(lines: Iterator[Line]) -> list[Line]:
    """Print the rows as they come; all of them."""
    print(
        f"{'class':24} {'mode':9} {'requests':>8} {'errors':>10} {'median ms':>9} {'p95 ms':>9} {'max ms':>9} "
        f"{'a second':>9} {'peak MB':>8} {'own MB':>8}  bar",
        flush=True,
    )
    done = []
    for one in lines:
        print(one.text(), flush=True)
        done.append(one)
    return done


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the node where it is missing, run the load, print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--node", type=Path, help="where the node is, or is made and kept; else a folder for this run")
    parser.add_argument("--observations", type=int, default=OBSERVATIONS)
    parser.add_argument("--claims", type=int, default=CLAIMS)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each class and mode")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="the most a class and mode may take")
    parser.add_argument("--only", default="", help="classes, by name, with commas between them")
    given = parser.parse_args(arguments)
    names = [name.strip() for name in given.only.split(",") if name.strip()]
    classes = [one for one in CLASSES if not names or one.name in names]
    print(f"load average at the start: {os.getloadavg()[0]:.2f}; {os.cpu_count()} cores; {USERS} readers")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.node or Path(temporary)
        print(described(made(folder, given.observations, given.claims)), flush=True)
        lines = table(measured(folder, classes, given.requests, given.seconds))
    client = [one.outcome for one in lines if one.name.startswith("the client") and one.outcome.statuses]
    cost = statistics.median(one.client_seconds * 1000 / len(one.statuses) for one in client)
    for one in lines:
        for status, path in one.outcome.failed:
            print(f"{one.name}, {one.mode}: {status or 'no answer'} for {path}")
    print(f"\nThe client takes {cost:.2f} ms of processor time a request, its start included, on the same cores.")


def bench_rows(requests: int = 200) -> Iterator[tuple[str, float, float, float]]:
    """For ``make bench``: (what, median seconds or infinity where the bar is missed otherwise, own MB, bar in seconds)."""
    with tempfile.TemporaryDirectory() as temporary:
        made(Path(temporary))
        for one in measured(Path(temporary), [one for one in CLASSES if one.bar], requests, SECONDS):
            if one.bar and one.mode == "at once":
                median = math.inf if "MISSED" in one.verdict and one.outcome.median <= one.bar else one.outcome.median
                yield f"console, {USERS} at once: {one.name}", median / 1000, one.memory.own, one.bar / 1000


if __name__ == "__main__":
    main()
