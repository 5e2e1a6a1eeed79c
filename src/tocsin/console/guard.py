"""What stands before every page and answer: this machine only, who was let in only, forms of our own only.

It is one place, so that a route made later cannot forget it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.console.access import Access, Caller, same
from tocsin.console.start import no_entry

OPEN = frozenset({"/start", "/style.css", "/icon.svg", "/script.js"})
"""What is shown to anybody on this machine, by GET."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_BODY = 64 * 1024
_MOST_ADDRESS = 8 * 1024
_LOCAL = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LOCKED = (
    "accelerometer autoplay camera clipboard-read clipboard-write display-capture encrypted-media fullscreen gamepad "
    "geolocation gyroscope hid idle-detection local-fonts magnetometer microphone midi payment picture-in-picture "
    "publickey-credentials-get screen-wake-lock serial storage-access usb xr-spatial-tracking"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _LOCKED.split()),
    "X-Content-Type-Options": "nosniff",
}


class _Refused(Exception):
    def __init__(self, answer: Response) -> None:
        self.answer = answer


class Guard:
    """ASGI middleware that lets a request through, or answers it itself; it puts the headers on either answer."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Guard one request; there are no WebSockets here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._guard(scope, receive, _Sender(send, scope["path"]))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _guard(self, scope: Scope, receive: Receive, send: _Sender) -> None:
        request = Request(scope, receive)
        try:
            caller = self._admit(request)
            if request.method not in _SAFE:
                receive = await _with_checked_body(request, receive, caller)
        except _Refused as refused:
            await refused.answer(scope, receive, send)
        except ClientDisconnect:
            return
        else:
            scope.setdefault("state", {}).update(caller=caller, csrf=caller.csrf if caller else "")
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: _Sender) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception:
            # Answered here, not further out, so that this answer has its headers too; raised again to be logged.
            if not send.begun:
                line = "something failed inside Tocsin; the terminal it runs in says what"
                await _line(Request(scope), 500, line)(scope, receive, send)
            raise

    def _admit(self, request: Request) -> Caller | None:
        _check_address(request)
        caller = self._access.caller(request.headers.get("authorization"), request.cookies.get(self._access.cookie))
        if caller is None and not (request.url.path in OPEN and request.method in _SAFE):
            raise _Refused(_how_to_get_in(request))
        _check_origin(request)
        return caller


class _Sender:
    """Sends on, with the headers every answer has. A route may say itself how long its answer may be kept."""

    def __init__(self, send: Send, path: str) -> None:
        self.begun = False
        self._send = send
        # A browser under no-referrer posts a form with "Origin: null", which says nothing; so only where a secret is.
        self._referrer = "no-referrer" if path == "/start" else "same-origin"

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers["Referrer-Policy"] = self._referrer
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)


def _check_address(request: Request) -> None:
    """Refuse a foreign Host (a page elsewhere that rebinds its name to this machine) and endless addresses."""
    hosts = request.headers.getlist("host")
    if len(hosts) != 1 or not _LOCAL.fullmatch(hosts[0]):
        raise _Refused(PlainTextResponse("This console answers to 127.0.0.1 only.", 421))
    if len(request.scope.get("raw_path") or b"") + len(request.scope["query_string"]) > _MOST_ADDRESS:
        raise _Refused(_line(request, 414, "the address is too long"))


def _check_origin(request: Request) -> None:
    """Refuse what another page, even one on another port of this machine, has the browser change or read by program."""
    unsafe = request.method not in _SAFE
    origin = request.headers.get("origin")
    foreign = unsafe and origin is not None and origin != f"{request.scope['scheme']}://{request.headers['host']}"
    from_elsewhere = request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
    if foreign or (from_elsewhere and (unsafe or _for_programs(request))):
        raise _Refused(_line(request, 403, "another page asked for this, not the console"))


async def _with_checked_body(request: Request, receive: Receive, caller: Caller | None) -> Receive:
    """The body to be read again by the route, once it was found short enough and a form of ours."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BODY:
            raise _Refused(_line(request, 413, "more than 64 kB were sent"))
    if caller is None or not (caller.program or same(_csrf(request, bytes(body)), caller.csrf)):
        raise _Refused(_line(request, 403, "this form is not of your session; open its page again and send it anew"))
    return _again(bytes(body), receive)


def _csrf(request: Request, body: bytes) -> str:
    if (header := request.headers.get("x-csrf-token")) is not None:
        return header
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return ""
    given = [value for name, value in parse_qsl(body.decode(errors="replace")) if name == "csrf"]
    return given[0] if len(given) == 1 else ""


def _again(body: bytes, receive: Receive) -> Receive:
    rest: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return rest.pop() if rest else await receive()

    return read


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith("/api/") or request.url.path == "/start/link"


def _line(request: Request, status: int, line: str) -> Response:
    if _for_programs(request):
        return JSONResponse({"error": line}, status)
    return PlainTextResponse(f"{line[0].upper()}{line[1:]}.", status)


def _how_to_get_in(request: Request) -> Response:
    if _for_programs(request):
        line = "no session and no token; send Authorization: Bearer with the token in console.json in the node's folder"
        return JSONResponse({"error": line}, 401, {"WWW-Authenticate": "Bearer"})
    return no_entry(request)
