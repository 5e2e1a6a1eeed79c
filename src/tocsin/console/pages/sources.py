"""Sources: what changed lately, how fetching went, every release, where its rows went, and the quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tocsin.console.asking import changes_of, ledger_of, node_of, read_day
from tocsin.console.rendering import page
from tocsin.feeds import SOURCES
from tocsin.node.state import LedgerEntry
from tocsin.records.display import masked_text

router = APIRouter(default_response_class=HTMLResponse)
_CHANGES_SHOWN = 12


@router.get("/sources")
def sources(request: Request, since: str = "", until: str = "", by: str = "published", as_of: str = "") -> str:
    """Every release held, where its rows went, what was quarantined, how fetching went, and what changed lately."""
    node = node_of(request)
    day = read_day(as_of)
    held = [one for one in ledger_of(request) if day is None or one.published_at.date() <= day]
    entries = sorted(held, key=lambda e: (e.source, e.part, e.published_at))
    return page(
        "sources.html",
        "/sources",
        request,
        entries=entries,
        about=SOURCES,
        overview=_overview(entries, day or datetime.now(UTC).date()),
        pulls=node.pulls.all(),
        asked={"since": since, "until": until, "by": by},
        changes=changes_of(request, since, until or as_of, by),
        most=_CHANGES_SHOWN,
        quarantine=[
            (entry.source, replace(bad, text=masked_text(bad.text), reason=masked_text(bad.reason)))
            for entry in entries
            for bad in entry.accounting.quarantined
        ],
    )


def _overview(entries: Sequence[LedgerEntry], today: date) -> list[dict[str, Any]]:
    """Of each source: how old the newest release is, and where the rows of all its releases went."""
    rows = []
    for source, group in groupby(entries, key=lambda e: e.source):
        some = list(group)
        newest = max(entry.published_at.date() for entry in some)
        rows.append(
            {
                "source": source,
                "newest": newest,
                "days": (today - newest).days,
                "releases": len(some),
                "read": sum(entry.accounting.read for entry in some),
                "accepted": sum(entry.accounting.accepted for entry in some),
                "skipped": sum(entry.accounting.skipped.total() for entry in some),
                "quarantined": sum(len(entry.accounting.quarantined) for entry in some),
            }
        )
    return rows
