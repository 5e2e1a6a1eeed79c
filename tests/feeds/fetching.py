"""What the tests of fetching share: a file, its hostile bringers, and how to look at the outcome."""

from __future__ import annotations

import hashlib
import itertools
import socket
from pathlib import Path
from typing import Any

import httpcore2
import pytest

from tests.feeds.hostile_server import HostileServer, Play, Talk, serving
from tocsin.feeds.fetch import Fetched, FetchError, Limits, NotModified, fetch
from tocsin.feeds.fetch_guard import shown

OLD = b"the last good copy"
DATA = bytes(range(256)) * 40
OTHER = DATA[::-1]
TAG, OTHER_TAG = '"one"', '"two"'
FAST = Limits(most_bytes=100_000, seconds=8.0, stall_seconds=4.0, redirects=3, attempts=1)
THRICE = Limits(most_bytes=100_000, seconds=500.0, stall_seconds=4.0, redirects=3, attempts=3)


def left(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir()} - {target.name}


def got(result: Fetched | NotModified, target: Path, data: bytes = DATA) -> Fetched:
    """The result, after looking that it is this file and that nothing else is left."""
    assert isinstance(result, Fetched)
    assert target.read_bytes() == data
    assert (result.path, result.size, result.sha256) == (target, len(data), hashlib.sha256(data).hexdigest())
    assert left(target) == set()
    return result


def at_once(url: str, target: Path, **options: Any) -> Fetched | NotModified:
    """A fetch that does not really wait between tries; one try only, unless told otherwise."""
    told: dict[str, Any] = {"limits": FAST, "sleep": lambda _: None} | options
    return fetch(url, target, **told)


def refused(url: str, target: Path, *, keeps_part: bool = False, **options: Any) -> str:
    """The one line of the error, after looking that the last good copy is as it was."""
    with pytest.raises(FetchError) as caught:
        at_once(url, target, **options)
    assert target.read_bytes() == OLD
    assert left(target) == ({"list.csv.part", "list.csv.part.json"} if keeps_part else set())
    line = str(caught.value)
    assert len(line.splitlines()) == 1 and line.startswith(shown(url)) and caught.value.mend
    return line


def refusal(play: Play, target: Path, path: str = "/file", *, keeps_part: bool = False, **options: Any) -> str:
    with serving(play) as server:
        return refused(server.url(path), target, keeps_part=keeps_part, trusted_hosts=server.trusted, **options)


def whole(talk: Talk) -> None:
    talk.answer(200, DATA, ETag=TAG)


def cut_once(at: int, *, after: Play, **headers: str) -> Play:
    """Cuts the first answer off before byte ``at``, and goes on as ``after``."""

    def play(talk: Talk) -> None:
        if talk.number == 0:
            talk.answer_rest(DATA, until=at, **headers)
        else:
            after(talk)

    return play


class Asked:
    """What names were resolved and what addresses connected to."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.connected: list[str] = []


def public_name(
    patch: pytest.MonkeyPatch,
    server: HostileServer,
    *answers: list[str],
    deaf: set[str] = frozenset(),  # type: ignore[assignment]
) -> Asked:
    """Names answer with these addresses in turn, and whatever is connected to is the server in truth."""
    asked, turns, plain = Asked(), itertools.chain(answers, itertools.repeat(answers[-1])), socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        if host != "data.example":
            return plain(host, port, *args, **options)
        asked.names.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(turns)]

    connect = httpcore2.SyncBackend.connect_tcp

    def rerouted(self: httpcore2.SyncBackend, host: str, port: int, *args: Any) -> httpcore2.NetworkStream:
        asked.connected.append(host)
        if host in deaf:
            raise httpcore2.ConnectError
        return connect(self, "127.0.0.1", server.port, *args)

    patch.setattr(socket, "getaddrinfo", resolve)
    patch.setattr(httpcore2.SyncBackend, "connect_tcp", rerouted)
    return asked
