"""Ledger entries as JSON values, for sets of records that travel with their accounting."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from tocsin.node.state import Accounting, LedgerEntry, Quarantined


def to_json(entry: LedgerEntry) -> dict[str, Any]:
    """The entry as plain values."""
    counts = entry.accounting
    accounting = {
        "read": counts.read,
        "accepted": counts.accepted,
        "skipped": dict(counts.skipped),
        "quarantined": [asdict(one) for one in counts.quarantined],
        "not_understood": counts.not_understood,
    }
    row = {field.name: getattr(entry, field.name) for field in fields(entry)} | {"accounting": accounting}
    return row | {"published_at": entry.published_at.isoformat(), "loaded_at": entry.loaded_at.isoformat()}


def from_json(row: dict[str, Any]) -> LedgerEntry:
    """The entry of plain values."""
    counts = row["accounting"]
    accounting = Accounting(
        read=counts["read"],
        accepted=counts["accepted"],
        skipped=Counter(counts["skipped"]),
        quarantined=[Quarantined(**one) for one in counts["quarantined"]],
        not_understood=counts["not_understood"],
    )
    moments = {name: datetime.fromisoformat(row[name]) for name in ("published_at", "loaded_at")}
    return LedgerEntry(**(row | moments | {"facets": tuple(row["facets"]), "accounting": accounting}))
