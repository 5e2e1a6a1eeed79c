"""A fetch brings the whole right file or leaves what was there, whatever the server does."""

from __future__ import annotations

import base64
import hashlib
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.feeds.fetching import (
    DATA,
    FAST,
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
from tocsin.feeds.fetch import FetchError, Limits, NotModified, Validators, fetch


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A place that holds the last good copy."""
    path = tmp_path / "list.csv"
    path.write_bytes(OLD)
    return path


def test_a_file_comes_whole_with_what_it_is_known_by(target: Path) -> None:
    day = "Tue, 06 Jan 2026 10:00:00 GMT"
    with serving(lambda talk: talk.answer(200, DATA, ETag='W/"weak"', Last_Modified=day)) as server:
        result = got(fetch(server.url("/file?key=1"), target, trusted_hosts=server.trusted), target)
    assert result.validators == Validators('W/"weak"', day) and result.url == server.url("/file?key=1")
    sent = server.seen[0].headers
    assert sent["host"] == f"127.0.0.1:{server.port}" and sent["accept-encoding"] == "identity"
    assert sent["user-agent"].startswith("tocsin/")
    assert not {"cookie", "authorization", "range", "if-none-match"} & set(sent)


def test_a_new_place_and_an_empty_file(tmp_path: Path) -> None:
    with serving(lambda talk: talk.answer(200, b"")) as server:
        got(fetch(server.url(), tmp_path / "new", trusted_hosts=server.trusted), tmp_path / "new", b"")


def test_chunks(target: Path) -> None:
    with serving(
        lambda talk: talk.answer(200, b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", length=-1, Transfer_Encoding="chunked")
    ) as server:
        got(fetch(server.url(), target, trusted_hosts=server.trusted), target, b"abcde")


def test_more_than_announced_ends_at_what_was_announced(target: Path) -> None:
    with serving(lambda talk: talk.answer(200, DATA + b"more", length=len(DATA))) as server:
        got(fetch(server.url(), target, trusted_hosts=server.trusted), target)


def test_the_environment_has_no_say(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(whole) as server:
        got(fetch(server.url(), target, trusted_hosts=server.trusted), target)


def test_304_leaves_the_copy_and_tells_the_newest_validators(target: Path) -> None:
    with serving(lambda talk: talk.answer(304, ETag=OTHER_TAG)) as server:
        held = Validators(TAG, "Tue, 06 Jan 2026 10:00:00 GMT")
        result = fetch(server.url(), target, held=held, trusted_hosts=server.trusted)
    assert result == NotModified(Validators(OTHER_TAG, held.last_modified), server.url())
    assert server.seen[0].headers["if-none-match"] == TAG
    assert server.seen[0].headers["if-modified-since"] == held.last_modified
    assert target.read_bytes() == OLD and left(target) == set()


@pytest.mark.parametrize("held", [None, Validators(), Validators("é", "\r\nX: y")])
def test_304_to_nothing_asked(target: Path, held: Validators | None) -> None:
    assert "304" in refusal(lambda talk: talk.answer(304), target, held=held)


def test_a_changed_file_replaces_the_copy(target: Path) -> None:
    with serving(whole) as server:
        got(fetch(server.url(), target, held=Validators('"old"'), trusted_hosts=server.trusted), target)


def drip(talk: Talk) -> None:
    talk.answer(200, length=1000)
    for _ in range(500):
        talk.send(b".")
        threading.Event().wait(0.02)


def drip_head(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(500):
        talk.send(b".")
        threading.Event().wait(0.02)


def stall(talk: Talk) -> None:
    talk.answer(200, b"some", length=1000)
    talk.hang()


def endless(talk: Talk) -> None:
    talk.answer(200, length=-1, Transfer_Encoding="chunked")
    while True:
        talk.send(b"400\r\n" + b"x" * 1024 + b"\r\n")


def endless_to_close(talk: Talk) -> None:
    talk.answer(200, length=-1, Repr_Digest=f"sha-256=:{base64.b64encode(hashlib.sha256().digest()).decode()}:")
    while True:
        talk.send(b"x" * 1024)


def header_flood(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        talk.send(b"X: " + b"y" * 1000 + b"\r\n")


def informing_forever(talk: Talk) -> None:
    while True:
        talk.send(b"HTTP/1.1 103 Early\r\n\r\n")
        threading.Event().wait(0.01)


SHORT = Limits(most_bytes=100_000, seconds=0.3, stall_seconds=60.0, attempts=3)
STALLS = Limits(most_bytes=100_000, seconds=8.0, stall_seconds=0.2, attempts=1)


@pytest.mark.parametrize("play", [drip, drip_head, informing_forever, stall])
def test_all_time_is_limited(target: Path, play: Play) -> None:
    assert "took longer than 0.3 s in all" in refusal(play, target, limits=SHORT)


@pytest.mark.parametrize("play", [stall, Talk.hang])
def test_silence_is_limited(target: Path, play: Play) -> None:
    assert "sent nothing for 0.2 s" in refusal(play, target, limits=STALLS)


@pytest.mark.parametrize("play", [endless, endless_to_close])
def test_endless(target: Path, play: Play) -> None:
    assert "is larger than 100,000 bytes" in refusal(play, target)


def test_what_announces_too_much_is_not_read(target: Path) -> None:
    def play(talk: Talk) -> None:
        talk.answer(200, length=10**12, ETag=TAG)
        talk.hang()

    assert "is larger than 100,000 bytes" in refusal(play, target)


def test_header_flood(target: Path) -> None:
    assert "does not answer as a web server should" in refusal(header_flood, target, limits=THRICE)


def test_no_time_is_spent_on_a_wait_that_would_use_it_up(target: Path) -> None:
    waits: list[float] = []
    limits = Limits(seconds=8.0, attempts=3)
    play: Play = lambda talk: talk.answer(503, Retry_After="30")  # noqa: E731
    assert "answered 503;" in refusal(play, target, limits=limits, sleep=waits.append)
    assert waits == []


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503, 599])
def test_what_passes_is_tried_again(target: Path, status: int) -> None:
    waits: list[float] = []
    play: Play = lambda talk: whole(talk) if talk.number else talk.answer(status)  # noqa: E731
    with serving(play) as server:
        got(fetch(server.url(), target, limits=THRICE, trusted_hosts=server.trusted, sleep=waits.append), target)
    assert len(waits) == 1 and 0 < waits[0] <= 1


@pytest.mark.parametrize("told, waited", [("7", 7.0), ("100000", 60.0), ("9" * 400, 60.0)])
def test_retry_after(target: Path, told: str, waited: float) -> None:
    waits: list[float] = []
    play: Play = lambda talk: whole(talk) if talk.number else talk.answer(429, Retry_After=told)  # noqa: E731
    with serving(play) as server:
        got(fetch(server.url(), target, limits=THRICE, trusted_hosts=server.trusted, sleep=waits.append), target)
    assert waits == [waited]


@pytest.mark.parametrize("ahead, least, most", [(30, 20, 30), (3600, 60, 60), (-3600, 0, 1)])
def test_retry_after_a_date(target: Path, ahead: int, least: float, most: float) -> None:
    waits: list[float] = []
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    play: Play = lambda talk: whole(talk) if talk.number else talk.answer(503, Retry_After=until)  # noqa: E731
    with serving(play) as server:
        got(fetch(server.url(), target, limits=THRICE, trusted_hosts=server.trusted, sleep=waits.append), target)
    assert len(waits) == 1 and least <= waits[0] <= most


def test_not_for_ever_and_less_and_less_often(target: Path) -> None:
    waits: list[float] = []
    with serving(lambda talk: talk.answer(500, Retry_After="soon")) as server:
        line = refused(server.url(), target, trusted_hosts=server.trusted, limits=THRICE, sleep=waits.append)
    assert "answered 500 (3 tries)" in line and len(server.seen) == 3
    assert 0 < waits[0] <= 1 <= waits[1] <= 2


@pytest.mark.parametrize("status", [201, 204, 300, 400, 401, 403, 404, 410, 451])
def test_other_answers_are_final(target: Path, status: int) -> None:
    with serving(lambda talk: talk.answer(status)) as server:
        line = refused(server.url(), target, trusted_hosts=server.trusted, limits=THRICE)
    assert f"answered {status}" in line and len(server.seen) == 1


@pytest.mark.parametrize(
    "broken",
    [
        lambda talk: talk.answer(200, DATA[:10], length=len(DATA)),
        lambda talk: talk.answer(200, b"3\r\nab", length=-1, Transfer_Encoding="chunked"),
        lambda talk: talk.send(b"HTTP/1.1 200 O"),
        lambda talk: None,
    ],
)
def test_short_then_good(target: Path, broken: Play) -> None:
    play: Play = lambda talk: whole(talk) if talk.number else broken(talk)  # noqa: E731
    with serving(play) as server:
        got(at_once(server.url(), target, limits=THRICE, trusted_hosts=server.trusted), target)
    assert server.ranges() == [None, None]


def test_always_short(target: Path) -> None:
    line = refusal(lambda talk: talk.answer(200, b"ab", length=9), target, limits=THRICE)
    assert "was cut off before its end (3 tries)" in line


def test_what_speaks_no_http_is_final(target: Path) -> None:
    def play(talk: Talk) -> None:
        talk.send(b"220 ready\r\n\r\n")
        talk.hang()

    assert "does not answer as a web server should" in refusal(play, target, limits=THRICE)


def digest(data: bytes, name: str = "sha256") -> str:
    return base64.b64encode(hashlib.new(name, data).digest()).decode()


def test_compression_nobody_asked_for(target: Path) -> None:
    line = refusal(lambda talk: talk.answer(200, DATA, Content_Encoding="gzip", ETag=TAG), target, limits=THRICE)
    assert "compressed data, which was not asked for" in line and "tries" not in line


def test_identity_is_no_compression(target: Path) -> None:
    with serving(lambda talk: talk.answer(200, DATA, Content_Encoding="Identity")) as server:
        got(fetch(server.url(), target, trusted_hosts=server.trusted), target)


@pytest.mark.parametrize(
    "headers",
    [
        {"Repr_Digest": f"sha-256=:{digest(OTHER)}:"},
        {"Repr_Digest": f"md5=:AAAA:, sha-512=:{digest(OTHER, 'sha512')}:"},
        {"Repr_Digest": f"sha-256=:{digest(DATA)}:, sha-512=:{digest(OTHER, 'sha512')}:"},
        {"Digest": f"SHA-256={digest(OTHER)}"},
    ],
)
def test_a_wrong_digest(target: Path, headers: dict[str, Any]) -> None:
    line = refusal(lambda talk: talk.answer(200, DATA, ETag=TAG, **headers), target, limits=THRICE)
    assert "checksum its server told" in line and "tries" not in line


@pytest.mark.parametrize(
    "headers",
    [
        {"Repr_Digest": f"sha-256=:{digest(DATA)}:, sha-512=:{digest(DATA, 'sha512')}:"},
        {"Digest": f"md5=AAAA,SHA-256={digest(DATA)}"},
        {"Repr_Digest": "sha-256=:AAAA:, sha-512=:A:"},
        {"Repr_Digest": "nonsense"},
    ],
)
def test_a_right_digest_and_one_that_says_nothing(target: Path, headers: dict[str, Any]) -> None:
    with serving(lambda talk: talk.answer(200, DATA, **headers)) as server:
        got(fetch(server.url(), target, trusted_hosts=server.trusted), target)


@pytest.mark.parametrize("name", ["sha256", "sha1"])
def test_expected_checksums(target: Path, name: str) -> None:
    wrong: dict[str, Any] = {name: hashlib.new(name, OTHER).hexdigest()}
    line = refusal(lambda talk: talk.answer(200, DATA, ETag=TAG), target, limits=THRICE, **wrong)
    assert f"{name.upper()} checksum given" in line and "tries" not in line
    with serving(whole) as server:
        right: dict[str, Any] = {name: f" {hashlib.new(name, DATA).hexdigest().upper()}\n"}
        got(fetch(server.url(), target, trusted_hosts=server.trusted, **right), target)


def test_a_joined_file_is_checked_as_a_whole(target: Path) -> None:
    def play(talk: Talk) -> None:
        talk.answer_rest(DATA[:1000] + OTHER[1000:], ETag=TAG, Repr_Digest=f"sha-256=:{digest(DATA)}:")

    with serving(cut_once(1000, after=play, ETag=TAG)) as server:
        line = refused(server.url(), target, trusted_hosts=server.trusted, limits=THRICE)
    assert "SHA256 checksum its server told" in line and server.ranges() == [None, "bytes=1000-"]


def test_an_end_nobody_announced_needs_a_checksum(target: Path) -> None:
    play: Play = lambda talk: talk.answer(200, DATA, length=-1)  # noqa: E731
    assert "does not say where the file ends" in refusal(play, target)
    with serving(play) as server:
        expected = hashlib.sha256(DATA).hexdigest()
        got(fetch(server.url(), target, trusted_hosts=server.trusted, sha256=expected), target)


def test_no_such_folder(target: Path) -> None:
    with (
        serving(whole) as server,
        pytest.raises(FetchError, match="cannot be kept at .*: No such file or directory"),
    ):
        fetch(server.url(), target.parent / "none" / "file", limits=FAST, trusted_hosts=server.trusted)


def test_a_full_disk(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tocsin.feeds.fetch_part.os.fsync", full)
    assert "No space left on device; check the space" in refusal(lambda talk: talk.answer(200, DATA), target)
