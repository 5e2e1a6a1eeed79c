"""Loading files through a feed into a node, with exact accounting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

from tocsin.errors import InputError, UsageError
from tocsin.feeds.catalogue import SOURCES
from tocsin.feeds.files import SourceFile, read_files
from tocsin.feeds.reading import Feed
from tocsin.node import Node, Release
from tocsin.node.landing import Landed
from tocsin.records import Observation

_RUNNING = ("incomplete", "suppressed")


def feed(source: str) -> Feed:
    """The feed of a source; UsageError for an unknown one."""
    if source not in SOURCES:
        raise UsageError(f"no feed is called {source!r}", mend=f"use one of {', '.join(sorted(SOURCES))}")
    module: Feed = import_module(f"tocsin.feeds.{SOURCES[source].module}")
    return module


def read(source: str, paths: Sequence[Path], published: date | None = None) -> tuple[list[Release], dict[str, bytes]]:
    """The releases in these files, and the files' bytes by SHA-256; nothing is written."""
    reader = feed(source)
    files = read_files(paths, published)
    return reader.releases(files), {file.sha256: file.data for file in files}


def load(
    node: Node, source: str, paths: Sequence[Path], published: date | None = None, may_shrink: bool = False
) -> Landed:
    """Read these files and land what is new of them. Nothing is written when one of them cannot be read.

    Bytes that are the newest release already held add nothing, whatever day they are loaded on.
    """
    reader = feed(source)
    if getattr(reader, "bulk", False):
        return _load_bulk(node, paths, published, may_shrink)
    files = [_as_held(node, source, file) for file in read_files(paths, published)]
    releases = [replace(release, may_shrink=may_shrink) for release in reader.releases(files)]
    for release in releases:
        _refuse_before_its_periods(release)
    return node.land(releases, {file.sha256: file.data for file in files if keeps_bytes(source)})


def keeps_bytes(source: str) -> bool:
    """Whether the files of a source are kept: not where they list single cases."""
    return bool(getattr(feed(source), "keeps_bytes", True))


def _refuse_before_its_periods(release: Release) -> None:
    """InputError where a number would be known before its period was over: the release day is wrong.

    A number that is incomplete or withheld may be published while its period runs.
    """
    for draft in release.drafts:
        body = draft.body
        if isinstance(body, Observation):
            day = (draft.published_at or release.published_at).date()
            if (body.period_start if body.status in _RUNNING else body.period_end) > day:
                raise InputError(
                    f"would be released on {day}, before the period {body.period} that it states was over",
                    file=release.document.file_name or "",
                    mend="give the right --published",
                )


def _load_bulk(node: Node, paths: Sequence[Path], published: date | None, may_shrink: bool) -> Landed:
    """One file after the other: each may be larger than memory."""
    from tocsin.feeds.bulk import load_bulk

    landed = [load_bulk(node, path, published, may_shrink) for path in paths]
    kinds = sorted({kind for one in landed for kind in one.added})
    added = {kind: sum(one.added.get(kind, 0) for one in landed) for kind in kinds}
    return Landed(tuple(entry for one in landed for entry in one.entries), added)


def _as_held(node: Node, source: str, file: SourceFile) -> SourceFile:
    """A file without a day of its own that is byte for byte the newest release held keeps that release's day."""
    if file.published_is_known:
        return file
    same = [e for e in node.ledger(source) if e.sha256 == file.sha256]
    if not same:
        return file
    held = max(same, key=lambda entry: entry.published_at)
    newer = [e for e in node.ledger(source) if e.part == held.part and e.published_at > held.published_at]
    return file if newer else replace(file, published=held.published_at.date())
