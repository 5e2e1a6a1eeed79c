"""Records: searched by words in any script and by fields; one record with everything around it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tocsin.console.asking import index_of, moment_of, read_offset
from tocsin.console.lines import fields_of, lines_of, subject_of
from tocsin.console.once import once
from tocsin.console.rendering import page
from tocsin.feeds import DEFINITIONS
from tocsin.node.finding import Moment, Query, by_ids, find, search, vintages
from tocsin.node.index import Index
from tocsin.node.view import end_of
from tocsin.records.display import displayed
from tocsin.records.kinds import Observation, Record
from tocsin.records.places import read_place
from tocsin.records.schemas import KINDS
from tocsin.records.summary import summary

router = APIRouter(default_response_class=HTMLResponse)
_SHOWN = 50


@router.get("/records")
def records(
    request: Request,
    q: str = "",
    kind: str = "",
    source: str = "",
    name: str = "",
    place: str = "",
    substance: str = "",
    subject: str = "",
    as_of: str = "",
    offset: str = "",
) -> str:
    """Search: words in any script, and fields."""
    fields = {"source": source, "subject": subject, "name": name, "place": place, "substance": substance}
    asked = {"q": q, "kind": kind, **fields}
    wanted = {field: value.strip() for field, value in fields.items() if value.strip()}
    if place.strip():
        wanted["place"] = read_place(place)
    start, rows = read_offset(offset), None
    index, moment = index_of(request), moment_of(as_of)
    if q.strip() or wanted or kind:
        query = Query(tuple(q.split()), kind or None, **wanted, limit=_SHOWN + 1, offset=start)
        rows = _found(index, query, moment, index.state)
    found = {one: [row for row in rows or () if row["kind"] == one] for one in KINDS}
    more = any(len(some) > _SHOWN for some in found.values())
    return page(
        "records.html",
        "/records",
        request,
        asked=asked,
        kinds=KINDS,
        searched=rows is not None,
        found={one: some[:_SHOWN] for one, some in found.items() if some},
        start=start,
        further=start + _SHOWN if more else None,
        shown=_SHOWN,
    )


@router.get("/records/{name}")
def record(request: Request, name: str, as_of: str = "") -> str:
    """One record with every field, its document and its vintages."""
    index, moment = index_of(request), moment_of(as_of)
    found = find(index, name)
    later = found.published_at >= end_of(moment.as_of)
    others = vintages(index, found, Moment() if later else moment)
    documents = [one for one in by_ids(index, [found.document]) if one.id != found.id]
    body = found.body
    return page(
        "record.html",
        "/records",
        request,
        title=summary(displayed(found)),
        label=_label(found),
        later=later,
        record=found,
        fields=fields_of(found),
        documents=[(one, fields_of(one)) for one in documents],
        rows=lines_of(index, others, moment),
        subject=subject_of(found),
        observation=body if isinstance(body, Observation) else None,
    )


@once(most=256)
def _found(index: Index, query: Query, moment: Moment, _state: object) -> list[dict[str, Any]]:
    return lines_of(index, search(index, query, moment), moment)


def _label(record: Record) -> str:
    """What a number counts, in its publisher's terms."""
    body = record.body
    return (
        DEFINITIONS[body.definition].label if isinstance(body, Observation) and body.definition in DEFINITIONS else ""
    )
