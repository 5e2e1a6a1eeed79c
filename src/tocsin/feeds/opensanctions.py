"""FollowTheMoney data in bulk: ``entities.ftm.json`` and ``statements.csv``, as OpenSanctions and others write them.

Files are larger than memory, so they are read in stretches, in worker processes. Each property value is a claim; the
property ``id`` carries what is said of an entity as a whole (caption, lists, merged ids), as in the statements' own
model. ``last_seen`` is not kept: it is the day of every release. Statements marked external await the publisher's own
approval and are skipped. The user obtains the data; OpenSanctions' licence is CC BY-NC 4.0.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from tocsin.errors import RecordError
from tocsin.feeds.reading import BadRow, Reading, Skip
from tocsin.records import Claim
from tocsin.records.kinds import pairs
from tocsin.records.vocabulary import property_of, schemata

source = "opensanctions"
bulk = True
ENTITIES, STATEMENTS = "entities", "statements"
_COLUMNS = (
    "canonical_id", "entity_id", "prop", "prop_type", "schema", "value", "dataset", "lang", "original_value",
    "external", "first_seen", "last_seen", "id",
)  # fmt: skip
_ABOUT = ("caption", "last_change", "target")
_LONGEST_FIELD = 64 * 1024 * 1024
_LISTS = ("datasets", "referents", "origin")


class Said(NamedTuple):
    """The claims of a row, and how many of its properties FollowTheMoney's vocabulary here does not know."""

    claims: list[Claim]
    unknown: int


def entity(text: str) -> Said:
    """The claims of one line of ``entities.ftm.json``; BadRow for what is no entity."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRow(f"not JSON: {error}; get the file again") from None
    if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"]:
        raise BadRow("an entity needs an id; get the file again")
    schema, properties = _schema(row.get("schema")), row.get("properties", {})
    if not isinstance(properties, dict):
        raise BadRow("the properties are no object; get the file again")
    whole = Claim(
        row["id"],
        "id",
        row["id"],
        schema=schema,
        act="list",
        valid_from=_day(row.get("first_seen")),
        qualifiers=_about(row),
    )
    claims, unknown = [whole], 0
    for name, values in properties.items():
        unknown += not _known(schema, name)
        claims += [Claim(row["id"], name, value, schema=schema, act=_act(name)) for value in _texts(name, values)]
    _refuse_no_text(claims)
    return Said(claims, unknown)


def statement(cells: dict[str, str]) -> Said:
    """The claim of one row of ``statements.csv``; Skip for a suggestion that its publisher has not approved."""
    if cells["external"].casefold() in ("t", "true", "1"):
        raise Skip("external suggestion, not approved by the publisher")
    subject, name, schema = cells["canonical_id"] or cells["entity_id"], cells["prop"], _schema(cells["schema"])
    if not subject or not name or not cells["dataset"]:
        raise BadRow("a statement needs an entity, a property and a dataset; columns may be swapped")
    about = {"entity_id": cells["entity_id"] if cells["entity_id"] != subject else ""}
    about |= {"original_value": cells["original_value"], "origin": cells.get("origin", "")}
    claim = Claim(
        subject,
        name,
        # The value of an id statement is a checksum over all others: it would change with each of them.
        cells["entity_id"] if name == "id" else cells["value"],
        schema=schema,
        lang=cells["lang"] or None,
        said_by=(cells["dataset"],),
        act=_act(name),
        valid_from=_day(cells["first_seen"]),
        qualifiers=pairs({key: value for key, value in about.items() if value}),
    )
    return Said([claim], not _known(schema, name))


def layout(head: bytes) -> str:
    """Which of the two a file is, by its first bytes; BadRow for neither, with the difference of the columns."""
    first = head.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    if first.startswith("{"):
        return ENTITIES
    names = next(csv.reader([first]), [])
    missing, new = sorted(set(_COLUMNS) - set(names)), sorted(set(names) - {*_COLUMNS, "origin", "target"})
    if missing or new:
        raise BadRow(f"columns changed: missing {', '.join(missing) or 'none'}; new {', '.join(new) or 'none'}")
    return STATEMENTS


def read_stretch(
    part: str, data: bytes, header: list[str], reading: Reading, first: int
) -> Iterator[tuple[int, Claim]]:
    """(row, claim) of every row of a stretch, each claim of a row once; ``reading`` accounts for all of them."""
    for row, fields in _rows(part, data.decode("utf-8"), first):
        if not any(fields):
            reading.skip("blank")
            continue
        try:
            said = entity(fields[0]) if part == ENTITIES else _statement(header, fields)
        except (BadRow, RecordError) as error:
            reading.quarantine(row, error.reason if isinstance(error, RecordError) else str(error), fields)
        except Skip as error:
            reading.skip(str(error))
        else:
            reading.accept(())
            reading.accounting.not_understood += said.unknown
            yield from ((row, claim) for claim in dict.fromkeys(said.claims))


def _rows(part: str, text: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """(line, fields) of each row; a field in quotes may hold line ends."""
    if part == ENTITIES:
        yield from ((line, [text.strip()]) for line, text in enumerate(text.split("\n"), start=first))
        return
    csv.field_size_limit(_LONGEST_FIELD)
    reader, line = csv.reader(io.StringIO(text, newline="")), first
    for fields in reader:
        yield line, fields
        line = first + reader.line_num


def _statement(header: list[str], fields: list[str]) -> Said:
    if len(fields) != len(header):
        raise BadRow(f"{len(fields)} columns, not {len(header)}; get the file again")
    return statement(dict(zip(header, fields, strict=True)))


def _schema(name: object) -> str:
    if not isinstance(name, str) or name not in schemata():
        raise BadRow(f"FollowTheMoney has no schema {str(name)[:40]!r} known here; a newer Tocsin may know it")
    return name


def _known(schema: str, name: str) -> bool:
    try:
        property_of(schema, name)
    except RecordError:
        return name == "id"
    return True


def _texts(name: str, values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadRow(f"the values of {name!r} are no list of texts; get the file again")
    return values


def _refuse_no_text(claims: list[Claim]) -> None:
    """BadRow for half a surrogate pair, which JSON can write and no text can hold."""
    words = [
        word
        for claim in claims
        for word in (claim.subject, claim.property, claim.value, *dict(claim.qualifiers).values())
    ]
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        raise BadRow("a value is no Unicode text; get the file again") from None


def _act(name: str) -> str:
    return "list" if name == "topics" else "state"


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        raise BadRow(f"{str(text)[:20]!r} is no day; columns may be swapped") from None


def _about(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What is said of the entity as a whole; lists of ids as sorted words."""
    said = {name: str(row[name]) for name in _ABOUT if row.get(name) not in (None, "")}
    for name in _LISTS:
        if isinstance(row.get(name), list) and row[name]:
            said[name] = " ".join(sorted(map(str, row[name])))
    return pairs(said)
