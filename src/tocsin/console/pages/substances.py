"""Substances: what is it, is it controlled there on that day, since when, and where has it been identified?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from tocsin.console.api_substances import read_codes
from tocsin.console.asking import index_of, moment_of, read_day
from tocsin.console.controlled import (
    WIDTHS,
    change_days,
    control_map,
    control_timeline,
    held_places,
    judgement_rows,
    steps_of,
)
from tocsin.console.language import language_of
from tocsin.console.lines import lines_of
from tocsin.console.once import once
from tocsin.console.rendering import page, to
from tocsin.errors import TocsinError
from tocsin.node.finding import Moment, Query, search
from tocsin.node.index import Index
from tocsin.node.series import Named, substances_named
from tocsin.records.kinds import Record
from tocsin.substances import along, identify, registry
from tocsin.substances.identify import Identified, subject_of, subject_of_entry
from tocsin.substances.picture import structure_svg
from tocsin.substances.registry import Registry, Substance
from tocsin.substances.resolving import resolved
from tocsin.substances.rules import jurisdictions
from tocsin.substances.told import DISCLAIMER, owed_text, place_name

router = APIRouter(default_response_class=HTMLResponse)
HERE = "/substances"
_NEWEST = 8
_LONGEST = 20_000


@router.get("/substances")
def substances(request: Request, q: str = "", mol: str = "", on: str = "", as_of: str = "") -> Response:
    """What is held, or what the query is: an entry, several, a structure, or why it is none of these."""
    asked = mol if "M  END" in mol else q.strip()
    if not asked:
        return HTMLResponse(_overview(request))
    try:
        found = identify(asked[:_LONGEST])
    except TocsinError as error:
        return HTMLResponse(_overview(request, q, error.line()), 404)
    entries = list(dict.fromkeys(one.substance for one in found.candidates))
    if len(entries) == 1 and not (found.structure and (found.notes or found.candidates[0].note)):
        return RedirectResponse(to(f"{HERE}/{entries[0]}", as_of, q=q[:200], on=on), 303)
    return HTMLResponse(_found(request, found, q, on, as_of))


def _overview(request: Request, q: str = "", trouble: str = "") -> str:
    held = Counter(one.drug_class or one.kind for one in registry().substances.values())
    named = _named(index_of(request), Moment(), index_of(request).state)
    unresolved = [one for one in resolved(one.name for one in named) if not one.is_resolved]
    return page(
        "substances.html",
        HERE,
        request,
        q=q,
        trouble=trouble,
        classes=held.most_common(),
        places=[one for one in jurisdictions().values() if one.held],
        unresolved=unresolved,
    )


def _found(request: Request, found: Identified, q: str, on: str, as_of: str) -> str:
    """A structure as given, or the entries a name may mean."""
    day = _day(on, as_of)
    subject = subject_of(found.structure) if found.structure else None
    entries = registry().substances
    return page(
        "substance_found.html",
        HERE,
        request,
        q=q,
        on=on,
        day=day,
        found=found,
        candidates=[(entries[one.substance], one) for one in found.candidates],
        pictures=[_picture(mol, q) for mol in found.structure.components] if found.structure else [],
        rows=judgement_rows(subject, held_places(), day) if subject else [],
        disclaimer=DISCLAIMER,
    )


@router.get("/substances/{substance}")
def substance(request: Request, substance: str, q: str = "", on: str = "", route: str = "", as_of: str = "") -> str:
    """One entry: names and numbers, where it is controlled by which words, since when, and where it was identified."""
    entry, day = registry().get(substance), _day(on, as_of)
    subject, language = subject_of_entry(substance), language_of(request)
    index, moment = index_of(request), moment_of(as_of)
    stops = read_codes(route)
    named = _names_in_node(index, moment, substance)
    return page(
        "substance.html",
        HERE,
        request,
        entry=entry,
        q=q,
        on=on,
        day=day,
        route=route,
        picture=_picture(subject.components[0], entry.name) if subject.components else None,
        facts=_facts(registry(), entry),
        rows=judgement_rows(subject, held_places(), day),
        timelines=[_svg(control_timeline(subject, _since(entry), _until(day), language, width)) for width in WIDTHS],
        stops=[(place_name(s.place), s, [owed_text(o) for o in s.owed]) for s in along(subject, stops, day)]
        if stops
        else [],
        named=named,
        newest=_newest(index, moment, entry, named),
        disclaimer=DISCLAIMER,
    )


@router.get("/substances/{substance}/map")
def substance_map(request: Request, substance: str, on: str = "", as_of: str = "") -> str:
    """Where it is controlled on a day, as a map with a slider of days, and as a table."""
    entry, day = registry().get(substance), _day(on, as_of)
    subject, language = subject_of_entry(substance), language_of(request)
    days = change_days(subject, _until(day))
    first = min([*days, day])
    countries = [code for code in jurisdictions() if code not in ("UN", "EU")]
    return page(
        "substance_map.html",
        HERE,
        request,
        entry=entry,
        on=on,
        day=day,
        year=day.year,
        first=first.year - 1,
        last=_until(day).year,
        drawn=[_svg(control_map(subject, f"{entry.name}, {day}", day, language, width)) for width in WIDTHS],
        rows=judgement_rows(subject, countries, day),
        steps=dict(steps_of(days, day)),
        disclaimer=DISCLAIMER,
    )


def _day(on: str, as_of: str) -> date:
    """The day control is asked for: ``on``, a year standing for its last day; else the reader's day, else today."""
    text = on.strip()
    if text.isdigit() and len(text) == 4 and 1961 <= int(text) <= 2100:
        return date(int(text), 12, 31)
    return read_day(text) or read_day(as_of) or datetime.now(UTC).date()


def _until(day: date) -> date:
    return max(day, datetime.now(UTC).date())


def _since(entry: Substance) -> str:
    return f"{entry.name}: control by jurisdiction"


def _facts(held: Registry, entry: Substance) -> dict[str, Any]:
    names = sorted(
        held.names.get(entry.id, ()), key=lambda one: (one.lang != "en", one.lang, one.kind != "preferred", one.name)
    )
    return {
        "names": [one for one in names if one.kind not in ("systematic", "code")],
        "systematic": [one for one in names if one.kind in ("systematic", "code")],
        "numbers": held.numbers.get(entry.id, ()),
        "potencies": held.potencies.get(entry.id, ()),
        "codes": held.customs_codes(entry.id),
    }


def _picture(mol: Any, title: str) -> Markup:
    return Markup(structure_svg(mol, title[:120]))  # noqa: S704  made by us, its title escaped


def _svg(picture: Any) -> Markup:
    return Markup(picture.svg())  # noqa: S704  made by us, every text in it escaped


@once(most=64)
def _named(index: Index, moment: Moment, state: object) -> tuple[Named, ...]:
    del state  # what is held decides how long the answer holds
    return tuple(substances_named(index, moment))


def _names_in_node(index: Index, moment: Moment, substance: str) -> list[Named]:
    """The names under which the node's sources report the entry."""
    named = _named(index, moment, index.state)
    mine = {one.name for one in resolved(one.name for one in named) if one.substances == (substance,)}
    return [one for one in named if one.name in mine]


def _newest(index: Index, moment: Moment, entry: Substance, named: Sequence[Named]) -> list[dict[str, Any]]:
    """The newest records that report the entry or name it."""
    found: dict[str, Record] = {}
    for name in dict.fromkeys([*(one.name for one in named[:3]), entry.name]):
        query = Query(substance=name, limit=_NEWEST) if name != entry.name else Query((name,), limit=_NEWEST)
        found |= {record.id: record for record in search(index, query, moment)}
    newest = sorted(found.values(), key=lambda one: (one.published_at, one.id), reverse=True)
    return lines_of(index, newest[:_NEWEST], moment)
