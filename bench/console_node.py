"""``python -m bench.console_node FOLDER``: a node as large as a busy member's, invented but for the starter set.

Always the same records; every release has its document and its line in the ledger, so all of it counts as landed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from bench import made_series
from bench.made_parties import LISTS, Maker
from bench.made_series import PUBLICATIONS, kinds_held, offered
from tocsin.feeds.starter_set import load_starter
from tocsin.node import Accounting, Draft, Node, Release, read_settings
from tocsin.node.merge import Envelope
from tocsin.node.state import LedgerEntry
from tocsin.records import Document
from tocsin.records.tables import to_table

OBSERVATIONS, CLAIMS = 1_000_000, 300_000
_NOTE = "bench.json"
_PART = "bench"


@dataclass(frozen=True, slots=True)
class Made:
    """How many records of each kind were made on top of the starter set, and the seconds it took."""

    observations: int
    claims: int
    documents: int
    seconds: float
    index_seconds: float | None = None


def made(folder: Path, observations: int = OBSERVATIONS, claims: int = CLAIMS) -> Made:
    """The node in that folder; made now unless one at least as large is there. SystemExit on a folder half made."""
    note = folder / _NOTE
    if note.exists():
        held = Made(**json.loads(note.read_text(encoding="utf-8")))
        if held.observations >= observations and held.claims >= claims:
            return held
        raise SystemExit(f"{folder} holds a smaller node: name another folder, or delete it")
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is no node of this bench, or one half made: name another folder, or delete it")
    begin = time.perf_counter()
    with closing(Node.create(read_settings(str(folder), {}))) as node:
        load_starter(node)
        counts = land(node, observations, claims)
        seconds = time.perf_counter() - begin
        done = Made(counts["observation"], counts["claim"], counts["document"], seconds, _indexed(node))
    note.write_text(json.dumps(asdict(done)), encoding="utf-8")
    return done


def land(node: Node, observations: int, claims: int) -> dict[str, int]:
    """Land at least so many invented records of both kinds, a source at a time; how many of each kind were new."""
    with node.view() as view:
        kinds = kinds_held(view)
    share = observations / offered(kinds)
    if share > 1:
        raise SystemExit(f"at most {offered(kinds):,} observations can be made")
    added: dict[str, int] = {}

    def take(releases: Iterator[Release], kind: str) -> None:
        for name, count in _adopted(node, kind, releases).items():
            added[name] = added.get(name, 0) + count

    for one in PUBLICATIONS:
        told = made_series.releases(one, kinds, share)
        take((_release(one.source, one.publisher, one.licence, *release) for release in told), "observation")
    for each in LISTS:
        said = Maker(each).releases(round(claims * each.share))
        take((_release(each.source, each.publisher, each.licence, *release) for release in said), "claim")
    return added


def _release(source: str, publisher: str, licence: str, published: datetime, drafts: Sequence[Draft]) -> Release:
    name = f"{source}_{published:%Y-%m-%d}.csv"
    sha256 = hashlib.sha256(f"{name} {len(drafts)}".encode()).hexdigest()
    document = Document(
        _PART, f"Invented records of {source}", publisher, sha256, 80 * len(drafts),
        file_name=name, media_type="text/csv", lang="en",
    )  # fmt: skip
    rows = Accounting(read=len(drafts), accepted=len(drafts))
    return Release(source, licence, document, published, tuple(drafts), rows, frozenset({_PART}))


def _adopted(node: Node, kind: str, releases: Iterator[Release]) -> dict[str, int]:
    """Take the releases of one source in, in one commit a table."""
    tables, documents, entries = [], [], []
    for release in releases:
        envelope = Envelope(release, release.published_at)
        tables.append(to_table(kind, [envelope.record(draft) for draft in release.drafts]))
        documents.append(envelope.record(Draft(release.document, ""), release.document_id))
        entries.append(_entry(release))
    return node.adopt({kind: pa.concat_tables(tables), "document": to_table("document", documents)}, entries)


def _entry(release: Release) -> LedgerEntry:
    document = release.document
    return LedgerEntry(
        document=release.document_id,
        source=release.source,
        part=document.part,
        scope=document.scope,
        file_name=document.file_name or "",
        sha256=document.sha256,
        published_at=release.published_at,
        loaded_at=release.published_at,
        facets=tuple(release.facets),
        accounting=release.accounting,
        records_added=len(release.drafts),
    )


def _indexed(node: Node) -> float:
    begin = time.perf_counter()
    node.index.refresh()
    return time.perf_counter() - begin


def main() -> None:
    """Make the node and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--observations", type=int, default=OBSERVATIONS)
    parser.add_argument("--claims", type=int, default=CLAIMS)
    arguments = parser.parse_args()
    print(described(made(arguments.folder, arguments.observations, arguments.claims)))


def described(node: Made) -> str:
    """One line about the node."""
    return (
        f"{node.observations:,} observations and {node.claims:,} claims in {node.documents} releases on top of the "
        f"starter set, made in {node.seconds:.0f} s; index made in {node.index_seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
