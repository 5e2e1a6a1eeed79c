"""What keeps the console to this machine: a check of the Host header, and headers that forbid everything foreign."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

_LOCAL = {"127.0.0.1", "localhost", "[::1]"}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse a foreign Host (a page elsewhere that rebinds its name to this machine); set the headers."""
    host = request.headers.get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    response: Response = (
        await call_next(request)
        if name in _LOCAL
        else PlainTextResponse("This console answers to 127.0.0.1 only.", 421)
    )
    for header, value in _HEADERS.items():
        response.headers[header] = value
    return response
