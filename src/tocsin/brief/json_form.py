"""The brief as JSON values; the schema is ``data/brief.schema.json``."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from tocsin.brief.model import Brief
from tocsin.records.findings import Method

FORMAT = "tocsin-brief/1"


def as_json(brief: Brief) -> dict[str, Any]:
    """Plain values, ready for ``json.dumps``."""
    return {"format": FORMAT, "title": brief.title, **_plain(brief)}


def _plain(value: Any) -> Any:
    if isinstance(value, Method):
        return {**{f.name: getattr(value, f.name) for f in fields(value)}, "parameters": dict(value.parameters)}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
