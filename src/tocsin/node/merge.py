"""A release set against what its source said before: what is new, what is gone, and the seam to later releases.

The order in which releases of a part arrive does not change what holds on any day: when an older one comes late, the
next one held takes back what it lacks and restates what it has. Designations and delistings get narrower bounds; wider
ones told before stay, and whoever reads them takes the overlap. Observations are kept release by release, for each is a
vintage; claims only as changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from tocsin.errors import InputError
from tocsin.node.lake import Lake
from tocsin.node.list_changes import Bounds, Held, Holding, Slot, first_spoken_of, list_changes
from tocsin.node.revisions import revisions
from tocsin.node.state import Accounting, LedgerEntry
from tocsin.node.view import View, newest
from tocsin.records import Claim, Document, Event, Observation, Record, record_id, record_key
from tocsin.records.kinds import Body
from tocsin.records.schemas import SCHEMAS
from tocsin.records.tables import from_table

_SMALL_LIST = 100


class Statement(NamedTuple):
    """The little that decides a statement's slot.

    Of an observation, ``subject`` is the place, ``property`` the definition and ``value`` the first day of the period.
    """

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


def merged(lake: Lake, release: Release, ledger: Sequence[LedgerEntry]) -> list[Record]:
    """The records a release brings, given the landed releases of its source: statements, withdrawals, changes, seams."""
    envelope = Envelope(release, datetime.now(UTC))
    incoming = [envelope.record(draft) for draft in release.drafts]
    if not ledger:
        return incoming
    slots = _stated(release, incoming)
    before = _holding(lake, release, release.published_at)
    settled = {id(r) for r, d in zip(incoming, release.drafts, strict=True) if d.settled}
    told = _told(lake, release, incoming)
    new = [r for r in incoming if id(r) in settled or not _unchanged(release, r, before, told)]
    gone = {slot: held for slot, held in before.items() if slot[0] in release.facets and slot not in slots}
    _refuse_shrinking(release, before, gone)
    last = _fetch(lake, [one for held in gone.values() for one in held])
    taken_back = [
        withdrawal(last[one.id], envelope.document, release.published_at, envelope)
        for held in gone.values()
        for one in held
    ]
    stated = _as_held(slots)
    changes = _changes_since(release, before, stated, ledger, envelope)
    again = {slot: [last[one.id] for one in held] for slot, held in gone.items()}
    revised = [
        envelope.record(Draft(event, "numbers set against those before"))
        for event in revisions(lake, envelope.document, release.published_at, incoming)
    ]
    return [*new, *taken_back, *changes, *revised, *_seams(lake, envelope, slots, again, stated, ledger)]


def _stated(release: Release, incoming: Sequence[Record]) -> dict[Slot, list[Record]]:
    """What holds by this release, by slot; not what its own history takes back."""
    slots: dict[Slot, list[Record]] = {}
    for record in incoming:
        if not record.withdrawn and (slot := _slot(release, record)) is not None:
            slots.setdefault(slot, []).append(record)
    for record in incoming:
        if record.withdrawn and (slot := _slot(release, record)) is not None:
            slots.pop(slot, None)
    return slots


def _slot(release: Release, record: Record) -> Slot | None:
    body = record.body
    if isinstance(body, Event):
        return None
    part = release.document.part
    if isinstance(body, Claim):
        return release.slot_of(Statement(part, body.subject, body.property, body.value, record.key))
    if isinstance(body, Observation):
        day = body.period_start.isoformat()
        return release.slot_of(Statement(part, body.place, body.definition, day, record.key))
    return None


def _unchanged(release: Release, record: Record, before: Holding, told: Mapping[str, Body]) -> bool:
    if isinstance(record.body, Event):
        return told.get(record.key) == record.body
    return isinstance(record.body, Claim) and _slot(release, record) in before


def _told(lake: Lake, release: Release, incoming: Sequence[Record]) -> dict[str, Body]:
    """The events of this release's keys as the source told them last."""
    keys = [record.key for record in incoming if isinstance(record.body, Event)]
    if not keys:
        return {}
    names = ", ".join(f'"{name}"' for name in SCHEMAS["event"].names)
    said = "(SELECT * FROM event_stored WHERE source = $1 AND published_at <= $2 AND key IN (SELECT unnest($3)))"
    with View(lake) as view:
        table = view.table(
            f"SELECT {names} FROM ({newest(said)}) WHERE rank = 1 AND NOT withdrawn",
            [release.source, release.published_at, keys],
        )
    return {record.key: record.body for record in from_table("event", table)}


def _as_held(slots: Mapping[Slot, list[Record]]) -> Holding:
    """What a release states, in the form of what was held."""
    return {slot: [_held_of(record) for record in some] for slot, some in slots.items()}


def _held_of(record: Record) -> Held:
    body = record.body
    if not isinstance(body, Claim):
        return Held(record.id, record.key, body.record, "", "", False, record.published_at)
    return _held(record.id, record.key, "claim", body.subject, body.property, body.value, record.published_at)


def _held(name: str, key: str, kind: str, subject: str, prop: str, value: str, published_at: datetime) -> Held:
    code = value if prop == "programId" else ""
    return Held(name, key, kind, subject, code, prop == "topics" and value == "sanction", published_at)


def _holding(lake: Lake, release: Release, moment: datetime) -> dict[Slot, list[Held]]:
    """What the source held at a moment, by slot, leaving this release itself out."""
    state: dict[Slot, list[Held]] = {}
    with View(lake) as view:
        for kind, fields in (
            ("claim", "subject, property, value"),
            ("observation", "place, definition, period_start::VARCHAR"),
        ):
            said = f"(SELECT * FROM {kind}_stored WHERE source = $1 AND published_at <= $2 AND document <> $3)"
            table = view.table(
                f"""WITH parts AS (SELECT id AS document, part FROM document_stored WHERE source = $1)
                    SELECT id, key, published_at, part, {fields} FROM ({newest(said)}) JOIN parts USING (document)
                    WHERE rank = 1 AND NOT withdrawn""",
                [release.source, moment, release.document_id],
            )
            for name, key, published, part, subject, prop, value in zip(
                *(column.to_pylist() for column in table.columns), strict=True
            ):
                slot = release.slot_of(Statement(part, subject, prop, value, key))
                if slot is not None:
                    state.setdefault(slot, []).append(_held(name, key, kind, subject, prop, value, published))
    return state


def _refuse_shrinking(release: Release, before: Holding, gone: Holding) -> None:
    """A list does not lose a third of itself overnight: the file is more likely cut off than all those delisted."""
    held = sum(slot[0] in release.facets for slot in before)
    if not release.may_shrink and held > _SMALL_LIST and len(gone) > held / 3:
        raise InputError(
            f"lacks {len(gone):,} of the {held:,} statements held before it",
            file=release.document.file_name or "",
            mend="the file may be cut off: get it again, or load it with --may-shrink",
        )


def _fetch(lake: Lake, held: Iterable[Held]) -> dict[str, Record]:
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


def withdrawal(record: Record, document: str, published_at: datetime, envelope: Envelope) -> Record:
    """The saying that this is no longer said; a claim also gets the first day on which it no longer held."""
    body = replace(record.body, valid_to=published_at.date()) if isinstance(record.body, Claim) else record.body
    locator = f"absent; was {record.locator}"
    return _again(replace(record, body=body, withdrawn=True), locator, document, published_at, envelope)


def _again(record: Record, locator: str, document: str, published_at: datetime, envelope: Envelope) -> Record:
    """The record as another release says it."""
    return replace(
        record,
        id=record_id(record.source, document, locator, record.body, published_at, record.withdrawn),
        document=document,
        locator=locator,
        published_at=published_at,
        known_at=envelope.known_at,
    )


def _seams(
    lake: Lake,
    envelope: Envelope,
    slots: Mapping[Slot, list[Record]],
    gone: Mapping[Slot, list[Record]],
    stated: Holding,
    ledger: Sequence[LedgerEntry],
) -> Iterator[Record]:
    """Where the next release of a facet is already held: take back there what it lacks, restate there what it has.

    Observations are not restated: every release holds its own.
    """
    release = envelope.release
    for facet in sorted({slot[0] for slot in (*slots, *gone)} | release.facets):
        later = [e for e in ledger if facet in e.facets and e.published_at > release.published_at]
        if not later:
            continue
        follower = min(later, key=lambda entry: entry.published_at)
        held = _holding(lake, release, follower.published_at)
        still = {one.key for some in held.values() for one in some}
        for slot, some in slots.items():
            if slot[0] == facet and slot not in held:
                for record in (record for record in some if record.key not in still):
                    yield withdrawal(record, follower.document, follower.published_at, envelope)
        for slot, some in gone.items():
            if slot[0] == facet and slot in held:
                for record in some:
                    if isinstance(record.body, Claim):
                        locator = f"still; was {record.locator}"
                        yield _again(record, locator, follower.document, follower.published_at, envelope)
        if facet in release.facets:
            in_facet = {slot: some for slot, some in stated.items() if slot[0] == facet}
            then = {slot: some for slot, some in held.items() if slot[0] == facet}
            bounds = Bounds(release.published_at.date(), follower.published_at.date(), release.document.scope)
            for event in list_changes(in_facet, then, bounds, release.source):
                yield _event(envelope, event, follower.document, follower.published_at)


def _changes_since(
    release: Release, before: Holding, stated: Holding, ledger: Sequence[LedgerEntry], envelope: Envelope
) -> Iterator[Record]:
    """The changes of a list since its newest release of an earlier day."""
    for facet in sorted(release.facets):
        day = release.published_at.date()
        earlier = [e for e in ledger if facet in e.facets and e.published_at.date() < day]
        if not earlier:
            continue
        previous = max(earlier, key=lambda e: e.published_at)
        bounds = Bounds(previous.published_at.date(), day, previous.scope)
        held = {slot: some for slot, some in before.items() if slot[0] == facet}
        now = {slot: some for slot, some in stated.items() if slot[0] == facet}
        first = first_spoken_of(before, previous.published_at)
        for event in list_changes(held, now, bounds, release.source, first):
            yield _event(envelope, event, envelope.document, release.published_at)


def _event(envelope: Envelope, event: Event, document: str, published_at: datetime) -> Record:
    subject = event.parties[0][0]
    record = envelope.record(Draft(event, f"{event.kind} of {subject}, against the release before"))
    return _again(record, record.locator, document, published_at, envelope)
