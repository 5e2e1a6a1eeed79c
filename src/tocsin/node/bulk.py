"""Landing a release too large for memory: in pieces, each one commit that says which piece it was.

A first release is appended piece by piece. A later one is staged, then set against what its source held: unchanged
claims add nothing, vanished ones get a withdrawal, designations and delistings become events. Killed at any point, a
second call goes on after the last commit. As with every landing, the document comes last and makes all the rest count.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from tocsin.errors import InputError
from tocsin.node.bulk_changes import Changes, changes, events, withdrawals
from tocsin.node.bulk_progress import Piece, Progress, Stretch
from tocsin.node.lake import Lake, Step
from tocsin.node.landing import Landed
from tocsin.node.merge import Draft, Envelope, Release
from tocsin.node.state import Accounting, LedgerEntry, State
from tocsin.node.view import View
from tocsin.records.tables import to_table

Pieces = Callable[[Stretch], Iterator[Piece]]
Locked = Callable[[], AbstractContextManager[None]]
_SMALL_LIST = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where a release lands. ``folder`` holds what is staged; ``locked`` takes the node's writing lock for a commit."""

    lake: Lake
    state: State
    folder: Path
    locked: Locked


def land_bulk(place: Place, head: Release, pieces: Pieces) -> Landed:
    """Land a release whose claims come in pieces; ``head`` holds no drafts.

    ``pieces`` gives those that begin at a stretch. InputError when the release is older than one held, or lost more
    than a third of it and may not.
    """
    held = _held(place, head)
    if head.document_id in {entry.document for entry in held}:
        shutil.rmtree(place.folder / head.document_id, ignore_errors=True)
        entry = next(entry for entry in held if entry.document == head.document_id)
        return Landed((replace(entry, records_added=0),), {"claim": 0, "event": 0})
    earlier = [e for e in held if e.part == head.document.part]
    newest = max((e.published_at for e in earlier), default=None)
    if newest is not None and newest > head.published_at:
        raise InputError(
            f"is older than the release of {newest.date()} that is held",
            file=head.document.file_name or "",
            mend="load files of this feed in the order of their days",
        )
    progress = Progress(place.folder / head.document_id)
    if newest is None:
        _append_all(place, head, progress, pieces)
    else:
        _append_changes(place, head, progress, pieces, max(earlier, key=lambda e: e.published_at))
    return _finish(place, head, progress.accounting())


def _held(place: Place, head: Release) -> list[LedgerEntry]:
    with View(place.lake) as view:
        landed = set(view.table("SELECT id FROM document_stored")["id"].to_pylist())
    return [entry for entry in place.state.ledger(head.source) if entry.document in landed]


def _append_all(place: Place, head: Release, progress: Progress, pieces: Pieces) -> None:
    done, _ = place.lake.steps("claim", head.document_id)
    progress.keep(done)
    for piece in pieces(progress.reached()):
        progress.add(piece)
        done += 1
        with place.locked():
            place.lake.append("claim", piece.table, Step(head.document_id, done))
    _refuse_unreadable(head, progress.accounting())


def _append_changes(place: Place, head: Release, progress: Progress, pieces: Pieces, last: LedgerEntry) -> None:
    for piece in pieces(progress.reached()):
        progress.stage(piece)
    _refuse_unreadable(head, progress.accounting())
    found = changes(place.lake, head, progress.folder)
    _refuse_shrinking(head, found)
    done, _ = place.lake.steps("claim", head.document_id)
    step = 0
    for path in progress.staged():
        step += 1
        if step > done:
            _commit(place, "claim", found.new_of(path), Step(head.document_id, step))
    for gone in found.gone():
        step += 1
        if step > done:
            _commit(place, "claim", withdrawals(head, gone), Step(head.document_id, step))
    if not place.lake.steps("event", head.document_id)[0]:
        _commit(place, "event", events(head, last, found), Step(head.document_id, 1))


def _commit(place: Place, kind: str, table: pa.Table, step: Step) -> None:
    if table.num_rows:
        with place.locked():
            place.lake.append(kind, table, step)


def _refuse_unreadable(head: Release, counts: Accounting) -> None:
    bad = counts.quarantined
    if not counts.read:
        raise InputError("holds no rows", file=head.document.file_name or "", mend="get the file again")
    if len(bad) > counts.read / 2:
        raise InputError(
            f"{len(bad)} of {counts.read} rows cannot be read; the first: {bad[0].reason}",
            file=head.document.file_name or "",
            row=bad[0].row,
            mend="this is no FollowTheMoney data: get the file again",
        )


def _refuse_shrinking(head: Release, found: Changes) -> None:
    if not head.may_shrink and found.held > _SMALL_LIST and found.lost > found.held / 3:
        raise InputError(
            f"lacks {found.lost:,} of the {found.held:,} statements held before it",
            file=head.document.file_name or "",
            mend="the file may be cut off: get it again, or load it with --may-shrink",
        )


def _finish(place: Place, head: Release, counts: Accounting) -> Landed:
    added = {kind: place.lake.steps(kind, head.document_id)[1] for kind in ("claim", "event")}
    document = head.document_id
    entry = LedgerEntry(
        document=document,
        source=head.source,
        part=head.document.part,
        scope=head.document.scope,
        file_name=head.document.file_name or "",
        sha256=head.document.sha256,
        published_at=head.published_at,
        loaded_at=datetime.now(UTC),
        facets=(head.document.part,),
        accounting=counts,
        records_added=sum(added.values()),
    )
    record = Envelope(head, datetime.now(UTC)).record(Draft(head.document, ""), document)
    with place.locked():
        place.state.write(entry)
        place.lake.append("document", to_table("document", [record]))
    shutil.rmtree(place.folder / document, ignore_errors=True)
    return Landed((entry,), added)
