"""Finding records: by id, by the vintages of one key, and by words in any script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.errors import NotFoundError, UsageError
from tocsin.node.view import View
from tocsin.records import vocabulary
from tocsin.records.display import FREE_TEXT, masked_text
from tocsin.records.kinds import Record
from tocsin.records.schemas import KINDS, SCHEMAS
from tocsin.records.tables import from_table

_SHORTEST_ID = 8
_MOST_WORDS = 16
MOST_RECORDS = 100_000
_SEARCHED = {
    "document": ("title", "publisher", "file_name", "part"),
    "claim": ("subject", "property", "value"),
    "event": ("kind", "ref", "place", "substances", "parties", "qualifiers"),
    "observation": ("measure", "definition", "place", "substance", "dims"),
}
_FILTERS = {"subject": ("claim",), "place": ("event", "observation"), "substance": ("observation",)}


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: words that must all occur, and fields that must be equal."""

    words: tuple[str, ...] = ()
    kind: str | None = None
    source: str | None = None
    subject: str | None = None
    place: str | None = None
    substance: str | None = None
    limit: int = 50


def find(view: View, name: str) -> Record:
    """The record whose id is or begins with ``name``; NotFoundError when there is none, UsageError when several."""
    if len(name) < _SHORTEST_ID:
        raise UsageError(f"{name!r} is too short for an id", mend=f"give at least {_SHORTEST_ID} of its signs")
    found = [
        record
        for kind in KINDS
        for record in from_table(kind, view.table(f"SELECT * FROM {kind}_stored WHERE starts_with(id, ?)", [name]))
    ]
    if not found:
        raise NotFoundError(f"no record here has the id {name}", mend="look with: tocsin records search")
    if len({record.id for record in found}) > 1:
        raise UsageError(f"{len(found)} records begin with {name}", mend="give more of the id")
    return found[0]


def by_ids(view: View, ids: Sequence[str]) -> list[Record]:
    """The records of these ids, of any kind, in the order of kinds and ids; ids nobody has are left out."""
    return [
        record
        for kind in KINDS
        for record in from_table(
            kind, view.table(f"SELECT * FROM {kind}_stored WHERE id IN (SELECT unnest($1)) ORDER BY id", [list(ids)])
        )
    ]


def vintages(view: View, record: Record) -> list[Record]:
    """Every saying of the same thing by the same source, oldest first."""
    kind = record.body.record
    if kind == "document":
        return [record]
    table = view.table(
        f"SELECT * FROM {kind}_stored WHERE source = ? AND key = ? ORDER BY published_at, known_at, id",
        [record.source, record.key],
    )
    return list(from_table(kind, table))


def search(view: View, query: Query) -> list[Record]:
    """Records that held as of the view's day and match, newest first, at most ``limit`` of each kind.

    Words match as parts of words, in any script and case, but never inside values that may only be shown masked.
    """
    kinds = [query.kind] if query.kind else list(KINDS)
    _check(query)
    if query.kind and query.kind not in KINDS:
        raise UsageError(f"{query.kind!r} is no kind of record", mend=f"use one of {', '.join(KINDS)}")
    found: list[Record] = []
    for kind in kinds:
        wanted = {name: getattr(query, name) for name in _FILTERS if getattr(query, name) is not None}
        if all(kind in _FILTERS[name] for name in wanted):
            found += _matches(view, kind, query, wanted)
    return found


def _check(query: Query) -> None:
    """UsageError for what no search could answer in time."""
    if len(query.words) > _MOST_WORDS:
        raise UsageError(f"{len(query.words)} words are too many", mend=f"give at most {_MOST_WORDS}")
    if not 1 <= query.limit <= MOST_RECORDS:
        raise UsageError(f"the limit is {query.limit}", mend=f"give a number from 1 to {MOST_RECORDS}")
    try:
        "".join((*query.words, *(getattr(query, name) or "" for name in (*_FILTERS, "source")))).encode()
    except UnicodeEncodeError:
        raise UsageError("a word is not Unicode text", mend="give it in UTF-8") from None


def _matches(view: View, kind: str, query: Query, wanted: dict[str, str]) -> list[Record]:
    conditions, parameters = ["true"], list[object]()
    for word in query.words:
        text = " || ' ' || ".join(f"coalesce(\"{name}\"::VARCHAR, '')" for name in _SEARCHED[kind])
        conditions.append(f"contains(lower({text}), lower(?))")
        parameters.append(word)
    if kind == "claim" and query.words:
        view.register("shown_properties", vocabulary.shown_properties())
        shown = "(schema, property) IN (SELECT (schema, property) FROM shown_properties)"
        conditions.append(f"(schema IS NULL OR {shown})")
    if kind == "claim" and any(masked_text(word) != word for word in query.words):
        conditions.append(f"property NOT IN {FREE_TEXT}")
    if query.source:
        conditions.append("source = ?")
        parameters.append(query.source)
    for name, value in wanted.items():
        conditions.append(f'"{name}" = ?')
        parameters.append(value)
    names = ", ".join(f'"{name}"' for name in SCHEMAS[kind].names)
    table = view.table(
        f"SELECT {names} FROM {kind} WHERE {' AND '.join(conditions)} ORDER BY published_at DESC, id LIMIT ?",
        [*parameters, query.limit],
    )
    return list(from_table(kind, table))
