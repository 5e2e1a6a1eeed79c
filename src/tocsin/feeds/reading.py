"""What every feed shares: counting rows, and making a release of what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from tocsin.errors import InputError
from tocsin.feeds.catalogue import SOURCES
from tocsin.feeds.files import SourceFile
from tocsin.node import Accounting, Draft, Release
from tocsin.node.list_changes import Slot
from tocsin.node.merge import Statement, by_part
from tocsin.node.state import Quarantined
from tocsin.records import Document, Observation, record_key

_MOST_UNREADABLE = 0.5
_TEXT_KEPT = 300


class Feed(Protocol):
    """One publisher: bytes in, releases out. ``source`` is its row in ``data/sources.csv``."""

    source: str

    def releases(self, files: Sequence[SourceFile]) -> list[Release]:
        """The releases in these files; InputError when a file is none of the publisher's layouts."""
        ...


class BadRow(Exception):
    """Why a row cannot be read, and the mend; becomes a line of the quarantine."""


class Skip(Exception):
    """Why a row is understood and yet says nothing to keep; becomes a reason in the accounting."""


@dataclass(slots=True)
class Reading:
    """The rows of one file being read: drafts so far, and where each row went.

    ``summed``: rows are counted together, so that one which makes no record of its own is accepted all the same.
    """

    file: SourceFile
    summed: bool = False
    drafts: list[Draft] = field(default_factory=list)
    accounting: Accounting = field(default_factory=Accounting)
    seen: dict[str, tuple[int, Observation]] = field(default_factory=dict)

    def accept(self, drafts: Iterable[Draft]) -> None:
        """A row that was understood, with all it says."""
        self.accounting.read += 1
        self.accounting.accepted += 1
        self.drafts.extend(drafts)

    def skip(self, reason: str) -> None:
        """A row that says nothing: footer, blank, without content."""
        self.accounting.read += 1
        self.accounting.skipped[reason] += 1

    def once(self, drafts: Iterable[Draft], row: int) -> None:
        """Skip when a row repeats a number of this file; BadRow when it gives another for the same series and period."""
        said = {record_key(draft.body): draft.body for draft in drafts if isinstance(draft.body, Observation)}
        repeated = 0
        for key, body in said.items():
            first, before = self.seen.get(key, (row, body))
            if before != body:
                raise BadRow(f"the same number stands twice, first in row {first}; remove one")
            repeated += key in self.seen
        if said and repeated == len(said):
            raise Skip("repeats an earlier row")
        self.seen.update((key, (row, body)) for key, body in said.items())

    def quarantine(self, row: int, reason: str, fields: Sequence[str]) -> None:
        """A row that cannot be read; its text is kept unless rows are single cases that are only ever counted."""
        self.accounting.read += 1
        text = "(a single case, not kept)" if self.summed else ",".join(fields)[:_TEXT_KEPT]
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


def read_row(reading: Reading, line: int, raw: Sequence[str], read: Callable[[], Iterable[Draft]]) -> None:
    """Read one row and account for it: accepted, skipped for a reason, or quarantined for a reason."""
    try:
        drafts = list(read())
        reading.once(drafts, line)
    except BadRow as error:
        reading.quarantine(line, str(error), raw)
    except Skip as error:
        reading.skip(str(error))
    else:
        if drafts or reading.summed:
            reading.accept(drafts)
        else:
            reading.skip("without content")


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
            read_row(reading, line, raw, partial(read, line, fields))
    reading.check()
    if cut is not None:
        raise InputError("ends in the middle of a row", file=reading.file.name, row=cut, mend="get the file again")
    return reading


def release_of(
    source: str,
    reading: Reading,
    part: str,
    *,
    title: str = "",
    media_type: str = "text/csv",
    published_at: datetime | None = None,
    facets: Iterable[str] = (),
    slot_of: Callable[[Statement], Slot | None] = by_part,
) -> Release:
    """A file's rows as a release of one part of a source.

    ``published_at``: where the data say it, else the file's day. ``facets``: what the file states completely; the part
    itself where none is named.
    """
    about, file = SOURCES[source], reading.file
    document = Document(
        part=part,
        title=title or about.name,
        publisher=about.publisher,
        sha256=file.sha256,
        size=len(file.data),
        url=about.page or None,
        file_name=Path(file.name).name,
        media_type=media_type,
        lang="en",
    )
    return Release(
        source=source,
        licence=about.licence,
        document=document,
        published_at=published_at or file.published_at,
        drafts=tuple(reading.drafts),
        accounting=reading.accounting,
        facets=frozenset(facets) or frozenset({part}),
        slot_of=slot_of,
    )


def newest_of(reading: Reading) -> datetime:
    """The newest day any row of a file was released on."""
    return max(draft.published_at or reading.file.published_at for draft in reading.drafts)
