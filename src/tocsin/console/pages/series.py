"""Series: any measure by place and period, as lines or as a map, with the table and CSV of exactly what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from tocsin.console.asking import index_of, moment_of
from tocsin.console.chosen import Wanted, choices_of, choose
from tocsin.console.language import language_of, place_name
from tocsin.console.once import once
from tocsin.console.pictures import narrow_picture_of, pictures_of
from tocsin.console.rendering import page
from tocsin.errors import NotFoundError
from tocsin.feeds import DEFINITIONS, SOURCES
from tocsin.node.finding import Moment
from tocsin.node.index import Index
from tocsin.node.series import definitions_held
from tocsin.records.places import places

router = APIRouter(default_response_class=HTMLResponse)
Asked = Annotated[Wanted, Depends(Wanted.read)]
_ROWS = 400


@router.get("/series")
def series(request: Request, wanted: Asked) -> str:
    """What is held, or the numbers of one definition."""
    index, moment = index_of(request), moment_of(wanted.as_of)
    if not wanted.definition:
        every = definitions_held(index, moment)
        held = [(source, list(some)) for source, some in groupby(every, key=lambda one: one.source)]
        return page("series_held.html", "/series", request, held=held, about=DEFINITIONS, sources=SOURCES)
    chosen = choose(index, wanted)
    rows = sorted(chosen.rows(), key=_largest_first if wanted.view == "map" else _newest_first)
    return page(
        "series.html",
        "/series",
        request,
        chosen=chosen,
        wanted=wanted,
        pictures=pictures_of(chosen, language_of(request), request.app.state.drawers),
        rows=rows[:_ROWS],
        count=len(rows),
        intervals=any(row["lower"] is not None or row["upper"] is not None for row in rows),
        options=_options(wanted.definition, language_of(request), moment, index, index.state),
        shared=_shared(rows),
        vintages=any(row["vintages"] > 1 for row in rows),
        can_map=_can_map(chosen.choices.get("place", ())),
        dims=dict(wanted.dims),
        source=SOURCES.get(chosen.series[0].source) if chosen.series else None,
    )


@once(most=64)
def _options(definition: str, language: str, moment: Moment, index: Index, _state: object) -> dict[str, Markup]:
    """The options of each choice, none chosen: there may be hundreds, the same on every page of a definition."""
    choices = choices_of(index, definition, moment)
    label = partial(place_name, language=language)
    found = {"place": Markup("").join(_option(code, label(code)) for code in choices.get("place", ()))}
    found["substance"] = Markup("").join(_option(one, one) for one in choices.get("substance", ()))
    for name, values in choices.items():
        if name not in found:
            found[name] = Markup("").join(_option(f"{name}={value}", value) for value in values)
    return found


def _shared(rows: Sequence[dict[str, Any]]) -> set[str]:
    """The dimensions that are the same in all rows, which the table need not say again and again."""
    every = [set(row["dims"].items()) for row in rows]
    return {name for name, _ in set.intersection(*every)} if every else set()


def _option(value: str, label: str) -> Markup:
    return Markup('<option value="{}">{}</option>').format(value, label)


@router.get("/series/narrow.svg")
def narrow(request: Request, wanted: Asked) -> Response:
    """The picture of the page at the width of a phone, which fetches it only if it shows it."""
    chosen = choose(index_of(request), wanted)
    svg = narrow_picture_of(chosen, language_of(request), request.app.state.drawers)
    if svg is None:
        raise NotFoundError("there is no number to draw", mend="choose another place, substance or day")
    return Response(svg, media_type="image/svg+xml")


def _newest_first(row: dict[str, Any]) -> tuple[int, str]:
    return -date.fromisoformat(row["period_end"]).toordinal(), row["place"]


def _largest_first(row: dict[str, Any]) -> tuple[bool, float]:
    return row["value"] is None, -(row["value"] or 0)


def _can_map(codes: tuple[str, ...]) -> bool:
    """Whether there are states of the US or countries enough to make a map."""
    known = [places()[code] for code in codes if code in places()]
    return sum(one.parent == "US" for one in known) > 4 or sum(one.kind == "country" for one in known) > 4
