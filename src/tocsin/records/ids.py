"""Ids and keys: the names of a saying and of what is said.

Both are BLAKE2b-128 over a compact JSON array in UTF-8, written as 32 hexadecimal digits. They never leave the node: an
unsalted hash gives small counts away, so what is exchanged is named by a salted root.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from tocsin.records.kinds import Body, Claim, Document, Event, Observation

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str, allow_nan=False).encode

_FIELDS: dict[str, tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {
    cls.record: (tuple(cls.__slots__), attrgetter(*cls.__slots__)) for cls in (Document, Claim, Event, Observation)
}
_SAME_CLAIM = attrgetter(
    "subject", "schema", "property", "value", "unit", "lang", "said_by", "act", "polarity", "valid_from", "qualifiers"
)
_SAME_SERIES = attrgetter("measure", "definition", "place", "period_start", "period_end", "substance", "dims")


def digest(*parts: object) -> str:
    """32 hexadecimal digits for a list of texts, numbers, dates, lists or ``None``; order matters."""
    return blake2b(_encode(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def record_id(
    source: str, document: str, locator: str, body: Body, published_at: datetime, withdrawn: bool = False
) -> str:
    """The id of one saying: a reload gives the same, a changed figure or a later release another.

    A document's id rests on its bytes and its release, not on when or under what file name it was fetched.
    """
    if isinstance(body, Document):
        return digest("document", source, body.part, body.sha256, body.scope, published_at)
    return digest(source, document, locator, withdrawn, _content(body))


def _content(body: Body) -> dict[str, Any]:
    """What the body says, without its empty fields, so that a column added later leaves every id as it was."""
    names, values = _FIELDS[body.record]
    return {name: value for name, value in zip(names, values(body), strict=True) if value is not None and value != ()}


def record_key(body: Body) -> str:
    """The key of what is said, equal over vintages: a series and period, an event's reference, a claim's content."""
    if isinstance(body, Observation):
        return digest("series", *_SAME_SERIES(body))
    if isinstance(body, Claim):
        return digest("claim", *_SAME_CLAIM(body))
    if isinstance(body, Event):
        return digest("event", body.kind, body.ref) if body.ref else digest("event", _content(body))
    return digest("document", body.part)


def series_key(
    measure: str, definition: str, place: str, start: date, end: date, substance: str | None = None, **dims: str
) -> str:
    """The key of an observation from its names alone, to look a series' value up."""
    return digest("series", measure, definition, place, start, end, substance, tuple(sorted(dims.items())))
