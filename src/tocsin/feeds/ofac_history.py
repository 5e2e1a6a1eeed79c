"""The days on which each party was first and last seen in 308 daily versions of OFAC's list.

The first version watched is of 2021-08-18: who was in it had been designated before, on a day this file does not know.
For everybody else the first day seen is an upper bound of the designation, and the version before it a lower one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

from tocsin.feeds.catalogue import SOURCES
from tocsin.feeds.files import SourceFile, csv_rows
from tocsin.feeds.ofac_parties import SCHEMATA, party_id, programmes, statements
from tocsin.feeds.reading import BadRow, newest_of, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.node.list_changes import Slot
from tocsin.node.merge import Statement
from tocsin.records import Claim, Event
from tocsin.records.kinds import pairs

_SOURCE = "us-ofac-sdn"
_LAYOUTS = (
    Layout("history", ("ent_num", "name", "type", "programs", "first_seen", "last_seen", "in_baseline", "in_final")),
)


def release(file: SourceFile, slot_of: Callable[[Statement], Slot | None]) -> Release:
    """The history as one release, dated by the last version watched."""
    lines = list(csv_rows(file))
    names = [name.strip() for name in lines[0][1]]
    days = sorted({day for _, fields in lines[1:] for day in _days(dict(zip(names, fields, strict=False)))})
    _, reading = read_table(file, _LAYOUTS, lambda row: _drafts(row, days), iter(lines))
    title = f"{SOURCES[_SOURCE].name}: first and last day seen in its daily versions"
    return release_of(
        _SOURCE,
        reading,
        "history",
        title=title,
        published_at=newest_of(reading),
        facets={"history", "list"},
        slot_of=slot_of,
    )


def _days(cells: Mapping[str, str]) -> list[date]:
    try:
        return [_moment(cells[name]).date() for name in ("first_seen", "last_seen")]
    except (BadRow, KeyError):
        return []


def _drafts(cell: Row, days: Sequence[date]) -> list[Draft]:
    if cell["type"] not in SCHEMATA:
        raise BadRow(f"{cell['type']!r} is no type of party; columns may be swapped")
    subject, schema = party_id(cell["ent_num"]), SCHEMATA[cell["type"]]
    first, last = _moment(cell["first_seen"]), _moment(cell["last_seen"])
    claims = list(statements(subject, schema, cell["name"], programmes(cell["programs"])))
    # The programmes are those of the last version seen; earlier ones are not in the file.
    drafts = [
        Draft(claim, f"row {cell.line}", last if claim.property == "programId" else first, settled=True)
        for claim in claims
    ]
    drafts.append(
        Draft(_designation(subject, first.date(), cell["in_baseline"] == "1", days), f"row {cell.line}", first, True)
    )
    if cell["in_final"] == "0":
        drafts += _gone(cell.line, subject, claims, last.date(), days)
    return drafts


def _designation(subject: str, first: date, in_baseline: bool, days: Sequence[date]) -> Event:
    about = pairs(list=_SOURCE, **({"not_after": str(first)} if in_baseline else {}))
    ref = f"{_SOURCE} {subject} first seen"
    listed = ((subject, "listed"),)
    if in_baseline:
        return Event("designation", ref, date_precision="unknown", parties=listed, qualifiers=about)
    before = days[bisect_left(days, first) - 1]
    # The version before was read in the evening: the designation may have come later that same day.
    return Event(
        kind="designation",
        ref=ref,
        date=first,
        date_precision="by",
        date_earliest=before,
        parties=listed,
        qualifiers=about,
    )


def _gone(line: int, subject: str, claims: Sequence[Claim], last: date, days: Sequence[date]) -> list[Draft]:
    """The party is missing from the version after the last one that held it."""
    day = days[min(bisect_right(days, last), len(days) - 1)]
    moment = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    event = Event(
        kind="delisting",
        ref=f"{_SOURCE} {subject} last seen",
        date=day,
        date_precision="by",
        date_earliest=last,
        parties=((subject, "listed"),),
        qualifiers=pairs(list=_SOURCE),
    )
    return [
        Draft(event, f"row {line}", moment, settled=True),
        *(Draft(claim, f"row {line}, last seen", moment, settled=True, withdrawn=True) for claim in claims),
    ]


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except ValueError:
        raise BadRow(f"{text!r} is not a moment in time; columns may be swapped") from None
