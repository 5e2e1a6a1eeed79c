"""The pages: brief, records, one record, the evidence of a figure, sources."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tocsin.brief import Brief, as_html
from tocsin.brief.html import style
from tocsin.console.asking import Asked, brief_of, changes_of, node_of, view_of
from tocsin.errors import NotFoundError
from tocsin.node.finding import Query, by_ids, find, search, vintages
from tocsin.records.display import displayed, masked_text
from tocsin.records.ids import digest
from tocsin.records.jsonl import to_row
from tocsin.records.kinds import Record
from tocsin.records.schemas import KINDS
from tocsin.records.summary import summary

router = APIRouter(default_response_class=HTMLResponse)
_CHANGES_SHOWN = 12
ROOMS = (("/", "Brief"), ("/records", "Records"), ("/sources", "Sources"))


@router.get("/")
def front(request: Request, as_of: str = "", days: str = "", country: str = "") -> str:
    """The brief, with a form to ask for another day, country or window."""
    asked = Asked.read(as_of, days, country)
    page_of = brief_of(request, asked)

    def link(evidence: tuple[str, ...]) -> str:
        if len(evidence) == 1:
            return f"/records/{evidence[0]}"
        return f"/evidence/{digest(*evidence)}?{urlencode(asked.query())}"

    body = Markup(as_html(page_of, link, fragment=True))  # noqa: S704  rendered with everything escaped
    return page("brief.html", "/", title=page_of.title, asked=asked, body=body)


@router.get("/evidence/{name}")
def evidence(request: Request, name: str, as_of: str = "", days: str = "", country: str = "") -> str:
    """The records one figure of the brief rests on."""
    asked = Asked.read(as_of, days, country)
    label, ids = _evidence(brief_of(request, asked), name)
    with view_of(request) as view:
        found = by_ids(view, ids)
    return page("evidence.html", "/", title=f"Records behind: {label}", rows=[_line(record) for record in found])


@router.get("/records")
def records(
    request: Request,
    q: str = "",
    kind: str = "",
    source: str = "",
    place: str = "",
    substance: str = "",
    subject: str = "",
) -> str:
    """Search: words in any script, and fields."""
    asked = {"kind": kind, "source": source, "subject": subject, "place": place, "substance": substance}
    rows = None
    if q.strip() or any(asked.values()):
        with view_of(request) as view:
            rows = [
                _line(record)
                for record in search(
                    view,
                    Query(
                        tuple(q.split()),
                        kind or None,
                        source or None,
                        subject or None,
                        place or None,
                        substance or None,
                    ),
                )
            ]
    return page("records.html", "/records", title="Records", q=q, asked=asked, kinds=KINDS, rows=rows)


@router.get("/records/{name}")
def record(request: Request, name: str) -> str:
    """One record with every field, its document and its vintages."""
    with view_of(request) as view:
        found = find(view, name)
        others = [_line(one) for one in vintages(view, found)]
        documents = by_ids(view, [found.document])
    shown = displayed(found)
    return page(
        "record.html",
        "/records",
        title=summary(shown),
        fields=_fields(to_row(shown)),
        documents=[(one.id, _fields(to_row(one))) for one in documents if one.id != found.id],
        rows=others,
    )


@router.get("/sources")
def sources(request: Request, since: str = "", until: str = "", by: str = "published") -> str:
    """Every release held, where its rows went, what was quarantined, how fetching went, and what changed lately."""
    from tocsin.feeds import SOURCES

    node = node_of(request)
    entries = sorted(node.ledger(), key=lambda e: (e.source, e.part, e.published_at))
    return page(
        "sources.html",
        "/sources",
        title="Sources",
        entries=entries,
        about=SOURCES,
        pulls=node.pulls.all(),
        asked={"since": since, "until": until, "by": by},
        changes=changes_of(request, since, until, by),
        most=_CHANGES_SHOWN,
        quarantine=[(source, replace(bad, text=masked_text(bad.text))) for source, bad in node.quarantine()],
    )


@router.get("/style.css")
def style_sheet() -> Response:
    """The style sheet."""
    return Response(style(), media_type="text/css")


@router.get("/icon.svg")
def icon() -> Response:
    """A bell, for the browser's tab."""
    return Response(_ICON, media_type="image/svg+xml")


_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#2f6fa8" '
    'd="M8 1a4 4 0 0 0-4 4v4l-2 3h12l-2-3V5a4 4 0 0 0-4-4zM6.5 13a1.5 1.5 0 0 0 3 0z"/></svg>'
)


def page(template: str, here: str, **values: Any) -> str:
    """A page of the console by its template."""
    return _environment().get_template(template).render(rooms=ROOMS, here=here, **values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tocsin.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _line(record: Record) -> dict[str, Any]:
    shown = displayed(record)
    return {
        "id": record.id,
        "kind": record.body.record,
        "says": summary(shown),
        "published": record.published_at,
        "source": record.source,
        "withdrawn": record.withdrawn,
    }


def _fields(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in row.items()
        if value not in (None, [], {})
    ]


def _evidence(brief: Brief, name: str) -> tuple[str, tuple[str, ...]]:
    for section in brief.sections:
        for figure in section.figures:
            if digest(*figure.evidence) == name:
                return f"{figure.label}: {figure.text} {figure.unit}", figure.evidence
        for table in section.tables:
            for row in table.rows:
                for cell in row:
                    if cell.evidence and digest(*cell.evidence) == name:
                        return f"{table.title}: {row[0].text}, {cell.text}", cell.evidence
    raise NotFoundError("no figure of this brief rests on that", mend="open it from the brief")
