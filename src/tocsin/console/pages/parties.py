"""Parties: looked for by name in any script; one party with all that is held about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tocsin.console.asking import index_of, moment_of
from tocsin.console.lines import lines_of
from tocsin.console.rendering import page
from tocsin.errors import NotFoundError
from tocsin.node.finding import Moment, Query, facts_of, said_of, search
from tocsin.node.index import Index
from tocsin.records.display import displayed
from tocsin.records.kinds import Claim, Record
from tocsin.records.vocabulary import names_of_type

router = APIRouter(default_response_class=HTMLResponse)
_SHOWN = 60
_FIRST = ("name", "alias", "weakAlias", "previousName", "topics", "programId", "country", "nationality")


@router.get("/parties")
def parties(request: Request, q: str = "", place: str = "", source: str = "", as_of: str = "") -> str:
    """Parties that have a claim with all the words."""
    index, moment, rows = index_of(request), moment_of(as_of), None
    if q.strip() or place.strip():
        query = Query(tuple(q.split()), "claim", source.strip() or None, None, None, place.strip().upper() or None)
        rows = found_parties(index, search(index, query, moment), moment)
    asked = {"q": q, "place": place, "source": source}
    return page("parties.html", "/parties", request, asked=asked, rows=rows, shown=_SHOWN)


@router.get("/parties/{subject}")
def party(request: Request, subject: str, as_of: str = "") -> str:
    """All that is held about one party, by who says it."""
    index, moment = index_of(request), moment_of(as_of)
    said = said_of(index, subject, moment)
    held = search(index, Query((), "claim", subject=subject, limit=1000), moment)
    if not said:
        raise NotFoundError("no party here has that name", mend="look for it on the page of parties")
    mentioned = search(index, Query((subject,), limit=200), moment)
    ids = {record.id for record in held}
    return page(
        "party.html",
        "/parties",
        request,
        subject=subject,
        title=_name(held or said),
        groups=_groups(held),
        sources=sorted({record.source for record in held}),
        events=lines_of(index, (one for one in mentioned if one.body.record == "event" and subject in _parties(one))),
        links=lines_of(index, (one for one in mentioned if isinstance(one.body, Claim) and one.body.value == subject)),
        former=lines_of(index, (one for one in said if one.withdrawn or one.id not in ids)),
    )


def found_parties(index: Index, records: Iterable[Record], moment: Moment) -> list[dict[str, Any]]:
    """A row for each party among the subjects of claims: its name, what was found of it, where it is."""
    by_subject: dict[str, list[Record]] = {}
    for record in records:
        if isinstance(record.body, Claim):
            by_subject.setdefault(record.body.subject, []).append(record)
    shown = dict(list(by_subject.items())[:_SHOWN])
    facts = facts_of(index, shown, ("name", *_COUNTRIES), moment)
    return [_row(subject, some, facts.get(subject, {})) for subject, some in shown.items()]


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
