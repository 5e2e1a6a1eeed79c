"""Opening what a user or a publisher hands over, and refusing what is not what it claims to be.

Plain, gzip and zip files; size limits hold for what comes *out*. Text is strict UTF-8.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path, PurePosixPath
from typing import IO, cast

from tocsin.errors import InputError

MAX_BYTES = 256 * 1024 * 1024
MAX_LINE = 1024 * 1024
_CHUNK = 1024 * 1024
_FIRST_YEAR = 1990
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError, ValueError)
_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A publisher's file as it was published: name, bytes, and the day it was released where that is known.

    ``published``: from the user, else from the file's name, else the day of loading (``published_is_known`` false).
    """

    name: str
    data: bytes
    sha256: str
    published: date
    published_is_known: bool

    @property
    def published_at(self) -> datetime:
        """The release day at midnight UTC."""
        return datetime.combine(self.published, time(), UTC)


def read_files(paths: Sequence[Path], published: date | None = None) -> list[SourceFile]:
    """The files, unpacked: InputError in one line for what cannot be read."""
    files: list[SourceFile] = []
    for path in paths:
        for name, data in _unpack(path):
            _refuse_web_page(name, data)
            day = published or day_of(name) or day_of(path.name)
            digest = hashlib.sha256(data).hexdigest()
            refuse_odd_day(day, name)
            files.append(SourceFile(name, data, digest, day or datetime.now(UTC).date(), day is not None))
    if not files:
        raise InputError("hold no file", file=", ".join(path.name for path in paths), mend="name the publisher's files")
    return files


def csv_rows(file: SourceFile) -> Iterator[tuple[int, list[str]]]:
    """(line number, fields) of each CSV record; InputError at what no CSV reader could go on from."""
    text = _text(file)
    _refuse_endless_line(file, text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    csv.field_size_limit(MAX_LINE)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"not CSV from here on: {error}", file=file.name, row=line, mend="the file may be cut off: get it again"
        ) from error


def _unpack(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        if path.exists() and not path.is_file():
            raise InputError("cannot be read: it is no file", file=str(path), mend="name a file")
        with path.open("rb") as handle:
            head = handle.read(4)
            handle.seek(0)
            if head[:2] == b"\x1f\x8b":
                with gzip.open(handle) as packed:
                    yield path.name.removesuffix(".gz"), _limited(cast("IO[bytes]", packed), path)
            elif head == b"PK\x03\x04":
                yield from _unzip(path)
            else:
                yield path.name, _limited(handle, path)
    except _DAMAGED as error:
        raise InputError(f"the archive is damaged: {error}", file=path.name, mend="get the file again") from error
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", file=str(path), mend="check the name and the rights"
        ) from error


def _unzip(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename.replace("\\", "/"))
            if name.is_absolute() or ".." in name.parts or re.match(r"[A-Za-z]:", member.filename):
                raise InputError(
                    f"the archive holds {member.filename!r}, which points outside it",
                    file=path.name,
                    mend="do not trust it",
                )
            if member.flag_bits & 1:
                raise InputError("the archive is encrypted", file=path.name, mend="unpack it first")
            if not member.is_dir():
                with archive.open(member) as packed:
                    yield name.name, _limited(packed, path)


def _limited(handle: IO[bytes], path: Path) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := handle.read(_CHUNK):
        size += len(piece)
        if size > MAX_BYTES:
            raise InputError(
                f"holds more than {MAX_BYTES // 1024 // 1024} MB",
                file=path.name,
                mend="no file of this feed is so large",
            )
        pieces.append(piece)
    if not size:
        raise InputError("is empty", file=path.name, mend="get the file again")
    return b"".join(pieces)


def _refuse_web_page(name: str, data: bytes) -> None:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head")):
        raise InputError(
            "is a web page, not data",
            file=name,
            mend="the publisher's site may have answered with an error: get it again",
        )


def _text(file: SourceFile) -> str:
    if file.data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("is UTF-16, not UTF-8", file=file.name, mend="save it as UTF-8")
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = file.data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"byte {error.start} is not UTF-8",
            file=file.name,
            row=row,
            mend="save it as UTF-8 (it may be Windows-1252)",
        ) from error


def _refuse_endless_line(file: SourceFile, text: str) -> None:
    start, row = 0, 1
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > MAX_LINE:
            raise InputError(
                f"a line of {end - start:,} signs", file=file.name, row=row, mend="this is no CSV: get it again"
            )
        start, row = end + 1, row + 1


def refuse_odd_day(day: date | None, name: str) -> None:
    """InputError for a release day that is still to come, or older than any publisher's file."""
    if day and day > datetime.now(UTC).date() + timedelta(days=1):
        raise InputError(f"its release day {day} lies in the future", file=name, mend="give the right --published")
    if day and day.year < _FIRST_YEAR:
        raise InputError(f"its release day {day} is before any such file", file=name, mend="give the right --published")


def day_of(name: str) -> date | None:
    """The day in a file's name, ``None`` where there is none; InputError for one that is no day, such as 2024-02-30."""
    named = _DAY_IN_NAME.search(name)
    if named is None:
        return None
    try:
        return date.fromisoformat(named[1])
    except ValueError as error:
        raise InputError(f"{named[1]} is no day", file=name, mend="give the release day with --published") from error
