"""Nothing new, nothing sent: entity tags for pages and answers (RFC 9110, section 8.8.3)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin import __version__
from tocsin.node import Node

_CHOOSING = ("accept", "accept-language", "cookie")


def _tagged(path: str) -> bool:
    """The way in is never the same twice; style and script are there even when nothing else is."""
    return not path.startswith(("/start", "/style.css", "/script.js", "/icon.svg"))


class Unchanged:
    """ASGI middleware: answers 304 where the node, the day and the question are those of the answer the reader has."""

    def __init__(self, app: ASGIApp, node: Node) -> None:
        self._app, self._node = app, node

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tag a GET; let anything else through."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not _tagged(scope["path"]):
            await self._app(scope, receive, send)
            return
        tag = await run_in_threadpool(self._tag, scope)
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if tag in [one.strip().removeprefix("W/") for one in Headers(scope=scope).get("if-none-match", "").split(",")]:
            raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": 304, "headers": raw})
            await send({"type": "http.response.body", "body": b""})
            return

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self._app(scope, receive, tagged)

    def _tag(self, scope: Scope) -> str:
        """What the answer depends on: program, node, fetches, day, question, and by whom and how it is asked."""
        asked = Headers(scope=scope)
        parts = (
            __version__,
            *self._node.lake.state(),
            *(self._node.index.state or ()),
            self._node.pulls.state(),
            str(datetime.now(UTC).date()),
            scope["path"],
            scope["query_string"].decode("latin-1"),
            *(asked.get(name, "") for name in _CHOOSING),
        )
        return f'"{hashlib.blake2b(chr(0).join(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()}"'
