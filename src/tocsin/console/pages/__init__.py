"""The pages of the console, one module a room."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from tocsin.console.pages import brief, parties, places, records, series, settings, sources, substances
from tocsin.console.rendering import page

router = APIRouter(default_response_class=HTMLResponse)
for room in (brief, records, series, substances, parties, places, sources, settings):
    router.include_router(room.router)

__all__ = ["page", "router"]
