"""The HTTP API of substances: what something is, whether it is controlled, and what is owed on a route.

There is no listing, no filter by answer and no near miss: this is no search for what is not controlled.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from tocsin.console.answers import MEDIA, rows_answer
from tocsin.console.control_asked import Control, On, Places, Route
from tocsin.errors import UsageError
from tocsin.substances import identify, registry
from tocsin.substances.screening import verdict_rows
from tocsin.substances.told import route_rows, what_rows

router = APIRouter()
Format = Annotated[str, Query(alias="format", pattern="^(json|csv|arrow)?$", description="instead of Accept")]
Asked = Annotated[
    str, Query(alias="q", max_length=8_000, description="name, CAS, InChI, InChIKey, SMILES, mol file, customs code")
]


@router.get("/substances", responses=MEDIA)
def substances(request: Request, query: Asked, form: Format = "") -> Response:  # noqa: ARG001  read from the request
    """The entries a query may mean: one row each; a row without an entry for a structure nobody has entered."""
    return rows_answer(request, list(what_rows(identify(query))))


@router.get("/substances/{substance}")
def substance(substance: str) -> dict[str, Any]:
    """One entry with its names, numbers, potencies as published and customs codes, each with source and basis."""
    held = registry()
    entry = held.get(substance)
    return asdict(entry) | {
        "names": [asdict(one) for one in held.names.get(substance, ())],
        "numbers": [asdict(one) for one in held.numbers.get(substance, ())],
        "potencies": [asdict(one) for one in held.potencies.get(substance, ())],
        "customs_codes": [asdict(one) for one in held.customs_codes(substance)],
    }


@router.get("/control", responses=MEDIA)
def control(
    request: Request,
    query: Asked,
    places: Places = "",
    on: On = "",
    route: Route = "",
    form: Format = "",  # noqa: ARG001  read from the request
) -> Response:
    """The verdict of every rule of the jurisdictions on a day; with ``route``, what holds and is owed at each place."""
    asked = Control.read(on, places, route)
    if not (asked.places or asked.route):
        raise UsageError("no jurisdiction is named", mend="add in or route, such as in=US,CN,GB")
    found = identify(query)
    if asked.route:
        return rows_answer(request, list(route_rows(found, asked.route, asked.day)))
    return rows_answer(request, verdict_rows(1, found, asked.places, asked.day))
