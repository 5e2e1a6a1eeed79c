"""Landing releases: from what a publisher said this time to the records that are new in the lake.

A release that states a facet completely (a list, all its aliases, a query's result) also says what is *gone*. So its
statements are set against what held on that day (``merge``): unchanged ones add nothing, vanished ones get a
withdrawal. Then records are written, then the ledger, then the documents, which make all the rest count: killed at any
point, a second call completes the landing without doubling anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pyarrow as pa

from tocsin.node.lake import Lake
from tocsin.node.merge import Draft, Envelope, Release, merged
from tocsin.node.revisions import told_again
from tocsin.node.state import LedgerEntry, State
from tocsin.node.view import View
from tocsin.records import Record
from tocsin.records.schemas import SCHEMAS
from tocsin.records.tables import group_by_kind, to_table


@dataclass(frozen=True, slots=True)
class Landed:
    """The ledger entries written, and how many records of each kind were new."""

    entries: tuple[LedgerEntry, ...]
    added: Mapping[str, int]


def land(lake: Lake, state: State, releases: Sequence[Release]) -> Landed:
    """Write what is new of these releases; the caller holds the node's ``land`` lock.

    Releases of one source and day whose facets do not overlap go into one commit per table. A release whose document
    is in the lake is complete, so it adds nothing; later releases may rest on it.
    """
    entries: list[LedgerEntry] = []
    added: dict[str, int] = {}
    for group in _groups(releases):
        landed = _landed(lake)
        held = [entry for entry in state.ledger(group[0].source) if entry.document in landed]
        new = [release for release in group if release.document_id not in landed]
        records = _without_contradiction({r.document_id: merged(lake, r, held) for r in new})
        documents = [Envelope(r, datetime.now(UTC)).record(Draft(r.document, ""), r.document_id) for r in new]
        for kind, count in _write(lake, [record for some in records.values() for record in some]).items():
            added[kind] = added.get(kind, 0) + count
        for release in group:
            entry = _entry(release, len(records.get(release.document_id, ())))
            if release in new:
                state.write(entry)
            entries.append(entry)
        # Last, for it makes all the rest count.
        _write(lake, documents)
        for release in new:
            for follower in _followers(release, held):
                added["event"] = added.get("event", 0) + _write(lake, told_again(lake, follower)).get("event", 0)
    return Landed(tuple(entries), added)


def _followers(release: Release, held: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """The next release held of each facet: its revisions are told against this one from now on."""
    found = {}
    for facet in sorted(release.facets):
        later = [e for e in held if facet in e.facets and e.published_at > release.published_at]
        if later:
            follower = min(later, key=lambda e: e.published_at)
            found[follower.document] = follower
    return list(found.values())


def _without_contradiction(records: dict[str, list[Record]]) -> dict[str, list[Record]]:
    """What one file of a set no longer says and another says now has moved, and is not withdrawn."""
    said = {(r.key, r.published_at) for some in records.values() for r in some if not r.withdrawn}
    return {
        document: [r for r in some if not (r.withdrawn and (r.key, r.published_at) in said)]
        for document, some in records.items()
    }


def adopt(
    lake: Lake,
    state: State,
    tables: Mapping[str, pa.Table],
    entries: Sequence[LedgerEntry],
    known_at: datetime | None,
) -> dict[str, int]:
    """Write records that already have their envelopes; then the ledger, and the documents last.

    ``known_at``: when this node learned them; ``None`` keeps what they say, as a restore does.
    """
    added: dict[str, int] = {}
    for kind in sorted(tables, key=lambda name: name == "document"):
        if kind == "document":
            for entry in entries:
                state.write(replace(entry, loaded_at=known_at or entry.loaded_at))
        table = tables[kind]
        if known_at is not None:
            field = SCHEMAS[kind].field("known_at")
            known = pa.repeat(pa.scalar(known_at, field.type), table.num_rows)
            table = table.set_column(table.schema.get_field_index("known_at"), field, known)
        fresh = _not_stored(lake, kind, table)
        if fresh.num_rows:
            lake.append(kind, fresh)
        added[kind] = fresh.num_rows
    return added


def _landed(lake: Lake) -> set[str]:
    with View(lake) as view:
        return set(view.table("SELECT id FROM document_stored")["id"].to_pylist())


def _groups(releases: Sequence[Release]) -> Iterator[list[Release]]:
    group: list[Release] = []
    for release in sorted(releases, key=lambda r: (r.published_at, r.source)):
        same_day = group and (group[0].source, group[0].published_at) == (release.source, release.published_at)
        if group and (not same_day or any(release.facets & other.facets for other in group)):
            yield group
            group = []
        group.append(release)
    if group:
        yield group


def _write(lake: Lake, records: Sequence[Record]) -> dict[str, int]:
    """Append the records the lake does not hold yet, one commit per kind; how many there were of each."""
    counts: dict[str, int] = {}
    for kind, group in sorted(group_by_kind(records).items()):
        fresh = _not_stored(lake, kind, to_table(kind, group))
        if fresh.num_rows:
            lake.append(kind, fresh)
        counts[kind] = fresh.num_rows
    return counts


def _not_stored(lake: Lake, kind: str, table: pa.Table) -> pa.Table:
    """The rows whose id the table does not hold, landed or not, each once and in their order."""
    with View(lake) as view:
        view.register("incoming", pa.table({"id": table["id"], "place": pa.array(range(table.num_rows))}))
        places = view.table(
            f"""SELECT min(place) AS place FROM incoming
                WHERE id NOT IN (SELECT id FROM {kind}_physical) GROUP BY id ORDER BY 1"""
        )
    return table if places.num_rows == table.num_rows else table.take(places["place"])


def _entry(release: Release, added: int) -> LedgerEntry:
    return LedgerEntry(
        document=release.document_id,
        source=release.source,
        part=release.document.part,
        scope=release.document.scope,
        file_name=release.document.file_name or "",
        sha256=release.document.sha256,
        published_at=release.published_at,
        loaded_at=datetime.now(UTC),
        facets=tuple(sorted(release.facets)),
        accounting=release.accounting,
        records_added=added,
    )
