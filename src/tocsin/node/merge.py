"""A release set against what its source said before: what is new, what is gone, and the seam to later releases.

The order in which releases arrive does not matter: when an older one comes late, the next one held takes back what it
lacks and restates what it has. Observations are kept release by release, for each is a vintage; claims only as changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from tocsin.errors import InputError
from tocsin.node.lake import Lake
from tocsin.node.state import Accounting, LedgerEntry
from tocsin.node.view import View
from tocsin.records import Claim, Document, Event, Record, record_id, record_key
from tocsin.records.kinds import Body
from tocsin.records.schemas import SCHEMAS
from tocsin.records.tables import from_table

_SMALL_LIST = 100
PROGRAMMES = "programmes: "
"""How the scope of a document begins that holds only parties of the programmes then named."""

Slot = tuple[str, Hashable]
"""(facet, as what a statement is compared within it)."""


class Statement(NamedTuple):
    """The little that decides a statement's slot; ``subject``, ``property`` and ``value`` are empty for observations."""

    part: str
    subject: str
    property: str
    value: str
    key: str


def by_part(statement: Statement) -> Slot | None:
    """The usual slot: each part of a source is one facet, and the key says what is compared."""
    return statement.part, statement.key


@dataclass(frozen=True, slots=True)
class Draft:
    """A body read from a release, before the node gives it an envelope.

    ``published_at`` where it differs from the release's. ``settled``: history that stands whatever else is held;
    only then may ``withdrawn`` be set.
    """

    body: Body
    locator: str
    published_at: datetime | None = None
    settled: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """One release of one part of a source, read.

    ``facets``: what it states completely. ``slot_of``: in which facet a statement stands and as what it is compared;
    ``None`` for what no release takes back. ``may_shrink``: the user says that losing a third of a facet is right.
    """

    source: str
    licence: str
    document: Document
    published_at: datetime
    drafts: tuple[Draft, ...]
    accounting: Accounting
    facets: frozenset[str]
    slot_of: Callable[[Statement], Slot | None] = by_part
    may_shrink: bool = False

    @property
    def document_id(self) -> str:
        """The id of the document record, which names this release."""
        return record_id(self.source, "", "", self.document, self.published_at)


class Envelope:
    """Gives drafts of a release their envelope."""

    def __init__(self, release: Release, known_at: datetime) -> None:
        self.release, self.known_at, self.document = release, known_at, release.document_id

    def record(self, draft: Draft, own_id: str | None = None) -> Record:
        """The draft as a record of this release."""
        release, body, document = self.release, draft.body, self.document
        published = draft.published_at or release.published_at
        return Record(
            body=body,
            id=own_id or record_id(release.source, document, draft.locator, body, published, draft.withdrawn),
            key=record_key(body),
            source=release.source,
            document=document,
            locator=draft.locator,
            published_at=published,
            known_at=self.known_at,
            licence=release.licence,
            withdrawn=draft.withdrawn,
        )


class _Held(NamedTuple):
    """A statement this source held at a moment."""

    id: str
    kind: str
    subject: str
    is_membership: bool
    published_at: datetime


def merged(lake: Lake, release: Release, ledger: Iterable[LedgerEntry]) -> list[Record]:
    """The records a release brings, given the ledger of its source: statements, withdrawals, list changes, seams."""
    envelope = Envelope(release, datetime.now(UTC))
    incoming = [envelope.record(draft) for draft in release.drafts]
    others = [entry for entry in ledger if entry.document != release.document_id]
    if not others:
        return incoming
    slots = {slot: r for r in incoming if not r.withdrawn and (slot := _slot(release, r)) is not None}
    before = _holding(lake, release, release.published_at)
    settled = {id(r) for r, d in zip(incoming, release.drafts, strict=True) if d.settled}
    new = [r for r in incoming if id(r) in settled or not _unchanged(release, r, before)]
    gone = {slot: held for slot, held in before.items() if slot[0] in release.facets and slot not in slots}
    _refuse_shrinking(release, before, gone)
    last = _fetch(lake, gone.values())
    withdrawn = [_withdrawal(last[h.id], envelope.document, release.published_at, envelope) for h in gone.values()]
    changes = _list_changes(release, slots, before, gone, others)
    return [
        *new,
        *withdrawn,
        *(envelope.record(draft) for draft in changes),
        *_seams(lake, envelope, slots, {slot: last[h.id] for slot, h in gone.items()}, others),
    ]


def _refuse_shrinking(release: Release, before: Mapping[Slot, _Held], gone: Mapping[Slot, _Held]) -> None:
    """A list does not lose a third of itself overnight: the file is more likely cut off than all those delisted."""
    held = sum(slot[0] in release.facets for slot in before)
    if not release.may_shrink and held > _SMALL_LIST and len(gone) > held / 3:
        raise InputError(
            f"lacks {len(gone):,} of the {held:,} statements held before it",
            file=release.document.file_name or "",
            mend="the file may be cut off: get it again, or load it with --may-shrink",
        )


def _slot(release: Release, record: Record) -> Slot | None:
    body = record.body
    if isinstance(body, Event):
        return None
    part = release.document.part
    if isinstance(body, Claim):
        return release.slot_of(Statement(part, body.subject, body.property, body.value, record.key))
    return release.slot_of(Statement(part, "", "", "", record.key))


def _unchanged(release: Release, record: Record, before: Mapping[Slot, _Held]) -> bool:
    return isinstance(record.body, Claim) and _slot(release, record) in before


def _holding(lake: Lake, release: Release, moment: datetime) -> dict[Slot, _Held]:
    """What the source held at a moment, by slot, leaving this release itself out."""
    held: dict[Slot, _Held] = {}
    with View(lake) as view:
        for kind, fields in (("claim", "subject, property, value"), ("observation", "'' AS a, '' AS b, '' AS c")):
            table = view.table(
                f"""WITH parts AS (SELECT id AS document, part FROM document_stored WHERE source = $1),
                    ranked AS (SELECT *, row_number() OVER (PARTITION BY key
                        ORDER BY published_at DESC, known_at DESC, withdrawn, id) AS rank
                        FROM {kind}_stored WHERE source = $1 AND published_at <= $2 AND document <> $3)
                    SELECT id, key, published_at, part, {fields} FROM ranked JOIN parts USING (document)
                    WHERE rank = 1 AND NOT withdrawn""",
                [release.source, moment, release.document_id],
            )
            for name, key, published, part, subject, prop, value in zip(
                *(column.to_pylist() for column in table.columns), strict=True
            ):
                slot = release.slot_of(Statement(part, subject, prop, value, key))
                if slot is not None:
                    held[slot] = _Held(name, kind, subject, prop == "topics" and value == "sanction", published)
    return held


def _fetch(lake: Lake, held: Iterable[_Held]) -> dict[str, Record]:
    """The whole records of what was held, by id."""
    wanted: dict[str, list[str]] = {}
    for one in held:
        wanted.setdefault(one.kind, []).append(one.id)
    found: dict[str, Record] = {}
    if wanted:
        with View(lake) as view:
            for kind, ids in wanted.items():
                names = ", ".join(f'"{name}"' for name in SCHEMAS[kind].names)
                table = view.table(f"SELECT {names} FROM {kind}_stored WHERE id IN (SELECT unnest($1))", [ids])
                found |= {record.id: record for record in from_table(kind, table)}
    return found


def _withdrawal(record: Record, document: str, published_at: datetime, envelope: Envelope) -> Record:
    """The saying that this is no longer said; a claim also gets the first day on which it no longer held."""
    body = replace(record.body, valid_to=published_at.date()) if isinstance(record.body, Claim) else record.body
    return _again(record, body, f"absent; was {record.locator}", document, published_at, envelope, withdrawn=True)


def _again(
    record: Record,
    body: Body,
    locator: str,
    document: str,
    published_at: datetime,
    envelope: Envelope,
    withdrawn: bool = False,
) -> Record:
    return replace(
        record,
        body=body,
        id=record_id(record.source, document, locator, body, published_at, withdrawn),
        document=document,
        locator=locator,
        published_at=published_at,
        known_at=envelope.known_at,
        withdrawn=withdrawn,
    )


def _seams(
    lake: Lake, envelope: Envelope, slots: Mapping[Slot, Record], gone: Mapping[Slot, Record], others: list[LedgerEntry]
) -> Iterator[Record]:
    """Where the next release of a facet is already held: take back there what it lacks, restate there what it has."""
    release = envelope.release
    for facet in sorted({slot[0] for slot in (*slots, *gone)}):
        later = [e for e in others if facet in e.facets and e.published_at > release.published_at]
        if not later:
            continue
        follower = min(later, key=lambda entry: entry.published_at)
        held = _holding(lake, release, follower.published_at)
        for slot, record in slots.items():
            if slot[0] == facet and slot not in held:
                yield _withdrawal(record, follower.document, follower.published_at, envelope)
        for slot, record in gone.items():
            if slot[0] == facet and slot in held:
                locator = f"still; was {record.locator}"
                yield _again(record, record.body, locator, follower.document, follower.published_at, envelope)


def _list_changes(
    release: Release,
    slots: Mapping[Slot, Record],
    before: Mapping[Slot, _Held],
    gone: Mapping[Slot, _Held],
    others: list[LedgerEntry],
) -> Iterator[Draft]:
    """Designations and delistings between two complete releases of a list, dated by the days that bound them."""
    codes: dict[str, set[str]] = {}
    for record in slots.values():
        if isinstance(record.body, Claim) and record.body.property == "programId":
            codes.setdefault(record.body.subject, set()).add(record.body.value)
    listed = {
        record.body.subject: slot[0]
        for slot, record in slots.items()
        if isinstance(record.body, Claim)
        and (record.body.property, record.body.value) == ("topics", "sanction")
        and slot not in before
        and slot[0] in release.facets
    }
    dropped = {held.subject: slot[0] for slot, held in gone.items() if held.is_membership}
    facets = {*listed.values(), *dropped.values()}
    earlier = [e for e in others if e.published_at <= release.published_at and facets & set(e.facets)]
    previous = max(earlier, key=lambda e: e.published_at, default=None)
    day = release.published_at.date()
    if previous is None or previous.published_at.date() >= day:
        return
    earliest = previous.published_at.date() + timedelta(days=1)
    first = _first_spoken_of(before, previous.published_at)
    for subject in listed:
        if not _in_scope(previous.scope, codes.get(subject, set())):
            continue
        yield _change("designation", subject, earliest, min(day, first.get(subject, day)), release.source)
    for subject in dropped:
        yield _change("delisting", subject, earliest, day, release.source)


def _in_scope(scope: str, codes: set[str]) -> bool:
    """Whether the release before would have held a party of these programmes: all, or those its scope names."""
    return scope == "complete" or bool(codes & set(scope.removeprefix(PROGRAMMES).split()))


def _first_spoken_of(before: Mapping[Slot, _Held], after: datetime) -> dict[str, date]:
    """The day any part of the source first spoke of a subject, after a moment: it was listed by then."""
    days: dict[str, date] = {}
    for held in before.values():
        if held.published_at > after:
            day = held.published_at.date()
            days[held.subject] = min(day, days.get(held.subject, day))
    return days


def _change(kind: str, subject: str, earliest: date, day: date, source: str) -> Draft:
    exact = earliest >= day
    body = Event(
        kind=kind,
        ref=f"{source} {subject} {earliest}/{day}",
        date=day,
        date_precision="day" if exact else "by",
        date_earliest=None if exact else earliest,
        parties=((subject, "listed"),),
        qualifiers=(("list", source),),
    )
    return Draft(body, f"{kind} of {subject}, against the release before")
