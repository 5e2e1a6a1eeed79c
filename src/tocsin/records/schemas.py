"""Arrow schemas of the four kinds of record: the contract every other part builds on.

Version 1. A later version may add nullable columns; it never renames, retypes or drops one.
"""

from __future__ import annotations

import pyarrow as pa

SCHEMA_VERSION = 1

_TEXTS = pa.list_(pa.field("element", pa.string(), nullable=False))
_WORDS = pa.map_(pa.string(), pa.field("value", pa.string(), nullable=False))
_TIME = pa.timestamp("us", tz="UTC")
_PARTIES = pa.list_(
    pa.field(
        "element",
        pa.struct([pa.field("party", pa.string(), nullable=False), pa.field("role", pa.string(), nullable=False)]),
        nullable=False,
    )
)

MARKING = pa.struct(
    [
        pa.field("tlp", pa.string(), nullable=False),
        pa.field("owners", _TEXTS, nullable=False),
        pa.field("released_to", _TEXTS),
        pa.field("relay", pa.bool_(), nullable=False),
        pa.field("expires", _TIME),
    ]
)

ENVELOPE = [
    pa.field("id", pa.string(), nullable=False),
    pa.field("key", pa.string(), nullable=False),
    pa.field("source", pa.string(), nullable=False),
    pa.field("document", pa.string(), nullable=False),
    pa.field("locator", pa.string(), nullable=False),
    pa.field("published_at", _TIME, nullable=False),
    pa.field("known_at", _TIME, nullable=False),
    pa.field("withdrawn", pa.bool_(), nullable=False),
    pa.field("marking", MARKING, nullable=False),
    pa.field("licence", pa.string(), nullable=False),
]

BODIES: dict[str, list[pa.Field]] = {
    "document": [
        pa.field("part", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("publisher", pa.string(), nullable=False),
        pa.field("url", pa.string()),
        pa.field("file_name", pa.string()),
        pa.field("media_type", pa.string()),
        pa.field("lang", pa.string()),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("scope", pa.string(), nullable=False),
    ],
    "claim": [
        pa.field("subject", pa.string(), nullable=False),
        pa.field("schema", pa.string()),
        pa.field("property", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("unit", pa.string()),
        pa.field("lang", pa.string()),
        pa.field("said_by", _TEXTS, nullable=False),
        pa.field("act", pa.string(), nullable=False),
        pa.field("polarity", pa.string(), nullable=False),
        pa.field("valid_from", pa.date32()),
        pa.field("valid_to", pa.date32()),
        pa.field("grade", pa.string()),
        pa.field("quote", pa.string()),
        pa.field("qualifiers", _WORDS, nullable=False),
    ],
    "event": [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("ref", pa.string()),
        pa.field("date", pa.date32()),
        pa.field("date_precision", pa.string(), nullable=False),
        pa.field("date_earliest", pa.date32()),
        pa.field("place", pa.string()),
        pa.field("place_from", pa.string()),
        pa.field("place_via", _TEXTS, nullable=False),
        pa.field("place_to", pa.string()),
        pa.field("latitude", pa.float64()),
        pa.field("longitude", pa.float64()),
        pa.field("substances", _TEXTS, nullable=False),
        pa.field("quantity", pa.float64()),
        pa.field("unit", pa.string()),
        pa.field("quantity_si", pa.float64()),
        pa.field("unit_si", pa.string()),
        pa.field("form", pa.string()),
        pa.field("parties", _PARTIES, nullable=False),
        pa.field("qualifiers", _WORDS, nullable=False),
    ],
    "observation": [
        pa.field("measure", pa.string(), nullable=False),
        pa.field("definition", pa.string(), nullable=False),
        pa.field("place", pa.string(), nullable=False),
        pa.field("period_start", pa.date32(), nullable=False),
        pa.field("period_end", pa.date32(), nullable=False),
        pa.field("substance", pa.string()),
        pa.field("dims", _WORDS, nullable=False),
        pa.field("value", pa.float64()),
        pa.field("lower", pa.float64()),
        pa.field("upper", pa.float64()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
    ],
}

KINDS = tuple(BODIES)

SCHEMAS: dict[str, pa.Schema] = {
    kind: pa.schema(ENVELOPE + body, metadata={"tocsin.kind": kind, "tocsin.schema_version": str(SCHEMA_VERSION)})
    for kind, body in BODIES.items()
}
