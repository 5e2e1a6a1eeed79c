"""From a template to a page, in the reader's language, as of the reader's day."""

from __future__ import annotations

from functools import cache, partial
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined

from tocsin.console.language import LANGUAGES, language_of, number, place_name, translations

ROOMS = (
    ("/", "Brief"),
    ("/records", "Records"),
    ("/series", "Series"),
    ("/substances", "Substances"),
    ("/parties", "Parties"),
    ("/places", "Places"),
    ("/sources", "Sources"),
)


def page(template: str, here: str, request: Request | None = None, **values: Any) -> str:
    """A page of the console by its template; ``here`` is the room it belongs to."""
    language = language_of(request)
    as_of = _as_of(request)
    return (
        environment(language)
        .get_template(template)
        .render(
            here=here,
            as_of=as_of,
            address=_address(request),
            asked_for=_asked_for(request),
            csrf=getattr(request.state, "csrf", "") if request else "",
            to=partial(to, as_of=as_of),
            **values,
        )
    )


def to(path: str, as_of: str = "", **query: object) -> str:
    """The address of a page, as of the reader's day; empty parameters are left out."""
    if not query:
        return f"{path}?as_of={quote_plus(as_of)}" if as_of else path
    wanted = {name: value for name, value in {**query, "as_of": as_of}.items() if value not in ("", None)}
    return f"{path}?{urlencode(wanted, doseq=True)}" if wanted else path


@cache
def environment(language: str) -> Environment:
    """The templates in one language; everything put in is escaped."""
    held = Environment(
        loader=PackageLoader("tocsin.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    held.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    held.filters["number"] = partial(number, language=language)
    held.filters["place"] = partial(place_name, language=language)
    # For texts that are data: _() marks what it gives as safe, so it is for the templates' own texts only.
    held.globals.update(rooms=ROOMS, languages=LANGUAGES, language=language, t=translations(language).gettext)
    return held


def _as_of(request: Request | None) -> str:
    return request.query_params.get("as_of", "") if request else ""


def _address(request: Request | None) -> str:
    """The page's own address, to come back to it."""
    if request is None:
        return "/"
    path = quote(request.url.path)
    return f"{path}?{request.url.query}" if request.url.query else path


def _asked_for(request: Request | None) -> list[tuple[str, str]]:
    """The page's own parameters but the day, for the form that changes the day."""
    if request is None:
        return []
    return [(name, value) for name, value in request.query_params.multi_items() if name != "as_of" and value]
