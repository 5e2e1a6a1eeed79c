"""What a reader may choose, and the files every page needs."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from tocsin.brief.html import style
from tocsin.console.language import COOKIE, LANGUAGES
from tocsin.errors import UsageError

router = APIRouter()
_A_YEAR = 365 * 24 * 3600
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#2f6fa8" '
    'd="M8 1a4 4 0 0 0-4 4v4l-2 3h12l-2-3V5a4 4 0 0 0-4-4zM6.5 13a1.5 1.5 0 0 0 3 0z"/></svg>'
)


@router.post("/language")
async def choose_language(request: Request) -> Response:
    """Keep the language chosen, and go back to the page it was chosen on."""
    form = dict(parse_qsl((await request.body()).decode(errors="replace")))
    language, back = form.get("language", ""), form.get("back", "/")
    if language not in LANGUAGES:
        raise UsageError(f"language is {language[:20]!r}", mend=f"use one of {', '.join(LANGUAGES)}")
    # A path of this console only: what begins with two slashes is another host.
    answer = RedirectResponse(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", 303)
    answer.set_cookie(COOKIE, language, max_age=_A_YEAR, httponly=True, samesite="strict", path="/")
    return answer


@router.get("/style.css")
async def style_sheet() -> Response:
    """The style sheet of brief and console."""
    return Response(style() + _static("console.css"), media_type="text/css")


@router.get("/script.js")
async def script() -> Response:
    """Tooltips and the keyboard in charts; every page works without it."""
    return Response(_static("script.js"), media_type="text/javascript")


@router.get("/icon.svg")
async def icon() -> Response:
    """A bell, for the browser's tab."""
    return Response(_ICON, media_type="image/svg+xml")


@cache
def _static(name: str) -> str:
    return files("tocsin.console").joinpath("static", name).read_text(encoding="utf-8")
