"""Series: any measure by place and period, as lines or as a map, with the table and CSV of exactly what is shown."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from tocsin.console.asking import index_of
from tocsin.console.chosen import MOST_SERIES, Wanted, choose, name_of_series
from tocsin.console.language import language_of
from tocsin.console.pictures import picture_of
from tocsin.console.rendering import page
from tocsin.feeds import DEFINITIONS, SOURCES
from tocsin.node.series import MOST_VALUES, definitions_held
from tocsin.records.places import places

router = APIRouter(default_response_class=HTMLResponse)
Several = Annotated[list[str], Query()]
_ROWS = 400


@router.get("/series")
def series(
    request: Request,
    definition: str = "",
    place: Several = [],  # noqa: B006  FastAPI copies it
    substance: str = "",
    dim: Several = [],  # noqa: B006
    length: str = "",
    view: str = "lines",
    period: str = "",
    as_of: str = "",
) -> str:
    """What is held, or the numbers of one definition."""
    index = index_of(request)
    if not definition:
        held = [(source, list(some)) for source, some in groupby(definitions_held(index), key=lambda one: one.source)]
        return page("series_held.html", "/series", request, held=held, about=DEFINITIONS, sources=SOURCES)
    chosen = choose(index, Wanted.read(definition, place, substance, dim, length, view, period, as_of))
    rows = chosen.rows()
    return page(
        "series.html",
        "/series",
        request,
        chosen=chosen,
        wanted=chosen.wanted,
        picture=picture_of(chosen, language_of(request)),
        rows=rows[-_ROWS:] if chosen.wanted.view == "lines" else rows,
        count=len(rows),
        most=MOST_SERIES,
        most_values=MOST_VALUES,
        named={one.number: name_of_series(one, chosen.series) for one in chosen.series},
        can_map=_can_map(chosen.choices.get("place", ())),
        dims=dict(chosen.wanted.dims),
        source=SOURCES.get(chosen.series[0].source) if chosen.series else None,
    )


def _can_map(codes: tuple[str, ...]) -> bool:
    """Whether there are states of the US or countries enough to make a map."""
    known = [places()[code] for code in codes if code in places()]
    return sum(one.parent == "US" for one in known) > 4 or sum(one.kind == "country" for one in known) > 4
