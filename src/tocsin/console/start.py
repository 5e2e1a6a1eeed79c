"""The way in: the start link, a new one for a program that has the token, and what those read who are outside."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from tocsin.console import pages
from tocsin.console.access import Access

router = APIRouter()
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_NO_SESSION = (
    "You need a session, and this browser has none: it was not let in yet, the console was started anew, or 12 hours went by "
    "unused."
)
_COOKIES = "The browser must keep cookies for 127.0.0.1."
_NEW_LINK = "Run tocsin up again on this node: it prints a new link, and this console goes on running."


@router.get("/start")
def start(request: Request, secret: str = "", onward: Annotated[str, Query(alias="next")] = "/") -> Response:
    """Let a browser in by its one-time secret and send it on.

    It is sent on by a page, not by a redirect: where the link was clicked on a page elsewhere (web mail, a chat), a
    browser counts a redirect as still coming from there and withholds the strict cookie.
    """
    access: Access = request.app.state.access
    if is_ahead_of_time(request):
        return _page(request, 503, "Not yet", "This link opens the console once, when you open it.")
    if not is_local(onward):
        return _page(request, 400, "Not understood", "That link leads out of this console.")
    session = access.enter(secret)
    if session is None:
        words = ("This link was already used, or a newer one took its place.", _NEW_LINK)
        return _page(request, 403, "This link does not work", *words, onward="/" if request.state.caller else "")
    response = _page(request, 200, "Welcome", onward=onward, at_once=True)
    response.set_cookie(access.cookie, session, httponly=True, samesite="strict", path="/")
    return response


@router.post("/start/link")
def link(request: Request) -> Response:
    """A new start link, for a program that has the node's token."""
    if not request.state.caller.program:
        return JSONResponse({"error": "a program asks for this, with the node's token"}, 403)
    access: Access = request.app.state.access
    return JSONResponse({"link": access.new_link()})


def no_entry(request: Request) -> Response:
    """What somebody reads who has no session; nothing of what the node holds.

    A browser withholds its session from a link on a page elsewhere; so there the page asked for is linked once more.
    """
    words = (_NO_SESSION, _NEW_LINK, _COOKIES)
    target = request.scope.get("raw_path", b"").decode("latin-1")
    if query := request.scope["query_string"].decode("latin-1"):
        target = f"{target}?{query}"
    came_by_link = request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site"
    return _page(
        request, 403, "The console is locked", *words, onward=target if came_by_link and is_local(target) else ""
    )


def is_ahead_of_time(request: Request) -> bool:
    """Whether a browser only fetches what may be opened soon; that must not use up a link."""
    return any("prefetch" in request.headers.get(name, "").lower() for name in ("sec-purpose", "purpose", "x-moz"))


def is_local(path: str) -> bool:
    r"""Whether a browser takes this for a page of this console; it reads ``//name`` and ``/\name`` as another host."""
    return _LOCAL_PATH.fullmatch(path) is not None


def _page(request: Request, status: int, title: str, *words: str, **onward: Any) -> HTMLResponse:
    values = {"onward": "", "at_once": False, **onward}
    return HTMLResponse(pages.page("start.html", "", request, title=title, words=words, **values), status)
