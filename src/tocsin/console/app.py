"""The console's application: pages, then the API, over one node."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from tocsin import __version__
from tocsin.console import api, pages
from tocsin.console.guard import guard
from tocsin.errors import NotFoundError, TocsinError
from tocsin.node import Node


def make_app(node: Node) -> FastAPI:
    """The application that answers for one node."""
    app = FastAPI(
        title="Tocsin", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json"
    )
    app.state.node = node
    app.middleware("http")(guard)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(api.router, prefix="/api/v1")
    app.add_exception_handler(TocsinError, _trouble)
    app.add_exception_handler(HTTPException, _http_trouble)
    app.add_exception_handler(RequestValidationError, _bad_request)
    return app


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
        pages.page("error.html", "", title="Not found" if status == 404 else "Not understood", line=line), status
    )
