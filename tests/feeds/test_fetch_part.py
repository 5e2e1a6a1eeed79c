"""A fetch that was cut off goes on from the exact byte, or starts over where the file is another one."""

from __future__ import annotations

import hashlib
import json
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feeds.fetching import (
    DATA,
    OLD,
    OTHER,
    OTHER_TAG,
    TAG,
    THRICE,
    at_once,
    cut_once,
    got,
    left,
    refusal,
    refused,
    whole,
)
from tests.feeds.hostile_server import Play, Talk, serving
from tocsin.feeds import fetch_part
from tocsin.feeds.fetch import FetchError, Limits, NotModified, Validators, fetch


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A place that holds the last good copy."""
    path = tmp_path / "list.csv"
    path.write_bytes(OLD)
    return path


def test_goes_on_from_the_exact_byte(target: Path) -> None:
    rest: Play = lambda talk: talk.answer_rest(DATA, ETag=TAG)  # noqa: E731
    with serving(cut_once(1000, after=rest, ETag=TAG)) as server:
        result = got(at_once(server.url(), target, limits=THRICE, trusted_hosts=server.trusted), target)
    assert server.ranges() == [None, "bytes=1000-"]
    assert server.seen[1].headers["if-range"] == TAG and result.validators.etag == TAG


def test_goes_on_in_a_later_run(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_part, "_SAVE_EVERY", 100)
    rest: Play = lambda talk: talk.answer_rest(DATA, ETag=TAG)  # noqa: E731
    with serving(cut_once(1000, after=rest, ETag=TAG)) as server:
        line = refused(server.url("/f?key=hidden"), target, keeps_part=True, trusted_hosts=server.trusted)
        said = (target.parent / "list.csv.part.json").read_text()
        with (target.parent / "list.csv.part").open("ab") as part:
            part.write(b"bytes the sidecar does not know of")
        expected = hashlib.sha1(DATA).hexdigest()
        got(fetch(server.url("/f?key=hidden"), target, trusted_hosts=server.trusted, sha1=expected), target)
    assert "was cut off" in line and json.loads(said)["size"] == 1000 and "hidden" not in said
    assert server.ranges() == [None, "bytes=1000-"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda part, said: said.write_text("{"),
        lambda part, said: said.write_text("[]"),
        lambda part, said: said.write_text(said.read_text().replace('"size": 1000', '"size": "x"')),
        lambda part, said: said.write_text(said.read_text().replace('"if_range": "\\"one\\""', '"if_range": 5')),
        lambda part, said: said.unlink(),
        lambda part, said: part.unlink(),
        lambda part, said: part.write_bytes(b"short"),
    ],
)
def test_what_is_spoilt_is_not_used(target: Path, spoil: Callable[[Path, Path], object]) -> None:
    with serving(cut_once(1000, after=whole, ETag=TAG)) as server:
        refused(server.url(), target, keeps_part=True, trusted_hosts=server.trusted)
        spoil(target.parent / "list.csv.part", target.parent / "list.csv.part.json")
        got(fetch(server.url(), target, trusted_hosts=server.trusted), target)
    assert server.ranges() == [None, None]


def test_another_address_does_not_go_on(target: Path) -> None:
    with serving(cut_once(1000, after=whole, ETag=TAG)) as server:
        refused(server.url("/a"), target, keeps_part=True, trusted_hosts=server.trusted)
        got(fetch(server.url("/b"), target, trusted_hosts=server.trusted), target)
    assert server.ranges() == [None, None]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": 'W/"one"'},
        {"ETag": "one"},
        {"Last_Modified": "Tue, 06 Jan 2026 10:00:00 GMT"},
        {"Last_Modified": "now", "Date": "now"},
    ],
)
def test_what_nothing_vouches_for_is_not_kept(target: Path, headers: dict[str, Any]) -> None:
    now = format_datetime(datetime.now(UTC), usegmt=True)
    headers = {name: value.replace("now", now) for name, value in headers.items()}
    with serving(cut_once(1000, after=whole, **headers)) as server:
        refused(server.url(), target, trusted_hosts=server.trusted)


def test_an_old_last_modified_vouches(target: Path) -> None:
    headers = {"Last_Modified": "Tue, 06 Jan 2026 10:00:00 GMT", "Date": "Tue, 06 Jan 2026 10:05:00 GMT"}
    with serving(cut_once(1000, after=lambda talk: talk.answer_rest(DATA), **headers)) as server:
        result = got(at_once(server.url(), target, limits=THRICE, trusted_hosts=server.trusted), target)
    assert server.seen[1].headers["if-range"] == headers["Last_Modified"] == result.validators.last_modified


@pytest.mark.parametrize(
    "reply",
    {
        "If-Range is heeded": lambda talk: talk.answer(200, OTHER, ETag=OTHER_TAG),
        "part of another file": lambda talk: talk.answer_rest(OTHER, ETag=OTHER_TAG),
        "part without its tag": lambda talk: talk.answer_rest(OTHER),
        "part of another size": lambda talk: talk.answer(
            206, OTHER[1000:], ETag=TAG, Content_Range="bytes 1000-10239/10241"
        ),
        "part from elsewhere": lambda talk: talk.answer(206, OTHER, ETag=TAG, Content_Range="bytes 0-10239/10240"),
        "part of other length": lambda talk: talk.answer(206, b"xyz", ETag=TAG, Content_Range="bytes 1000-10239/10240"),
        "part beyond the end": lambda talk: talk.answer(206, OTHER, ETag=TAG, Content_Range="bytes 1000-11239/10240"),
        "part from a byte later": lambda talk: talk.answer(
            206, OTHER[1001:], ETag=TAG, Content_Range="bytes 1001-10239/10240"
        ),
        "part of another day": lambda talk: talk.answer_rest(
            OTHER, ETag=TAG, Last_Modified="Tue, 06 Jan 2026 10:00:00 GMT"
        ),
        "parts": lambda talk: talk.answer(206, b"--x", ETag=TAG, Content_Type="multipart/byteranges; boundary=x"),
        "no such part": lambda talk: talk.answer(416, Content_Range="bytes */500"),
    }.values(),
)
def test_what_does_not_go_on_starts_over(target: Path, reply: Play) -> None:
    def play(talk: Talk) -> None:
        if "range" in talk.headers:
            reply(talk)
        else:
            talk.answer(200, OTHER, ETag=OTHER_TAG)

    with serving(cut_once(1000, after=play, ETag=TAG)) as server:
        result = got(
            at_once(server.url(), target, limits=Limits(attempts=2), trusted_hosts=server.trusted),
            target,
            OTHER,
        )
    assert result.validators.etag == OTHER_TAG and server.ranges()[:2] == [None, "bytes=1000-"]


def test_what_cannot_be_gone_on_from_is_gone_even_if_the_start_over_fails(target: Path) -> None:
    def play(talk: Talk) -> None:
        talk.answer(416 if talk.number == 1 else 404)

    with serving(cut_once(1000, after=play, ETag=TAG)) as server:
        assert "answered 404" in refused(server.url(), target, trusted_hosts=server.trusted, limits=THRICE)


def test_a_shorter_part_than_the_rest_is_gone_on_from(target: Path) -> None:
    def play(talk: Talk) -> None:
        start = talk.start()
        end = min(start + 5000, len(DATA))
        talk.answer(206, DATA[start:end], ETag=TAG, Content_Range=f"bytes {start}-{end - 1}/{len(DATA)}")

    with serving(cut_once(1000, after=play, ETag=TAG)) as server:
        got(at_once(server.url(), target, limits=THRICE, trusted_hosts=server.trusted), target)
    assert server.ranges() == [None, "bytes=1000-", "bytes=6000-"]


def test_more_than_the_part_announced(target: Path) -> None:
    def play(talk: Talk) -> None:
        talk.answer(206, length=-1, ETag=TAG, Transfer_Encoding="chunked", Content_Range="bytes 1000-1001/10240")
        talk.send(b"3\r\nabc\r\n0\r\n\r\n")

    with serving(cut_once(1000, after=play, ETag=TAG)) as server:
        refused(server.url(), target, keeps_part=True, trusted_hosts=server.trusted)
        assert "more than it announced" in refused(server.url(), target, trusted_hosts=server.trusted)


def test_a_part_is_no_whole(target: Path) -> None:
    play: Play = lambda talk: talk.answer(206, DATA, Content_Range="bytes 0-10239/10240")  # noqa: E731
    assert "answered 206" in refusal(play, target)


def test_a_part_outlives_a_refusal_and_a_304_ends_it(target: Path) -> None:
    def play(talk: Talk) -> None:
        talk.answer((404, 304)[talk.number - 1])

    with serving(cut_once(1000, after=play, ETag=TAG)) as server:
        refused(server.url(), target, keeps_part=True, trusted_hosts=server.trusted)
        refused(server.url(), target, keeps_part=True, trusted_hosts=server.trusted)
        result = fetch(server.url(), target, held=Validators('"old"'), trusted_hosts=server.trusted)
    assert isinstance(result, NotModified) and left(target) == set()


def test_ctrl_c_passes_and_leaves_what_can_be_gone_on_from(target: Path) -> None:
    main = threading.main_thread().ident
    assert main is not None and threading.get_ident() == main

    def play(talk: Talk) -> None:
        if talk.start():
            return talk.answer_rest(DATA, ETag=TAG)
        talk.answer_rest(DATA, until=1000, ETag=TAG)
        until_there(target.parent / "list.csv.part.json")
        signal.pthread_kill(main, signal.SIGINT)
        return talk.hang()

    with serving(play) as server:
        with pytest.raises(KeyboardInterrupt):
            fetch(server.url(), target, trusted_hosts=server.trusted)
        assert target.read_bytes() == OLD and left(target) == {"list.csv.part", "list.csv.part.json"}
        got(fetch(server.url(), target, trusted_hosts=server.trusted), target)
    assert server.ranges() == [None, "bytes=1000-"]


def until_there(path: Path) -> None:
    """The head has been read, and a moment later the bytes that came with it."""
    for _ in range(200):
        if path.exists():
            break
        threading.Event().wait(0.01)
    threading.Event().wait(0.1)


@settings(max_examples=40)
@given(
    data=st.binary(max_size=3000),
    cuts=st.lists(st.integers(0, 3000), max_size=5),
    one_run=st.booleans(),
    chunked=st.booleans(),
)
def test_however_often_it_is_cut_the_file_comes_whole_and_no_byte_twice(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, cuts: list[int], one_run: bool, chunked: bool
) -> None:
    target = tmp_path_factory.mktemp("cut") / "file"
    came, failed = [0], list[str]()

    def play(talk: Talk) -> None:
        until = cuts[talk.number] if talk.number < len(cuts) else len(data)
        until = min(max(until, talk.start()), len(data))
        if until == len(data) or not chunked or talk.start():
            talk.answer_rest(data, until=until, ETag=TAG)
        else:
            size = f"{len(data):x}\r\n".encode()
            talk.answer(200, size + data[:until], length=-1, ETag=TAG, Transfer_Encoding="chunked")
        came.append(until)

    limits = Limits(attempts=len(cuts) + 1 if one_run else 1)
    with serving(play) as server:
        for _ in range(len(cuts) + 1):
            try:
                result = fetch(server.url(), target, limits=limits, trusted_hosts=server.trusted, sleep=lambda _: None)
                break
            except FetchError as error:
                failed.append(str(error))
    got(result, target, data)
    assert server.ranges() == [f"bytes={start}-" if start else None for start in came[:-1]]
    assert all("was cut off" in line for line in failed) and not (one_run and failed)
