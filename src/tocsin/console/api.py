"""The HTTP API, version 1: the brief, records, sources, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from tocsin.brief import as_json
from tocsin.console.asking import Asked, brief_of, changes_of, node_of, read_day, view_of
from tocsin.node import finding
from tocsin.node.ledger_json import to_json
from tocsin.records.display import displayed, masked_text
from tocsin.records.jsonl import to_row

router = APIRouter()
_MOST = 1000


@router.get("/brief")
def brief(request: Request, as_of: str = "", days: str = "", country: str = "") -> dict[str, Any]:
    """The brief in the form of its JSON schema."""
    return as_json(brief_of(request, Asked.read(as_of, days, country)))


@router.get("/records")
def search(
    request: Request,
    q: str = "",
    kind: str | None = None,
    source: str | None = None,
    subject: str | None = None,
    place: str | None = None,
    substance: str | None = None,
    as_of: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> list[dict[str, Any]]:
    """Records that hold all words and equal all fields; masked where they must be."""
    query = finding.Query(tuple(q.split()), kind, source, subject, place, substance, limit)
    with view_of(request, read_day(as_of)) as view:
        return [to_row(displayed(record)) for record in finding.search(view, query)]


@router.get("/records/{name}")
def record(request: Request, name: str) -> dict[str, Any]:
    """One record with its vintages, oldest first."""
    with view_of(request) as view:
        found = finding.find(view, name)
        others = finding.vintages(view, found)
    return {"record": to_row(displayed(found)), "vintages": [to_row(displayed(one)) for one in others]}


@router.get("/sources")
def sources(request: Request) -> list[dict[str, Any]]:
    """Every release held, with its accounting."""
    rows = [to_json(entry) for entry in node_of(request).ledger()]
    for row in rows:
        for bad in row["accounting"]["quarantined"]:
            bad["text"] = masked_text(bad["text"])
    return rows


@router.get("/pulls")
def pulls(request: Request) -> list[dict[str, Any]]:
    """The newest attempt to fetch each file, and how it went."""
    return [asdict(one) for one in node_of(request).pulls.all()]


@router.get("/changes")
def changes(
    request: Request, since: str = "", until: str = "", by: str = "published", source: str = ""
) -> dict[str, Any]:
    """What changed in a window of days: sums by source, parties, numbers revised or gone, at most 1000 of each."""
    found = changes_of(request, since, until, by, source)
    return {
        "sums": found.sums,
        "parties": found.parties[:_MOST],
        "numbers": [row | {"dims": dict(row["dims"])} for row in found.numbers[:_MOST]],
    }
