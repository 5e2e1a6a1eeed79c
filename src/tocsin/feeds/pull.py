"""Fetching what publishers offer and loading what is new of it; whatever goes wrong, the last good state is kept.

A file is asked for conditionally, fetched beside the copy held, and put in its place only once it was loaded. So a file
that a publisher broke is fetched again until it is whole, and the copy held is always one that could be read.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from tocsin.errors import TocsinError, UsageError
from tocsin.feeds.catalogue import SOURCES
from tocsin.feeds.fetch import Fetched, FetchError, Limits, NotModified, Validators, fetch
from tocsin.feeds.load import keeps_bytes, load
from tocsin.node import Node
from tocsin.node.landing import Landed
from tocsin.node.pulls import Pull
from tocsin.records.data_files import data_rows

NEW, UNCHANGED, FAILED = "new", "unchanged", "failed"
_SLOWEST = 100_000
"""Bytes a second that a large file may take, on average, before it is given up."""
_FIRST_YEAR = 2000
"""A file modified earlier than this was modified on a day its server does not know."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Download:
    """A row of ``data/downloads.csv``: one file of a feed.

    ``url`` is empty where the publisher has no stable address, so that only a mirror can have it. ``named_only``: not
    fetched unless its feed is named. ``checksums``: an index of the publisher that gives the file's SHA-1.
    """

    feed: str
    file: str
    url: str
    named_only: str
    most_mb: str
    checksums: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Pulled:
    """How one feed went: outcome, a line about it, and what landed."""

    feed: str
    outcome: str
    line: str
    landed: Landed | None = None


@cache
def downloads() -> tuple[Download, ...]:
    """The files that can be fetched, in the order of the catalogue."""
    return tuple(Download(**row) for row in data_rows("feeds", "downloads.csv"))


def pullable(names: Sequence[str], base_url: str) -> list[str]:
    """The feeds to fetch: those named, else all with an address of their own; UsageError for one that has none."""
    known = {one.feed for one in downloads() if one.url or base_url}
    for name in names:
        if name not in SOURCES:
            raise UsageError(f"no feed is called {name!r}", mend=f"use one of {', '.join(sorted(known))}")
        if name not in known:
            raise UsageError(
                f"{name} has no stable address to fetch it from",
                mend=f"get the file from {SOURCES[name].page} and run: tocsin feed load {name} FILE",
            )
    usual = (one.feed for one in downloads() if one.url and not one.named_only)
    return list(dict.fromkeys(names or usual))


def pull(node: Node, names: Sequence[str] = (), base_url: str = "", limits: Limits | None = None) -> Iterator[Pulled]:
    """Fetch and load each feed in turn; a feed that fails does not stop the others.

    ``base_url``: a mirror with ``FEED/FILE``, which may be on this machine or a private one, over plain http.
    """
    _checked(base_url)
    with node.pulling():
        for feed in pullable(names, base_url):
            yield _pulled(node, feed, base_url.rstrip("/"), limits)


def _checked(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if base_url and not usable:
        raise UsageError(f"{base_url!r} is no base URL", mend="write it like https://mirror.example/tocsin")


def _pulled(node: Node, feed: str, base_url: str, limits: Limits | None) -> Pulled:
    held = node.pulls.of(feed)
    files = [one for one in downloads() if one.feed == feed]
    with _folder(node, feed) as folder:
        return _pulled_into(node, feed, files, held, folder, base_url, limits)


@contextmanager
def _folder(node: Node, feed: str) -> Iterator[Path]:
    """Where the copies held lie; of a feed of single cases no copy is held, and the folder goes with the pull."""
    if not keeps_bytes(feed):
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
        return
    yield node.settings.node / "pulled" / feed


def _pulled_into(
    node: Node,
    feed: str,
    files: Sequence[Download],
    held: dict[str, Pull],
    folder: Path,
    base_url: str,
    limits: Limits | None,
) -> Pulled:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        answers = {one.file: _fetched(one, folder, held.get(one.file), base_url, limits) for one in files}
        landed, line = _loaded(node, feed, folder, answers)
    except (TocsinError, OSError) as error:
        line = error.line() if isinstance(error, TocsinError) else f"{feed}: cannot be kept: {error.strerror or error}"
        for one in files:
            (folder / f"{one.file}.new").unlink(missing_ok=True)
        node.pulls.write(_noted(one, held.get(one.file), None, FAILED, line) for one in files)
        return Pulled(feed, FAILED, line)
    outcome = NEW if landed is not None and any(landed.added.values()) else UNCHANGED
    node.pulls.write(_noted(one, held.get(one.file), answers[one.file], outcome, line) for one in files)
    return Pulled(feed, outcome, line, landed)


def _fetched(
    one: Download, folder: Path, held: Pull | None, base_url: str, limits: Limits | None
) -> Fetched | NotModified:
    url = f"{base_url}/{one.feed}/{one.file}" if base_url else one.url
    trusted = _trusted(base_url)
    most = int(one.most_mb) * 1_000_000
    within = limits or Limits(most_bytes=most, seconds=max(600.0, most / _SLOWEST))
    usable = held is not None and (not keeps_bytes(one.feed) or _is_whole(folder / one.file, held.sha256))
    known = Validators(held.etag, held.last_modified) if held and held.sha256 and usable else None
    sha1 = _checksum(one, folder) if one.checksums and not base_url else None
    return fetch(url, folder / f"{one.file}.new", held=known, limits=within, trusted_hosts=trusted, sha1=sha1)


def _is_whole(path: Path, sha256: str | None) -> bool:
    """Whether the copy held is there and as it was: else nothing is asked conditionally."""
    if sha256 is None or not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _trusted(base_url: str) -> frozenset[tuple[str, int]]:
    parts = urlsplit(base_url)
    if not base_url or parts.hostname is None:
        return frozenset()
    return frozenset({(parts.hostname, parts.port or _PORTS[parts.scheme])})


def _checksum(one: Download, folder: Path) -> str | None:
    """The SHA-1 the publisher's index gives for the file, ``None`` where it gives none."""
    target = folder / "index.json"
    fetch(one.checksums, target, limits=Limits(most_bytes=16_000_000))
    try:
        resources = json.loads(target.read_bytes())["resources"]
        found = {row["name"]: row.get("checksum") for row in resources}
    except (ValueError, KeyError, TypeError) as error:
        raise FetchError(
            "the publisher's index is not what it was", mend="tell the makers", file=one.checksums
        ) from error
    return found.get(one.file)


def _loaded(
    node: Node, feed: str, folder: Path, answers: dict[str, Fetched | NotModified]
) -> tuple[Landed | None, str]:
    """Load all files of the feed, if any of them is new, and put the new ones in their place."""
    fresh = {file: answer for file, answer in answers.items() if isinstance(answer, Fetched)}
    if not fresh:
        return None, "the publisher still offers the copy held"
    # The copies held are put together with the new ones: several files may be one list.
    paths = []
    for file in answers:
        target = folder / "loading" / file
        target.parent.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)
        os.link(folder / (f"{file}.new" if file in fresh else file), target)
        paths.append(target)
    try:
        landed = load(node, feed, paths, _released(list(answers.values())))
    finally:
        for path in paths:
            path.unlink(missing_ok=True)
    for file in fresh:
        os.replace(folder / f"{file}.new", folder / file)
    return landed, _line(node, landed)


def _released(answers: Sequence[Fetched | NotModified]) -> date | None:
    """The day the newest of the files was last modified, as the server says; ``None`` where it does not say."""
    days = []
    for answer in answers:
        try:
            moment = parsedate_to_datetime(answer.validators.last_modified or "")
        except ValueError:
            continue
        if moment.year >= _FIRST_YEAR:
            days.append(moment.astimezone(UTC).date())
    return min(max(days), datetime.now(UTC).date()) if days else None


def _line(node: Node, landed: Landed) -> str:
    """What is new, in a few words."""
    bad = sum(len(entry.accounting.quarantined) for entry in landed.entries)
    documents = [entry.document for entry in landed.entries]
    with node.view() as view:
        rows = view.rows(
            """SELECT kind, count(*) AS n, sum(TRY_CAST(qualifiers['revised'] AS INT)) AS revised FROM event_stored
               WHERE document IN (SELECT unnest($1)) AND kind IN ('designation', 'delisting', 'revision') GROUP BY 1""",
            [documents],
        )
    found = {row["kind"]: int(row["revised"] if row["kind"] == "revision" else row["n"]) for row in rows}
    told = [_some(sum(landed.added.values()), "record") + " added"]
    told += [
        f"{found[kind]:,} {word}"
        for kind, word in (("designation", "listed"), ("delisting", "delisted"))
        if kind in found
    ]
    told += [_some(found["revision"], "number") + " revised"] if "revision" in found else []
    told += [_some(bad, "row") + " quarantined"] if bad else []
    return "; ".join(told)


def _some(number: int, word: str) -> str:
    return f"{number:,} {word if number == 1 else word + 's'}"


def _noted(one: Download, held: Pull | None, answer: Fetched | NotModified | None, outcome: str, line: str) -> Pull:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    before = held or Pull(one.feed, one.file, None, None, None, now, None, outcome, line)
    noted = replace(before, checked_at=now, outcome=outcome, message=line)
    if answer is None:
        return noted
    noted = replace(noted, etag=answer.validators.etag, last_modified=answer.validators.last_modified)
    return replace(noted, sha256=answer.sha256, fetched_at=now) if isinstance(answer, Fetched) else noted


def period(text: str) -> float:
    """Seconds of ``30m``, ``6h`` or ``1d``; UsageError for anything else, or under a minute."""
    units = {"m": 60, "h": 3600, "d": 86_400}
    number, unit = text[:-1], text[-1:]
    if not (number.isascii() and number.isdigit() and len(number) <= 4 and int(number) > 0 and unit in units):
        raise UsageError(f"{text!r} is no period", mend="write it like 30m, 6h or 1d")
    return float(int(number) * units[unit])
