"""The front page, and the records a figure of it rests on."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from tocsin.brief import Brief, as_html
from tocsin.console.asking import Asked, brief_of, built, index_of, key_of, moment_of, node_of
from tocsin.console.language import language_of, translations
from tocsin.console.lines import lines_of, start_of
from tocsin.console.once import once
from tocsin.console.rendering import page, to
from tocsin.errors import NotFoundError
from tocsin.node import Node
from tocsin.node.finding import by_ids
from tocsin.records.ids import digest

router = APIRouter(default_response_class=HTMLResponse)
_MOST_SHOWN = 500


@router.get("/")
def front(request: Request, as_of: str = "", days: str = "", country: str = "") -> str:
    """The brief, with a form to ask for another day, country or window."""
    asked = Asked.read(as_of, days, country)
    title, body = _body(asked, language_of(request), *key_of(node_of(request)))
    return page("brief.html", "/", request, title=title, asked=asked, body=body)


def front_page(node: Node) -> None:
    """Make the front page as most readers ask for it."""
    _body(Asked.read("", "", ""), "en", *key_of(node))


@router.get("/evidence/{name}")
def evidence(request: Request, name: str, as_of: str = "", days: str = "", country: str = "") -> str:
    """The records one figure of the brief rests on."""
    asked = Asked.read(as_of, days, country)
    label, ids = _evidence(brief_of(request, asked), name)
    index = index_of(request)
    found = sorted(by_ids(index, ids[:_MOST_SHOWN]), key=start_of)
    return page(
        "evidence.html", "/", request, label=label, rows=lines_of(index, found, moment_of(as_of)), count=len(ids)
    )


@once(most=128)
def _body(asked: Asked, language: str, node: Node, today: date, state: object) -> tuple[str, Markup]:
    brief, query = built(asked, node, today, state), asked.query()

    def link(evidence: tuple[str, ...]) -> str:
        if len(evidence) == 1:
            return to(f"/records/{evidence[0]}", query.get("as_of", ""))
        return to(f"/evidence/{digest(*evidence)}", **query)

    translate = translations(language).gettext
    return brief.title, Markup(as_html(brief, link, fragment=True, translate=translate))  # noqa: S704  escaped there


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
