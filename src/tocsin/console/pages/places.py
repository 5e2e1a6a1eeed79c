"""Places: what is held of each country and state; one place with what all rooms know of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tocsin.console.asking import index_of, moment_of
from tocsin.console.lines import lines_of
from tocsin.console.once import once
from tocsin.console.pages.parties import found_parties
from tocsin.console.rendering import page
from tocsin.errors import NotFoundError
from tocsin.feeds import DEFINITIONS
from tocsin.node.finding import Moment, Query, search
from tocsin.node.index import Index
from tocsin.node.places import claims_at, numbers_at
from tocsin.node.series import Series, Value, newest_at
from tocsin.records.places import places as all_places
from tocsin.records.places import read_place

router = APIRouter(default_response_class=HTMLResponse)
_PARTIES = 40


@router.get("/places")
def places(request: Request, as_of: str = "") -> str:
    """All places something is held of, countries with their parts."""
    index = index_of(request)
    numbers, claims = counts_at(index, moment_of(as_of), index.state)
    known = all_places()
    rows: dict[str, list[dict[str, Any]]] = {}
    for code in sorted({*numbers, *claims}):
        parent = known[code].parent if code in known and known[code].parent else code
        row = {"code": code, "series": numbers.get(code, 0), "claims": claims.get(code, 0)}
        rows.setdefault(parent, []).append(row)
    return page("places.html", "/places", request, countries=rows)


@once(most=16)
def counts_at(index: Index, moment: Moment, _state: object) -> tuple[dict[str, int], dict[str, int]]:
    """How many series, and how many parties, are held of each place."""
    return numbers_at(index, moment), claims_at(index, moment)


@router.get("/places/{code:path}")
def place(request: Request, code: str, as_of: str = "") -> str:
    """What is held of one place: numbers, events, and the parties somebody puts there."""
    index, moment, code = index_of(request), moment_of(as_of), read_place(code)
    numbers, events = newest_at(index, code, moment), search(index, Query((), "event", place=code), moment)
    people, _ = found_parties(index, Query(place=code, limit=_PARTIES), moment)
    if code not in all_places() and not (numbers or events or people):
        raise NotFoundError("no such place", mend="give an ISO 3166 code, such as US-OH")
    return page(
        "place.html",
        "/places",
        request,
        code=code,
        parent=all_places()[code].parent if code in all_places() else "",
        parts=[one.code for one in all_places().values() if one.parent == code],
        numbers=_rows(numbers),
        events=lines_of(index, events, moment),
        parties=people,
        party_count=counts_at(index, moment, index.state)[1].get(code, 0),
    )


def _rows(numbers: Sequence[tuple[Series, Value, int]]) -> list[dict[str, Any]]:
    return [
        {
            "definition": series.definition,
            "label": DEFINITIONS[series.definition].label if series.definition in DEFINITIONS else series.definition,
            "series": series,
            "value": value,
            "count": count,
        }
        for series, value, count in numbers
    ]
