"""What every feed shares: counting rows, finding columns by their names, reading numbers as publishers write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from tocsin.errors import InputError
from tocsin.feeds.files import SourceFile
from tocsin.node import Accounting, Draft, Release
from tocsin.node.state import Quarantined
from tocsin.records import Document

_MOST_UNREADABLE = 0.5
_TEXT_KEPT = 300
_SUPPRESSED = re.compile(r"^(§|<\s*\d+|suppressed|data suppressed.*)$", re.IGNORECASE)


class Feed(Protocol):
    """One publisher: bytes in, releases out. ``source`` is its row in ``data/sources.csv``."""

    source: str

    def releases(self, files: Sequence[SourceFile]) -> list[Release]:
        """The releases in these files; InputError when a file is none of the publisher's layouts."""
        ...


class BadRow(Exception):
    """Why a row cannot be read, and the mend; becomes a line of the quarantine."""


@dataclass(slots=True)
class Reading:
    """The rows of one file being read: drafts so far, and where each row went."""

    file: SourceFile
    drafts: list[Draft] = field(default_factory=list)
    accounting: Accounting = field(default_factory=Accounting)

    def accept(self, drafts: Iterable[Draft]) -> None:
        """A row that was understood, with all it says."""
        self.accounting.read += 1
        self.accounting.accepted += 1
        self.drafts.extend(drafts)

    def skip(self, reason: str) -> None:
        """A row that says nothing: footer, blank, without content."""
        self.accounting.read += 1
        self.accounting.skipped[reason] += 1

    def quarantine(self, row: int, reason: str, fields: Sequence[str]) -> None:
        """A row that cannot be read."""
        self.accounting.read += 1
        text = ",".join(fields)[:_TEXT_KEPT]
        self.accounting.quarantined.append(Quarantined(self.file.name, row, reason, text))

    def check(self) -> None:
        """InputError when most rows cannot be read: then it is the layout that is wrong, and nothing is kept."""
        bad = self.accounting.quarantined
        if not self.accounting.read:
            raise InputError("holds no rows", file=self.file.name, mend="get the file again")
        if len(bad) > _MOST_UNREADABLE * self.accounting.read:
            raise InputError(
                f"{len(bad)} of {self.accounting.read} rows cannot be read; the first: {bad[0].reason}",
                file=self.file.name,
                row=bad[0].row,
                mend="the columns are not the publisher's: get the file again",
            )


def read_rows(
    reading: Reading,
    rows: Iterable[tuple[int, list[str]]],
    width: int,
    read: Callable[[int, list[str]], Iterable[Draft]],
) -> Reading:
    """Read every row of ``width`` columns; count footers, blank rows, rows without content, and the unreadable.

    InputError when the file ends in the middle of a row: what should follow would pass for withdrawn.
    """
    cut: int | None = None
    for line, raw in rows:
        cut = None
        fields = [field.strip(" ") for field in raw]
        if fields == ["\x1a"]:
            reading.skip("footer")
        elif not any(fields):
            reading.skip("blank")
        elif len(fields) != width:
            cut = line if len(fields) < width else None
            reading.quarantine(line, f"{len(fields)} columns, not {width}; get the file again", raw)
        else:
            try:
                drafts = list(read(line, fields))
            except BadRow as error:
                reading.quarantine(line, str(error), raw)
                continue
            if drafts:
                reading.accept(drafts)
            else:
                reading.skip("without content")
    reading.check()
    if cut is not None:
        raise InputError("ends in the middle of a row", file=reading.file.name, row=cut, mend="get the file again")
    return reading


def document(part: str, title: str, publisher: str, page: str, file: SourceFile) -> Document:
    """The document record of a file."""
    return Document(
        part=part,
        title=title,
        publisher=publisher,
        sha256=file.sha256,
        size=len(file.data),
        url=page or None,
        file_name=Path(file.name).name,
        media_type="text/csv",
        lang="en",
    )


def columns(file: SourceFile, header: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    """Where each wanted column stands, by name; InputError with the difference when the publisher changed them."""
    names = [name.strip() for name in header]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"column {name!r} stands twice", file=file.name, row=1, mend="get the file again")
    missing, extra = sorted(set(wanted) - set(names)), sorted(set(names) - set(wanted))
    if missing:
        raise InputError(
            f"columns changed: missing {', '.join(missing)}; new {', '.join(extra) or 'none'}",
            file=file.name,
            row=1,
            mend="the last good state is kept; the feed must learn the new layout",
        )
    return {name: names.index(name) for name in wanted}


def count(text: str) -> int | None:
    """A whole number of cases, or ``None`` when the publisher suppressed it; BadRow for anything else."""
    value = text.strip()
    if _SUPPRESSED.match(value):
        return None
    if re.fullmatch(r"\d{1,3}(,\d{3})+", value):
        raise BadRow(f"{value!r} holds a thousands separator; write {value.replace(',', '')}")
    if value in ("", "-0-"):
        raise BadRow(f"a number is expected, not {value!r}; get the file again")
    if not re.fullmatch(r"\d{1,12}", value):
        raise BadRow(f"{value!r} is not a whole number; columns may be swapped")
    return int(value)


def year(text: str) -> int:
    """A calendar year that has begun; BadRow otherwise."""
    value = text.strip()
    if not re.fullmatch(r"(19|20)\d\d", value):
        raise BadRow(f"{value!r} is not a year; columns may be swapped")
    if int(value) > datetime.now(UTC).year:
        raise BadRow(f"{value} lies in the future; check the row")
    return int(value)
