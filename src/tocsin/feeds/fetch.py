"""One address fetched into a file: only from where it may come, within limits, and going on where it was cut off.

The target changes in one step at the very end, or not at all. Nothing is taken from the environment but the
certificates of the machine: no proxies, no cookies, no passwords.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import httpcore2
import httpx2

from tocsin import __version__
from tocsin.errors import TocsinError
from tocsin.feeds.fetch_answer import MOST_WAIT, Answer, Validators
from tocsin.feeds.fetch_guard import Guard, Patience, Step, Trouble, TrustedHosts, cut_off, first_step, next_step, shown
from tocsin.feeds.fetch_part import Part

__all__ = ["FetchError", "Fetched", "Limits", "NotModified", "Validators", "fetch"]

_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429)
_CHANCE = random.SystemRandom()


class FetchError(TocsinError):
    """An address could not be fetched; the copy held is as it was."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long a fetch may take; ``seconds`` counts all tries and the waits between them."""

    most_bytes: int = 256 * 1024 * 1024
    seconds: float = 600.0
    stall_seconds: float = 30.0
    redirects: int = 5
    attempts: int = 4


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file, in its place. ``url``: where it came from in the end; it may carry a secret in its query."""

    path: Path
    sha256: str
    size: int
    validators: Validators
    url: str


@dataclass(frozen=True, slots=True)
class NotModified:
    """The publisher still offers the copy held; ``validators`` as the server gave them last."""

    validators: Validators
    url: str


@dataclass(frozen=True, slots=True)
class _Job:
    start: Step
    part: Part
    held: Validators
    limits: Limits
    trusted_hosts: TrustedHosts
    expected: dict[str, str]
    patience: Patience


class _StartOver(Exception):
    """What the server sends does not go on from the bytes held."""


_USUAL = Limits()


def fetch(
    url: str,
    target: Path,
    *,
    held: Validators | None = None,
    limits: Limits = _USUAL,
    trusted_hosts: TrustedHosts = frozenset(),
    sha256: str | None = None,
    sha1: str | None = None,
    sleep: Callable[[float], object] = time.sleep,
) -> Fetched | NotModified:
    """The file at ``url``, put at ``target``; NotModified where the server says that ``held`` is still the newest.

    FetchError in one line otherwise, and then the target is as it was; what came so far stays beside it as
    ``.part`` where a later fetch of the same address can go on from it. ``trusted_hosts``: host and port of the
    user's own mirrors, which may be private and plain http. One target is for one fetch at a time.
    """
    expected = {name: text.strip().lower() for name, text in (("sha256", sha256), ("sha1", sha1)) if text}
    patience = Patience(limits.seconds, limits.stall_seconds)
    try:
        start = first_step(url, trusted_hosts)
        with Part(target, url) as part:
            job = _Job(start, part, held or Validators(), limits, trusted_hosts, expected, patience)
            return _persist(job, sleep)
    except Trouble as trouble:
        raise FetchError(trouble.reason, mend=trouble.mend, file=shown(url)) from trouble
    except OSError as error:
        reason = f"cannot be kept at {target}: {error.strerror or error}"
        raise FetchError(reason, mend="check the space and the rights there", file=shown(url)) from error


def _persist(job: _Job, sleep: Callable[[float], object]) -> Fetched | NotModified:
    attempt = 1
    while True:
        try:
            return _attempt(job)
        except Trouble as trouble:
            wait = max(trouble.after, _back_off(attempt))
            if not trouble.again or attempt >= job.limits.attempts or wait >= job.patience.left():
                tried = f" ({attempt} tries)" if attempt > 1 else ""
                raise Trouble(trouble.reason + tried, trouble.mend) from trouble
        sleep(wait)
        attempt += 1


def _back_off(attempt: int) -> float:
    return min(MOST_WAIT, 2.0 ** min(attempt, 8)) * _CHANCE.uniform(0.25, 0.5)


def _attempt(job: _Job) -> Fetched | NotModified:
    try:
        return _exchange(job, job.part.asking())
    except _StartOver:
        job.part.drop()
        return _exchange(job, {})


def _exchange(job: _Job, resuming: dict[str, str]) -> Fetched | NotModified:
    with _follow(job, job.held.asking() | resuming) as answer:
        if answer.status == 304:
            return _not_modified(job, answer)
        if resuming and (answer.status == 416 or (answer.status == 206 and not job.part.is_continued_by(answer))):
            raise _StartOver
        end = _open(job, answer, bool(resuming))
        for piece in answer.body:
            _add(job, piece, end)
        if job.part.total not in (None, job.part.size):
            raise cut_off()
        return _complete(job, answer)


@contextmanager
def _follow(job: _Job, headers: dict[str, str]) -> Iterator[Answer]:
    step = job.start
    for _ in range(job.limits.redirects + 1):
        with _ask(step, headers, job.patience) as answer:
            if answer.status not in _REDIRECTS:
                yield answer
                return
            step = next_step(step, answer.headers.get("Location"), job.trusted_hosts)
    raise Trouble(f"redirects more than {job.limits.redirects} times", "the publisher may have moved it: look there")


@contextmanager
def _ask(step: Step, headers: dict[str, str], patience: Patience) -> Iterator[Answer]:
    guard = Guard(patience, step.trusted)
    url = httpcore2.URL(
        scheme=step.url.raw_scheme, host=step.url.raw_host, port=step.url.port, target=step.url.raw_path
    )
    sent = {
        "Host": step.url.netloc.decode("ascii"),
        "User-Agent": f"tocsin/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    } | headers
    try:
        with (
            httpcore2.ConnectionPool(network_backend=guard) as pool,
            pool.stream("GET", url, headers=list(sent.items())) as response,
        ):
            yield Answer(step.url, response.status, httpx2.Headers(response.headers), response.iter_stream())
    except httpcore2.ProtocolError as error:
        if guard.ended:
            raise cut_off() from error
        raise Trouble("does not answer as a web server should", "tell the publisher") from error


def _not_modified(job: _Job, answer: Answer) -> NotModified:
    if not job.held.asking():
        raise Trouble("answered 304 (not modified) though no copy was named", "tell the publisher")
    job.part.drop()
    now = answer.validators
    newest = Validators(now.etag or job.held.etag, now.last_modified or job.held.last_modified)
    return NotModified(newest, str(answer.url))


def _open(job: _Job, answer: Answer, resuming: bool) -> int | None:
    """Make the part ready for the body; answers where the body must end, where that is known."""
    if answer.status != 200 and not (answer.status == 206 and resuming):
        _refuse_status(answer)
    if answer.encoding:
        job.part.drop()
        raise Trouble("sent compressed data, which was not asked for", "tell the publisher")
    span = answer.span if answer.status == 206 else None
    end = span[1] if span else answer.length
    _refuse_size(job, (span[2] if span else None) or end or 0)
    if span:
        job.part.go_on(answer)
        return end
    if not (answer.is_framed or job.expected or answer.digests):
        raise Trouble("does not say where the file ends, so a cut could not be seen", "give its checksum")
    job.part.begin(answer)
    return end


def _add(job: _Job, piece: bytes, end: int | None) -> None:
    size = job.part.size + len(piece)
    _refuse_size(job, size)
    if end is not None and size > end:
        job.part.drop()
        raise Trouble("sent more than it announced", "tell the publisher", again=True)
    job.part.add(piece)


def _complete(job: _Job, answer: Answer) -> Fetched:
    part = job.part
    told = {name: value.hex() for name, value in answer.digests.items()}
    for wanted in (told, job.expected):
        for name, value in wanted.items():
            if part.digest(name) != value:
                part.drop()
                by = "given" if wanted is job.expected else "its server told"
                raise Trouble(f"does not have the {name.upper()} checksum {by}", "do not use it; ask the publisher")
    part.finish()
    return Fetched(part.target, part.sha256, part.size, part.validators, str(answer.url))


def _refuse_size(job: _Job, size: int) -> None:
    if size > job.limits.most_bytes:
        job.part.drop()
        raise Trouble(f"is larger than {job.limits.most_bytes:,} bytes", "no file of this feed is so large")


def _refuse_status(answer: Answer) -> NoReturn:
    status = answer.status
    if status in _PASSING or status >= 500:
        raise Trouble(f"answered {status}", "try again later", again=True, after=answer.retry_after)
    if status in (401, 403, 407, 451):
        raise Trouble(f"answered {status}: it does not let this machine have the file", "ask the publisher")
    if status in (404, 410):
        raise Trouble(f"answered {status}: it is not there", "the publisher may have moved it: look there")
    raise Trouble(f"answered {status}, which is no file", "look at the publisher's page")
