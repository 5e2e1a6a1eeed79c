"""Reading a file that is larger than memory: stretches of whole rows, read in worker processes, landed in pieces."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import IO, cast

import pyarrow as pa

from tocsin.engine import map_stream
from tocsin.errors import InputError
from tocsin.feeds import opensanctions
from tocsin.feeds.catalogue import SOURCES
from tocsin.feeds.files import SourceFile, day_of, refuse_odd_day
from tocsin.feeds.reading import BadRow, Reading
from tocsin.node import Accounting, Draft, Node, Release
from tocsin.node.bulk_progress import Piece, Stretch
from tocsin.node.landing import Landed
from tocsin.node.merge import Envelope
from tocsin.node.state import Quarantined
from tocsin.records import Document
from tocsin.records.schemas import SCHEMAS
from tocsin.records.tables import to_table

_STRETCH = 4 * 1024 * 1024
_STRETCHES_A_PIECE = 8
_LONGEST_ROW = 64 * 1024 * 1024
_MOST_BAD = 100_000
_HEAD = 64 * 1024
_ACCOUNTING = b"accounting"
_BATCH = pa.schema([("data", pa.large_binary()), ("row", pa.int64())])


def load_bulk(node: Node, path: Path, published: date | None, may_shrink: bool) -> Landed:
    """Load one file; interrupted at any point, a second call goes on after what was committed.

    The bytes are not kept: they are the user's, and too many. InputError in one line for what cannot be read.
    """
    with _opened(path) as file:
        head = file.read(_HEAD)
    if not head:
        raise InputError("is empty", file=path.name, mend="get the file again")
    try:
        part = opensanctions.layout(head)
    except BadRow as error:
        raise InputError(str(error), file=path.name, row=1, mend="the last good state is kept") from None
    header = [] if part == opensanctions.ENTITIES else next(csv.reader([head.split(b"\n", 1)[0].decode("utf-8-sig")]))
    release = _release(path, part, published, may_shrink)
    held = [e for e in node.ledger(release.source) if e.sha256 == release.document.sha256]
    if held and published is None:
        release = replace(release, published_at=max(entry.published_at for entry in held))
    return node.land_bulk(release, partial(_pieces, path, release, header, node.settings.workers))


def _release(path: Path, part: str, published: date | None, may_shrink: bool) -> Release:
    about = SOURCES[opensanctions.source]
    sha256, size = _digest(path)
    document = Document(
        part=part,
        title=f"{about.name}: {part}",
        publisher=about.publisher,
        sha256=sha256,
        size=size,
        url=about.page,
        file_name=path.name,
        media_type="application/json" if part == opensanctions.ENTITIES else "text/csv",
    )
    day = published or day_of(path.name) or datetime.now(UTC).date()
    refuse_odd_day(day, path.name)
    moment = datetime.combine(day, time(), UTC)
    return Release(
        opensanctions.source,
        about.licence,
        document,
        moment,
        (),
        Accounting(),
        frozenset({part}),
        may_shrink=may_shrink,
    )


def _digest(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with _opened(path) as file:
        while block := file.read(_STRETCH):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a plain or gzip file."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"the archive is damaged: {error}", file=path.name, mend="get the file again") from error
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", file=str(path), mend="check the name and the rights"
        ) from error


def _pieces(path: Path, release: Release, header: list[str], workers: int, start: Stretch) -> Iterator[Piece]:
    """The claims of the file from a stretch on, some stretches a piece."""
    part = release.document.part
    read = partial(claims_of, release=release, header=header)
    starts: list[Stretch] = []
    answers = map_stream(read, _batches(path, part, start, starts), workers=workers)
    tables: list[pa.Table] = []
    counts = Accounting()
    bad = 0
    for number, answer in enumerate(answers, start=1):
        tables.append(pa.Table.from_batches([answer]).replace_schema_metadata(SCHEMAS["claim"].metadata))
        _add(counts, json.loads((answer.schema.metadata or {})[_ACCOUNTING]))
        bad = _refuse_most(release, bad, counts)
        if number % _STRETCHES_A_PIECE == 0:
            yield Piece(pa.concat_tables(tables), counts, starts[number])
            tables, counts, bad = [], Accounting(), bad + len(counts.quarantined)
    if tables:
        yield Piece(pa.concat_tables(tables), counts, starts[-1])


def _refuse_most(release: Release, before: int, counts: Accounting) -> int:
    if before + len(counts.quarantined) > _MOST_BAD:
        bad = counts.quarantined[0]
        raise InputError(
            f"more than {_MOST_BAD:,} rows cannot be read; one of them: {bad.reason}",
            file=release.document.file_name or "",
            row=bad.row,
            mend="get the file again",
        )
    return before


def _batches(path: Path, part: str, start: Stretch, starts: list[Stretch]) -> Iterator[pa.RecordBatch]:
    """Stretches of whole rows; ``starts`` learns where each begins, and at last where the file ends."""
    starts.append(start)
    with _opened(path) as file:
        file.seek(start.offset)
        rest = b""
        at = start
        if part == opensanctions.STATEMENTS and not start.offset:
            at = Stretch(len(file.readline()), 2)
        elif not start.offset:
            mark = file.read(len(codecs.BOM_UTF8))
            at, rest = (Stretch(len(mark), 1), b"") if mark == codecs.BOM_UTF8 else (start, mark)
        while block := file.read(_STRETCH):
            rest += block
            cut = _end_of_rows(rest, part)
            if cut:
                batch = _batch(rest[: cut - 1], at.row)
                at = Stretch(at.offset + cut, at.row + rest.count(b"\n", 0, cut))
                starts.append(at)
                rest = rest[cut:]
                yield batch
            elif len(rest) > _LONGEST_ROW:
                reason = f"a row of more than {_LONGEST_ROW // 1024 // 1024} MB"
                raise InputError(reason, file=path.name, row=at.row, mend="this is no FollowTheMoney data")
        if rest.strip():
            starts.append(Stretch(at.offset + len(rest), at.row + 1))
            yield _batch(rest, at.row)


def _batch(data: bytes, row: int) -> pa.RecordBatch:
    return pa.record_batch([pa.array([data], pa.large_binary()), pa.array([row])], _BATCH)


def _end_of_rows(data: bytes, part: str) -> int:
    """Just past the last line end that is no part of a quoted field; 0 where there is none."""
    cut = data.rfind(b"\n") + 1
    if part == opensanctions.STATEMENTS:
        quotes = data.count(b'"', 0, cut)
        while cut and quotes % 2:
            before = data.rfind(b"\n", 0, cut - 1) + 1
            quotes -= data.count(b'"', before, cut)
            cut = before
    return cut


def claims_of(batch: pa.RecordBatch, *, release: Release, header: list[str]) -> pa.RecordBatch:
    """The claims of one stretch as records, with its accounting in the schema's metadata. Pure: runs in any process."""
    data, row = batch["data"][0].as_py(), batch["row"][0].as_py()
    file = SourceFile(release.document.file_name or "", b"", "", release.published_at.date(), True)
    reading = Reading(file, summed=False)
    envelope = Envelope(release, datetime.now(UTC))
    try:
        records = [
            envelope.record(Draft(claim, f"row {number}"))
            for number, claim in opensanctions.read_stretch(release.document.part, data, header, reading, row)
        ]
    except UnicodeDecodeError as error:
        bad = row + data.count(b"\n", 0, error.start)
        raise InputError("is not UTF-8", file=file.name, row=bad, mend="get the file again") from None
    except csv.Error as error:
        raise InputError(f"not CSV from here on: {error}", file=file.name, row=row, mend="get the file again") from None
    table = to_table("claim", records).combine_chunks()
    counts = json.dumps(asdict(reading.accounting) | {"skipped": dict(reading.accounting.skipped)})
    table = table.replace_schema_metadata({_ACCOUNTING: counts})
    batches = table.to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)


def _add(counts: Accounting, more: dict[str, object]) -> None:
    said = Accounting(**more)  # type: ignore[arg-type]
    counts.read += said.read
    counts.accepted += said.accepted
    counts.skipped.update(said.skipped)
    counts.quarantined += [Quarantined(**bad) for bad in said.quarantined]  # type: ignore[arg-type]
    counts.not_understood += said.not_understood
