"""Many readers at once, from a process of its own, so that measuring takes no turn of the server's interpreter.

A small HTTP/1.1 reader over asyncio, since a full client costs more processor time a page than the page itself may:
each user keeps one connection, asks for the next page, and reads the answer to its end.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
READING_SECONDS = (0.5, 1.5)
_PATIENCE_SECONDS = 30
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for: paths in this order, by so many users; ``reading``: each pauses between its pages."""

    port: int
    paths: Sequence[str]
    users: int
    reading: bool
    seconds: float
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came: status and milliseconds of each answer, the seconds in all, the client's own processor seconds.

    ``failed``: the first path of each status other than 200.
    """

    statuses: Sequence[int]
    milliseconds: Sequence[float]
    seconds: float
    client_seconds: float = 0.0
    failed: Sequence[tuple[int, str]] = ()

    @property
    def median(self) -> float:
        """Milliseconds; infinite where nothing came."""
        return statistics.median(self.milliseconds) if self.milliseconds else math.inf

    @property
    def p95(self) -> float:
        """Milliseconds within which 95 of 100 answers came."""
        return percentile(self.milliseconds, 0.95)

    @property
    def errors(self) -> dict[int, int]:
        """How often each status other than 200 came; 0 stands for no answer."""
        return {status: times for status, times in sorted(Counter(self.statuses).items()) if status != 200}


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that so large a share of all does not exceed (nearest rank); infinite for no values."""
    if not values:
        return math.inf
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def run(load: Load) -> Outcome:
    """The outcome of a load, put on by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.http_load"],
        input=json.dumps(asdict(load)), capture_output=True, check=True, text=True, cwd=ROOT,
    )  # fmt: skip
    return Outcome(**json.loads(done.stdout))


async def put_on(load: Load) -> Outcome:
    """Put the load on until all paths were asked for or the time is over."""
    answers: list[tuple[int, float, str]] = []
    paths = iter(load.paths)
    begin = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(load.users):
            group.create_task(_user(load, number, paths, begin + load.seconds, answers))
    seconds = time.perf_counter() - begin
    usage = resource.getrusage(resource.RUSAGE_SELF)
    statuses, milliseconds = [status for status, _, _ in answers], [time for _, time, _ in answers]
    first = {status: path for status, _, path in reversed(answers) if status != 200}
    return Outcome(statuses, milliseconds, seconds, usage.ru_utime + usage.ru_stime, sorted(first.items()))


async def _user(
    load: Load, number: int, paths: Iterator[str], end: float, answers: list[tuple[int, float, str]]
) -> None:
    chance = random.Random(number)
    line = Connection(load.port, load.cookie)
    if load.reading:
        await asyncio.sleep(chance.uniform(0, READING_SECONDS[1]))
    try:
        while time.perf_counter() < end and (path := next(paths, None)) is not None:
            begin = time.perf_counter()
            status = await line.get(path)
            answers.append((status, (time.perf_counter() - begin) * 1000, path))
            if load.reading:
                await asyncio.sleep(chance.uniform(*READING_SECONDS))
    finally:
        line.close()


class Connection:
    """One connection to this machine that is kept, and opened anew where the server ends it."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port = port
        cookies = f"Cookie: {cookie}\r\n" if cookie else ""
        self._head = f"Host: 127.0.0.1:{port}\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n{cookies}\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> int:
        """The status of the answer, once it is read to its end; ``NO_ANSWER`` where none came in time.

        On a connection that the server ended meanwhile it is asked for again, as a browser does.
        """
        kept = self._streams is not None
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                try:
                    return await self._get(path)
                except (ConnectionError, asyncio.IncompleteReadError):
                    if not kept:
                        raise
                    self.close()
                    return await self._get(path)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, LookupError, ValueError):
            self.close()
            return NO_ANSWER

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _get(self, path: str) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\n{self._head}".encode())
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
        if headers.get("transfer-encoding") == "chunked":
            while size := int(await reader.readuntil(b"\r\n"), 16):
                await reader.readexactly(size + 2)
            await reader.readuntil(b"\r\n")
        else:
            await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(first.split()[1])


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(put_on(Load(**json.load(sys.stdin)))))))
