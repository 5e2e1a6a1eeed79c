"""Substances: what is it, is it controlled there on that day, since when, and where has it been identified?"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from rdkit.Chem import MolToSmiles

from tocsin.charts.texts import clipped
from tocsin.console.asking import index_of, moment_of
from tocsin.console.control_asked import Control, name_of, texts_held
from tocsin.console.control_pictures import changes_of, countries, eras, map_of, steps_of, timeline_of
from tocsin.console.controlled import rulings, structure
from tocsin.console.identified import names_used, newest, reported
from tocsin.console.language import language_of
from tocsin.console.rendering import page, to
from tocsin.errors import NotFoundError, TocsinError
from tocsin.substances import along, identify, registry
from tocsin.substances.control import Subject
from tocsin.substances.identify import Identified, subject_of_entry
from tocsin.substances.registry import Registry
from tocsin.substances.rules import jurisdictions, rules
from tocsin.substances.told import DISCLAIMER, owed_text

router = APIRouter(default_response_class=HTMLResponse)
HERE = "/substances"
Asked = Annotated[Control, Depends(Control.read)]
_CODES = ("systematic", "code")
_LONGEST_LINE = 400


@router.get(HERE)
def substances(request: Request, asked: Asked, q: str = "") -> Response:
    """What is held, or what the query is: an entry, several, a structure, or why it is none of these."""
    if not q.strip():
        return HTMLResponse(_overview(request, asked))
    try:
        found = identify(q)
    except TocsinError as error:
        status = 404 if isinstance(error, NotFoundError) else 400
        return HTMLResponse(_overview(request, asked, q, trouble=error.line()), status)
    if entry := _only_entry(found):
        return RedirectResponse(to(f"{HERE}/{entry}", asked.as_of, q=q, **asked.query()), 303)
    return HTMLResponse(_found(request, asked, found))


@router.post(HERE)
async def paste(request: Request) -> Response:
    """A mol file becomes an address that can be sent on: that of its structure as SMILES."""
    form = dict(parse_qsl((await request.body()).decode(errors="replace")))
    mol = form.get("mol", "")
    try:
        found = identify(mol)
    except TocsinError as error:
        return HTMLResponse(_overview(request, Control(), mol=mol, trouble=error.line()), 400)
    smiles = ".".join(MolToSmiles(one) for one in found.structure.components) if found.structure else mol.strip()
    return RedirectResponse(to(HERE, q=smiles), 303)


def _only_entry(found: Identified) -> str | None:
    """The one entry the query surely is. A structure that is an entry only perhaps is judged as it is given."""
    entries = {one.substance for one in found.candidates}
    doubted = found.structure is not None and (
        any(one.note for one in found.candidates) or len(found.structure.components) > 1
    )
    return entries.pop() if len(entries) == 1 and not doubted else None


def _overview(request: Request, asked: Control, q: str = "", mol: str = "", trouble: str = "") -> str:
    index, language = index_of(request), language_of(request)
    used = names_used(index, moment_of(asked.as_of))
    held = Counter((one.kind, one.drug_class) for one in registry().substances.values())
    return page(
        "substances.html",
        HERE,
        request,
        **_form(asked, q),
        mol=mol,
        trouble=clipped(trouble, _LONGEST_LINE),
        classes=sorted(held.items()),
        places=[(name_of(code, language), jurisdictions()[code]) for code in texts_held()],
        members=[name_of(code, language) for code, one in jurisdictions().items() if not one.held],
        missing=[one for one in rules().values() if one.missing],
        unresolved=[one for one in used if not one.is_resolved],
    )


def _form(asked: Control, q: str) -> dict[str, Any]:
    """What the form is filled with again."""
    return {"asked": asked, "query": asked.query(), "q": q}


def _found(request: Request, asked: Control, found: Identified) -> str:
    """A structure as given with its judgement, or the entries a query may mean, which are not guessed between."""
    subjects = found.subjects() if found.structure else ()
    title = found.query if "\n" not in found.query else ""
    return page(
        "substance_found.html",
        HERE,
        request,
        **_form(asked, found.query),
        title=title,
        found=found,
        candidates=[(registry().get(one.substance), one) for one in found.candidates],
        pictures=[structure(mol, title) for _, subject in subjects for mol in subject.components],
        rows=[row for _, subject in subjects for row in rulings(subject, asked.wanted, asked.day)],
        stops=[stop for _, subject in subjects for stop in _stops(subject, asked)],
        name_of=name_of,
        disclaimer=DISCLAIMER,
    )


@router.get(HERE + "/{substance}")
def substance(request: Request, substance: str, asked: Asked, q: str = "") -> str:
    """One entry: names and numbers, where it is controlled by which words, since when, and where it was identified."""
    entry, subject, language = registry().get(substance), subject_of_entry(substance), language_of(request)
    index, moment = index_of(request), moment_of(asked.as_of)
    held = eras(subject, asked.wanted, max(asked.day, asked.today))
    here, numbers = f"{HERE}/{substance}", reported(index, moment, substance)
    return page(
        "substance.html",
        HERE,
        request,
        **_form(asked, q),
        entry=entry,
        noticed=_noticed(q, substance),
        picture=structure(subject.components[0], entry.name) if subject.components else None,
        facts=_facts(registry(), substance),
        rows=rulings(subject, asked.wanted, asked.day),
        eras=held,
        timeline=timeline_of(held, entry.name, here, asked.day, language),
        stops=_stops(subject, asked),
        reported=numbers,
        newest=newest(index, moment, entry.name, (one.name for one in numbers)),
        name_of=name_of,
        disclaimer=DISCLAIMER,
    )


@router.get(HERE + "/{substance}/map")
def substance_map(request: Request, substance: str, asked: Asked) -> str:
    """Where it is controlled on a day, as a map with a slider of years and as a table; and all days of change."""
    entry, subject, language = registry().get(substance), subject_of_entry(substance), language_of(request)
    changes = changes_of(subject, asked.today)
    before, after = steps_of(changes, asked.day)
    here, years = f"{HERE}/{substance}", [one.start.year for one in changes]
    return page(
        "substance_map.html",
        HERE,
        request,
        **_form(asked, ""),
        entry=entry,
        first=min([*years, asked.day.year]) - 1,
        last=max(asked.today.year, asked.day.year),
        shown=map_of(subject, entry.name, here, asked.day, language, request.app.state.drawers),
        rows=rulings(subject, countries(), asked.day),
        changes=changes,
        before=before,
        after=after,
        name_of=name_of,
        disclaimer=DISCLAIMER,
    )


def _noticed(q: str, substance: str) -> list[str]:
    """What was noticed on the way from the query to the entry, such as a slip of the pen or a salt set aside."""
    if not q.strip():
        return []
    try:
        found = identify(q)
    except TocsinError:
        return []
    notes = [one.note for one in found.candidates if one.substance == substance]
    return [note for note in dict.fromkeys((*notes, *found.notes)) if note] if notes else []


def _stops(subject: Subject, asked: Control) -> list[tuple[Any, Any, list[str]]]:
    """Each place of the route with its judgement and what is owed there."""
    if not asked.route:
        return []
    ruled = rulings(subject, asked.route, asked.day)
    stops = along(subject, asked.route, asked.day)
    return [(stop, ruling, [owed_text(one) for one in stop.owed]) for stop, ruling in zip(stops, ruled, strict=True)]


def _facts(held: Registry, substance: str) -> dict[str, Any]:
    names = sorted(held.names.get(substance, ()), key=lambda one: (one.lang != "en", one.lang, one.kind != "preferred"))
    return {
        "names": [one for one in names if one.kind not in _CODES],
        "codes": [one for one in names if one.kind in _CODES],
        "numbers": held.numbers.get(substance, ()),
        "potencies": held.potencies.get(substance, ()),
        "customs": held.customs_codes(substance),
    }
