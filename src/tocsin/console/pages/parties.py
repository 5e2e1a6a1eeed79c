"""Parties: looked for by name in any script; one party with all that is held about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tocsin.console.asking import index_of, moment_of, read_offset
from tocsin.console.lines import lines_of
from tocsin.console.rendering import page
from tocsin.errors import NotFoundError
from tocsin.node.finding import Moment, Query, facts_of, parties, said_of, search
from tocsin.node.index import Index
from tocsin.records.display import displayed
from tocsin.records.kinds import Claim, Record
from tocsin.records.places import read_place
from tocsin.records.vocabulary import names_of_type

router = APIRouter(default_response_class=HTMLResponse)
_SHOWN = 60
_FIRST = ("name", "alias", "weakAlias", "previousName", "topics", "programId", "country", "nationality")


@router.get("/parties")
def search_parties(
    request: Request, q: str = "", place: str = "", source: str = "", as_of: str = "", offset: str = ""
) -> str:
    """Parties that have a claim with all the words."""
    index, moment, start = index_of(request), moment_of(as_of), read_offset(offset)
    rows, more = None, False
    if q.strip() or place.strip() or source.strip():
        asked_place = read_place(place) or None
        query = Query(tuple(q.split()), source=source.strip() or None, place=asked_place, limit=_SHOWN, offset=start)
        rows, more = found_parties(index, query, moment)
    asked = {"q": q, "place": place, "source": source}
    further = start + _SHOWN if more else None
    return page("parties.html", "/parties", request, asked=asked, rows=rows, start=start, shown=_SHOWN, further=further)


@router.get("/parties/{subject:path}")
def party(request: Request, subject: str, as_of: str = "") -> str:
    """All that is held about one party, by who says it."""
    index, moment = index_of(request), moment_of(as_of)
    said = said_of(index, subject, moment)
    held = search(index, Query((), "claim", subject=subject, limit=1000), moment)
    if not said:
        raise NotFoundError("no party here has that name", mend="look for it on the page of parties")
    events = search(index, Query((subject,), "event", limit=1000), moment)
    links = search(index, Query((subject,), "claim", limit=1000), moment)
    ids = {record.id for record in held}
    return page(
        "party.html",
        "/parties",
        request,
        subject=subject,
        title=_name(held or said),
        groups=_groups(held),
        sources=sorted({record.source for record in held}),
        events=lines_of(index, (one for one in events if subject in _parties(one)), moment),
        links=lines_of(
            index, (one for one in links if isinstance(one.body, Claim) and one.body.value == subject), moment
        ),
        former=lines_of(index, (one for one in said if one.withdrawn or one.id not in ids), moment),
    )


def found_parties(index: Index, query: Query, moment: Moment) -> tuple[list[dict[str, Any]], bool]:
    """A row for each party found: its name, what was found of it, where it is; and whether there are more."""
    shown, more = parties(index, query, moment)
    facts = facts_of(index, shown, ("name", *_COUNTRIES), moment)
    return [_row(subject, some, facts.get(subject, {})) for subject, some in shown.items()], more


def _row(subject: str, found: Sequence[Record], facts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    name = next(iter(facts.get("name", ())), subject)
    matched = [one.body for one in map(displayed, found) if isinstance(one.body, Claim)]
    return {
        "subject": subject,
        "name": name,
        "countries": sorted({code.upper() for one in _COUNTRIES for code in facts.get(one, ())}),
        "found": sorted({f"{body.property} {body.value}" for body in matched if body.value != name})[:3],
        "source": found[0].source,
        "published": max(one.published_at for one in found),
    }


def _name(records: Sequence[Record]) -> str:
    bodies = [one.body for one in records if isinstance(one.body, Claim)]
    return next((body.value for body in bodies if body.property == "name"), bodies[0].subject)


def _groups(held: Sequence[Record]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(property, what each source says of it): names first, then by the alphabet; contradictions stand side by side."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for record in map(displayed, held):
        if isinstance(record.body, Claim):
            body = record.body
            line = {
                "id": record.id,
                "value": body.value,
                "source": record.source,
                "said_by": " ← ".join(body.said_by),
                "published": record.published_at,
                "since": body.valid_from,
                "polarity": body.polarity,
                "qualifiers": [f"{name} {value}" for name, value in body.qualifiers if name != "keyed_hash"],
            }
            groups.setdefault(body.property, []).append(line)
    return sorted(groups.items(), key=lambda item: (_FIRST.index(item[0]) if item[0] in _FIRST else 99, item[0]))


def _parties(record: Record) -> set[str]:
    return {party for party, _ in getattr(record.body, "parties", ())}


_COUNTRIES = names_of_type("country")
