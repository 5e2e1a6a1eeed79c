"""The HTTP API, version 1: what the pages show, as JSON, CSV or Arrow, page by page, as of any day."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from tocsin.brief import as_json
from tocsin.console.answers import MEDIA, rows_answer
from tocsin.console.asking import Asked, brief_of, changes_of, index_of, ledger_of, moment_of, node_of, read_day
from tocsin.console.chosen import Wanted, choose
from tocsin.console.pages.places import counts_at
from tocsin.errors import UsageError
from tocsin.feeds import DEFINITIONS
from tocsin.node import finding
from tocsin.node.ledger_json import to_json
from tocsin.node.series import definitions_held
from tocsin.records.display import displayed, masked_text
from tocsin.records.jsonl import to_row
from tocsin.records.places import name_of, read_place

TROUBLES: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    for status, words in {
        400: "A parameter makes no sense; the error says which and what to give.",
        401: "No session and no token.",
        404: "There is no such thing here.",
    }.items()
}
router = APIRouter(responses=TROUBLES)
Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0, le=100_000)]
Format = Annotated[str, Query(alias="format", pattern="^(json|csv|arrow)?$", description="instead of Accept")]
AsOf = Annotated[str, Query(description="published by this day, such as 2023-07-07")]
_MOST = 1000


@router.get("/brief")
def brief(request: Request, as_of: AsOf = "", days: str = "", country: str = "") -> dict[str, Any]:
    """The brief in the form of its JSON schema."""
    return as_json(brief_of(request, Asked.read(as_of, days, country)))


@router.get("/records", responses=MEDIA)
def search(
    request: Request,
    q: str = "",
    kind: str | None = None,
    source: str | None = None,
    subject: str | None = None,
    name: str | None = None,
    place: str | None = None,
    substance: str | None = None,
    as_of: AsOf = "",
    limit: Limit = 50,
    offset: Offset = 0,
    form: Format = "",  # noqa: ARG001  read from the request
) -> Response:
    """Records that hold all words and equal all fields, newest first, ``limit`` of each kind; masked where they must be."""
    query = finding.Query(
        tuple(q.split()),
        kind,
        source,
        subject,
        name,
        read_place(place) if place else None,
        substance,
        limit + 1,
        offset,
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for record in finding.search(index_of(request), query, moment_of(as_of)):
        found.setdefault(record.body.record, []).append(to_row(displayed(record)))
    rows = [row for some in found.values() for row in some[:limit]]
    more = any(len(some) > limit for some in found.values())
    return rows_answer(request, rows, offset + limit if more and offset + limit <= finding.MOST_RECORDS else None)


@router.get("/records/{name}")
def record(request: Request, name: str, as_of: AsOf = "") -> dict[str, Any]:
    """One record with its vintages, oldest first."""
    index, moment = index_of(request), moment_of(as_of)
    found = finding.find(index, name, moment)
    others = finding.vintages(index, found, moment)
    return {"record": to_row(displayed(found)), "vintages": [to_row(displayed(one)) for one in others]}


@router.get("/definitions", responses=MEDIA)
def definitions(request: Request, as_of: AsOf = "", form: Format = "") -> Response:  # noqa: ARG001
    """Every definition of which numbers are held, with what it counts and what it must not be set beside."""
    rows = []
    for held in definitions_held(index_of(request), moment_of(as_of)):
        about = DEFINITIONS.get(held.definition)
        rows.append(
            asdict(held)
            | (
                {"label": about.label, "counts": about.counts, "not_comparable_with": about.not_comparable_with}
                if about
                else {}
            )
        )
    return rows_answer(request, rows)


@router.get("/series", responses=MEDIA)
def series(
    request: Request,
    wanted: Annotated[Wanted, Depends(Wanted.read)],
    limit: Annotated[int, Query(ge=1, le=20_000)] = 20_000,
    offset: Offset = 0,
    form: Format = "",  # noqa: ARG001
) -> Response:
    """The numbers the page of series shows for the same parameters, row by row."""
    if not wanted.definition:
        raise UsageError("no definition is named", mend="choose one from /api/v1/definitions")
    rows = choose(index_of(request), wanted).rows()
    more = offset + limit if len(rows) > offset + limit else None
    return rows_answer(request, rows[offset : offset + limit], more)


@router.get("/parties/{subject:path}", responses=MEDIA)
def party(request: Request, subject: str, as_of: AsOf = "", form: Format = "") -> Response:  # noqa: ARG001
    """All claims about one party held at the day, masked where they must be; an empty list where nobody says anything."""
    query = finding.Query(kind="claim", subject=subject, limit=_MOST)
    found = finding.search(index_of(request), query, moment_of(as_of))
    return rows_answer(request, [to_row(displayed(one)) for one in found])


@router.get("/places", responses=MEDIA)
def places(request: Request, as_of: AsOf = "", form: Format = "") -> Response:  # noqa: ARG001
    """Every place something is held of: how many series of numbers, how many parties."""
    index = index_of(request)
    numbers, claims = counts_at(index, moment_of(as_of), index.state)
    return rows_answer(
        request,
        [
            {"place": code, "name": name_of(code), "series": numbers.get(code, 0), "parties": claims.get(code, 0)}
            for code in sorted({*numbers, *claims})
        ],
    )


@router.get("/sources", responses=MEDIA)
def sources(
    request: Request,
    as_of: AsOf = "",
    limit: Limit = 1000,
    offset: Offset = 0,
    form: Format = "",  # noqa: ARG001
) -> Response:
    """Every release held, with its accounting."""
    day = read_day(as_of)
    entries = [one for one in ledger_of(request) if day is None or one.published_at.date() <= day]
    rows = [to_json(entry) for entry in entries[offset : offset + limit]]
    for row in rows:
        for bad in row["accounting"]["quarantined"]:
            bad["text"], bad["reason"] = masked_text(bad["text"]), masked_text(bad["reason"])
    return rows_answer(request, rows, offset + limit if len(entries) > offset + limit else None)


@router.get("/pulls", responses=MEDIA)
def pulls(request: Request, form: Format = "") -> Response:  # noqa: ARG001
    """The newest attempt to fetch each file, and how it went."""
    return rows_answer(request, [asdict(one) for one in node_of(request).pulls.all()])


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


@router.get("/openapi.json", include_in_schema=False)
def described(request: Request) -> Response:
    """The API described by itself."""
    schema = request.app.openapi()
    error = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
    schema.setdefault("components", {}).setdefault("schemas", {})["Error"] = error
    for path in schema["paths"].values():
        # What FastAPI would answer with 422 is answered with 400 and one line.
        path["get"]["responses"].pop("422", None)
    return JSONResponse(schema)
