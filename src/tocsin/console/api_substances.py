"""The HTTP API of substances: what something is, whether it is controlled, and what is owed on a route."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from tocsin.console.answers import MEDIA, rows_answer
from tocsin.console.asking import read_day
from tocsin.errors import UsageError
from tocsin.substances import identify, registry
from tocsin.substances.screening import verdict_rows
from tocsin.substances.told import route_rows, what_rows

router = APIRouter()
Format = Annotated[str, Query(alias="format", pattern="^(json|csv|arrow)?$", description="instead of Accept")]
Asked = Annotated[
    str, Query(alias="q", max_length=20_000, description="name, CAS, InChI, SMILES, mol file, customs code")
]
Places = Annotated[str, Query(max_length=100, description="jurisdictions, such as US,CN,GB,EU,UN")]
On = Annotated[str, Query(description="the day; today without it")]


@router.get("/substances", responses=MEDIA)
def substances(request: Request, query: Asked, form: Format = "") -> Response:  # noqa: ARG001
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
    places: Annotated[str, Query(alias="in", max_length=100, description="jurisdictions, such as US,CN,GB,EU,UN")] = "",
    on: On = "",
    route: Places = "",
    form: Format = "",  # noqa: ARG001
) -> Response:
    """The verdict of every rule of the jurisdictions on a day; with ``route``, what holds and is owed at each place."""
    day = read_day(on) or datetime.now(UTC).date()
    found = identify(query)
    if route:
        return rows_answer(request, list(route_rows(found, read_codes(route), day)))
    return rows_answer(request, _verdicts(query, places, day))


def _verdicts(query: str, places: str, day: date) -> list[dict[str, Any]]:
    codes = read_codes(places)
    if not codes:
        raise UsageError("no jurisdiction is named", mend="add in, such as in=US,CN,GB")
    return verdict_rows(1, identify(query), codes, day)


def read_codes(text: str) -> tuple[str, ...]:
    """Jurisdictions from a text such as ``US,CN``; UsageError for what is no two-letter code."""
    codes = [code.strip().upper() for code in text.replace(">", ",").split(",") if code.strip()]
    if len(codes) > 40 or any(not (len(code) == 2 and code.isascii() and code.isalpha()) for code in codes):
        raise UsageError("the places are not understood", mend="give two-letter codes, such as CN,MX,US")
    return tuple("GB" if code == "UK" else code for code in codes)
