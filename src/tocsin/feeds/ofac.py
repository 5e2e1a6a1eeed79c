r"""OFAC's list of Specially Designated Nationals: the raw CSV set, the names-and-aliases CSV, and the daily history.

Raw files have no header; ``-0-`` is empty; ``\x1a`` is a footer; a remark longer than 1,000 signs goes on in the comments
file. No file carries a date: it comes from the file's name or from the user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tocsin.errors import InputError
from tocsin.feeds import ofac_history
from tocsin.feeds.catalogue import SOURCES
from tocsin.feeds.files import SourceFile, csv_rows
from tocsin.feeds.ofac_parties import SCHEMATA, party_id, programmes, statements
from tocsin.feeds.ofac_remarks import Party, pieces, read_piece
from tocsin.feeds.reading import BadRow, Reading, read_rows, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.node.list_changes import Slot
from tocsin.node.merge import Statement
from tocsin.records import Claim
from tocsin.records.kinds import pairs
from tocsin.records.places import country_code

source = "us-ofac-sdn"
_WIDTHS = {12: "sdn", 5: "alt", 6: "add", 2: "comments"}
_NAMES = (Layout("names", ("uid", "name", "type", "programs", "alternate_names")),)
_ALIASES = {"aka": "alias", "fka": "previousName", "nka": "alias"}
_LIST = ("topics", "name", "programId")
_REMARK_LIMIT = 1000
_VESSEL_COLUMNS = {5: "callSign", 6: "type", 7: "tonnage", 8: "grossRegisteredTonnage", 9: "flag"}
_OWNER, _REMARKS = 10, 11
_EMPTY = "-0-"


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """The releases in these files; layouts are told by their header or their width."""
    layouts = [(_layout(file), file) for file in files]
    comments = {file.published: _tails(file) for layout, file in layouts if layout == "comments"}
    cut: dict[str, Party] = {}
    found: list[Release] = []
    for layout, file in sorted(layouts, key=lambda pair: pair[0] == "comments"):
        if layout == "history":
            found.append(ofac_history.release(file, slot_of))
        elif layout == "names":
            found.append(_release("names", _names(file), {"list", "aliases"}))
        elif layout == "sdn":
            found.append(_release("sdn", _sdn(file, comments.get(file.published, {}), cut), {"list", "remarks"}))
        elif layout == "comments":
            found.append(_release("comments", _continued(file, cut), {"comments"}))
        else:
            width, read, facet = _SMALL[layout]
            found.append(_release(layout, read_rows(Reading(file), csv_rows(file), width, read), {facet}))
    return found


def slot_of(statement: Statement) -> Slot | None:
    """Facets cross the files: any list of parties takes back membership, any list of aliases takes back an alias."""
    part, subject, name, value, key = statement
    if name in _LIST and part in ("sdn", "names", "history"):
        return "list", key
    if name in ("alias", "previousName") and part in ("alt", "names"):
        return "aliases", (subject, name, value)
    facet = {"sdn": "remarks", "add": "addresses"}.get(part, part)
    return facet, key


def slot_without_type(statement: Statement) -> Slot | None:
    """The slot for the names file, which does not say whether an alias is a former name."""
    part, subject, name, value, _ = statement
    if name in ("alias", "previousName") and part in ("alt", "names"):
        return "aliases", (subject, value)
    return slot_of(statement)


def _layout(file: SourceFile) -> str:
    _, first = next(csv_rows(file))
    names = {field.strip() for field in first}
    if names & {"uid", "alternate_names"}:
        return "names"
    if names & {"first_seen", "last_seen"}:
        return "history"
    if len(first) in _WIDTHS and first[0].strip().isdigit():
        return _WIDTHS[len(first)]
    raise InputError(
        f"is none of the list's layouts ({len(first)} columns)",
        file=file.name,
        row=1,
        mend="give sdn, alt, add, sdn_comments or the names CSV",
    )


def _release(part: str, reading: Reading, facets: set[str]) -> Release:
    return release_of(
        source,
        reading,
        part,
        title=f"{SOURCES[source].name}: {part}",
        facets=facets,
        slot_of=slot_without_type if part == "names" else slot_of,
    )


def _cell(fields: Sequence[str], place: int) -> str:
    return "" if fields[place] == _EMPTY else fields[place]


def _sdn(file: SourceFile, comments: Mapping[str, str], cut: dict[str, Party]) -> Reading:
    names = _ids_by_name(file)
    unread = 0

    def read(line: int, fields: list[str]) -> list[Draft]:
        nonlocal unread
        subject, schema = party_id(fields[0]), _schema(fields[2])
        party = Party(subject, schema, names)
        drafts = [Draft(c, f"row {line}") for c in statements(subject, schema, fields[1], programmes(fields[3]))]
        drafts += [Draft(c, f"row {line}") for c in _columns_of(fields, subject, schema)]
        remarks = fields[_REMARKS]
        found = pieces(remarks)
        if len(remarks) >= _REMARK_LIMIT and found:
            # Where both files are of one day, the piece that was cut is whole again; else it stays as it is.
            cut[fields[0]] = party
            found[-1] += comments.get(fields[0], "").split(";", 1)[0]
        for number, piece in enumerate(found, start=1):
            claims, understood = read_piece(piece, party)
            unread += not understood
            drafts += [Draft(c, f"row {line}, remark {number}") for c in claims]
        return drafts

    reading = read_rows(Reading(file), csv_rows(file), 12, read)
    reading.accounting.not_understood = unread
    return reading


def _ids_by_name(file: SourceFile) -> dict[str, str]:
    """Parties by name, for links; a name that two parties share names neither."""
    ids: dict[str, set[str]] = {}
    for _, fields in csv_rows(file):
        if len(fields) == 12 and fields[0].strip().isdigit():
            ids.setdefault(fields[1].strip(), set()).add(party_id(fields[0].strip()))
    return {name: next(iter(some)) for name, some in ids.items() if len(some) == 1}


def _columns_of(fields: Sequence[str], subject: str, schema: str) -> Iterator[Claim]:
    if title := _cell(fields, 4):
        yield Claim(subject, "position" if schema == "Person" else "notes", title, schema=schema)
    if schema == "Vessel":
        for place, name in _VESSEL_COLUMNS.items():
            value = _cell(fields, place)
            value = (country_code(value) or value) if name == "flag" else value
            if value:
                yield Claim(subject, name, value, schema=schema)
    if owner := _cell(fields, _OWNER):
        yield Claim(subject, "notes", f"vessel owner: {owner}", schema=schema)


def _schema(kind: str) -> str:
    if kind not in SCHEMATA:
        raise BadRow(f"{kind!r} is no type of party; columns may be swapped")
    return SCHEMATA[kind]


def _aliases(line: int, fields: list[str]) -> list[Draft]:
    name = _ALIASES.get(fields[2])
    if name is None:
        raise BadRow(f"{fields[2]!r} is no type of alias; columns may be swapped")
    subject, alias = party_id(fields[0]), _cell(fields, 3)
    return [Draft(Claim(subject, name, alias, schema="Thing"), f"row {line}")] if alias else []


def _addresses(line: int, fields: list[str]) -> list[Draft]:
    subject = party_id(fields[0])
    if not fields[1].isdigit():
        raise BadRow(f"{fields[1]!r} is no address number; columns may be swapped")
    street, city, country = (_cell(fields, place) for place in (2, 3, 4))
    where = pairs({"city": city} if city else {})
    full = ", ".join(part for part in (street, city, country) if part)
    claims = []
    if code := country_code(country):
        claims.append(Claim(subject, "country", code, schema="Thing", qualifiers=where))
    if street or (full and not claims):
        claims.append(Claim(subject, "address", full, schema="Thing"))
    return [Draft(claim, f"row {line}") for claim in claims]


def _tails(file: SourceFile) -> dict[str, str]:
    return {fields[0].strip(): fields[1] for _, fields in csv_rows(file) if len(fields) == 2}


def _continued(file: SourceFile, cut: Mapping[str, Party]) -> Reading:
    """The rest of remarks that did not fit; its first piece was read with the remark it continues."""
    unread = 0

    def read(line: int, fields: list[str]) -> list[Draft]:
        nonlocal unread
        if fields[0] not in cut:
            raise BadRow("continues a remark that is not in the sdn file loaded with it; load both files together")
        party = cut[fields[0]]
        drafts = []
        for number, piece in enumerate(pieces(fields[1].partition(";")[2]), start=1):
            claims, understood = read_piece(piece, party)
            unread += not understood
            drafts += [Draft(c, f"row {line}, continued {number}") for c in claims]
        return drafts

    reading = read_rows(Reading(file), csv_rows(file), 2, read)
    reading.accounting.not_understood = unread
    return reading


def _names(file: SourceFile) -> Reading:
    def read(row: Row) -> list[Draft]:
        subject, schema = party_id(row["uid"]), _schema(row["type"])
        aliases = [alias for alias in re.split(r";\s*", row["alternate_names"]) if alias.strip()]
        claims = [
            *statements(subject, schema, row["name"], programmes(row["programs"])),
            *(Claim(subject, "alias", alias, schema="Thing") for alias in aliases),
        ]
        return [Draft(claim, f"row {row.line}") for claim in claims]

    return read_table(file, _NAMES, read)[1]


_SMALL = {"alt": (5, _aliases, "aliases"), "add": (6, _addresses, "addresses")}
