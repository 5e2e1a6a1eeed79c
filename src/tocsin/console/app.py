"""The console's application: pages, then the API, over one node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from tocsin import __version__
from tocsin.console import api, api_substances, pages, start
from tocsin.console.access import Access
from tocsin.console.drawing import Drawers
from tocsin.console.guard import Guard
from tocsin.console.unchanged import Unchanged
from tocsin.errors import NotFoundError, TocsinError
from tocsin.node import Node

_AT_ONCE = 5


def make_app(node: Node, access: Access | None = None, drawers: Drawers | None = None) -> FastAPI:
    """The application that answers for one node, to those whom ``access`` lets in: nobody, where it is not given.

    ``drawers``: processes that draw its pictures; without them they are drawn in this one.
    """
    access = access or Access()
    app = FastAPI(
        title="Tocsin", version=__version__, docs_url=None, redoc_url=None, openapi_url=None, lifespan=_few_at_once
    )
    app.state.node, app.state.access, app.state.drawers = node, access, drawers
    app.add_middleware(Unchanged, node=node)
    # The last one added stands outermost: nobody is told that nothing changed who may not come in.
    app.add_middleware(Guard, access=access)
    app.include_router(start.router, include_in_schema=False)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(api_substances.router, prefix="/api/v1", responses=api.TROUBLES)
    app.add_exception_handler(TocsinError, _trouble)
    app.add_exception_handler(HTTPException, _http_trouble)
    app.add_exception_handler(RequestValidationError, _bad_request)
    return app


@asynccontextmanager
async def _few_at_once(_app: FastAPI) -> AsyncIterator[None]:
    """Work on few pages at a time, in the order they were asked for: more would only wait for one another."""
    limiter = anyio.to_thread.current_default_thread_limiter()
    before, limiter.total_tokens = limiter.total_tokens, _AT_ONCE
    yield
    limiter.total_tokens = before


def _trouble(request: Request, error: Exception) -> Response:
    assert isinstance(error, TocsinError)
    return _answer(request, 404 if isinstance(error, NotFoundError) else 400, error.line())


def _http_trouble(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(
        request, error.status_code, "there is no such page" if error.status_code == 404 else str(error.detail)
    )


def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    return _answer(request, 400, f"{'.'.join(str(part) for part in first['loc'][1:])}: {first['msg']}")


def _answer(request: Request, status: int, line: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": line}, status)
    return HTMLResponse(
        pages.page("error.html", "", request, title="Not found" if status == 404 else "Not understood", line=line),
        status,
    )
