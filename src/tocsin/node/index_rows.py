"""What the index keeps of each kind of record: queries over the lake's files, and the searched text."""

from __future__ import annotations

from tocsin.records import vocabulary
from tocsin.records.display import FREE_TEXT, masked_text
from tocsin.records.folding import folded
from tocsin.records.places import name_of
from tocsin.records.schemas import BODIES, ENVELOPE, KINDS

_APART = frozenset(field.name for field in ENVELOPE) - {"locator"}
BODY_COLUMNS = {kind: ("locator", *(field.name for field in BODIES[kind])) for kind in KINDS}
"""The columns a record's ``body`` in the index holds, as a JSON array in this order."""

# (hash, source, name, subject, place, substance, dims, words): masked values are no words, so none can be searched out.
_SHOWN = "(schema IS NULL OR (schema, property) IN (SELECT (schema, property) FROM shown_properties))"
# A claim that names a country of its subject is at that place.
_COUNTRY = f"property IN ({', '.join(repr(name) for name in vocabulary.names_of_type('country'))})"
_TOPICS = {
    "document": "source, part, NULL, NULL, NULL, NULL, concat_ws(' ', title, publisher, file_name, part)",
    "claim": f"""source, property, subject, CASE WHEN {_COUNTRY} THEN upper(value) END, NULL, NULL,
        CASE WHEN {_SHOWN} THEN concat_ws(' ', subject, property, value) ELSE '' END""",
    "event": """source, kind, NULL, place, NULL, NULL,
        concat_ws(' ', kind, ref, place, substances::VARCHAR, parties::VARCHAR, qualifiers::VARCHAR)""",
    "observation": """source, definition, NULL, place, substance, to_json(dims)::VARCHAR,
        concat_ws(' ', measure, definition, place, substance, dims::VARCHAR)""",
}
_START = {"document": "NULL", "claim": "valid_from", "event": "date", "observation": "period_start"}


def _hash(kind: str) -> str:
    return f"(hash('{kind}', {_TOPICS[kind]}) >> 1)::BIGINT"


TOPIC_QUERY = {kind: f"SELECT DISTINCT {_hash(kind)}, {_TOPICS[kind]} FROM {{source}} ORDER BY 1" for kind in KINDS}
RECORD_QUERY = {
    kind: f"""SELECT {_hash(kind)}, {{kind}}, unhex(id), unhex(key), source, document, licence, to_json(marking)::VARCHAR,
        epoch_us(published_at), epoch_us(known_at), withdrawn::INTEGER, {_START[kind]}::VARCHAR,
        json_array({", ".join(f'"{name}"' for name in BODY_COLUMNS[kind])})::VARCHAR FROM {{source}}"""
    for kind in KINDS
}


def text_of(name: str, place: str | None, words: str) -> str:
    """The words as they are searched, with the place's name; two blanks let a word of two signs be found at the end."""
    if name in FREE_TEXT:
        words = masked_text(words)
    return folded(f"{words} {name_of(place)}" if place else words) + "  "
