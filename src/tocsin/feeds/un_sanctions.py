"""The Security Council's Consolidated List: whom the United Nations list, since which day.

The reference number (``QDi.006``) names an entry: committees cite it and keep it over every amendment; the file's DATAID is
an inner number that nobody promises to keep, so it serves only where the reference is missing. LAST_DAY_UPDATED holds every
amendment; the newest is kept. An entry without an alias has one empty alias.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tocsin.feeds.files import SourceFile
from tocsin.feeds.list_parties import (
    Listed,
    born,
    designated,
    drafts,
    issued_by,
    listed,
    listing_day,
    lived,
    noted,
    numbered,
    placed,
    property_for,
    starts_with_label,
    told,
)
from tocsin.feeds.reading import BadRow, release_of
from tocsin.feeds.xml_files import Element, XmlLayout, line_of, read_list, released_at, text, texts, value
from tocsin.node import Draft, Release
from tocsin.records import Claim, Event

source = "un-sc-sanctions"
_BOTH = (
    "DATAID! VERSIONNUM! FIRST_NAME! UN_LIST_TYPE! REFERENCE_NUMBER! LISTED_ON! COMMENTS1! LIST_TYPE! LAST_DAY_UPDATED!"
    " SORT_KEY SORT_KEY_LAST_MOD NAME_ORIGINAL_SCRIPT"
)
_PERSON = {
    "": f"{_BOTH} SECOND_NAME THIRD_NAME FOURTH_NAME GENDER TITLE DESIGNATION NATIONALITY INDIVIDUAL_ALIAS!",
    "LIST_TYPE": "VALUE",
    "LAST_DAY_UPDATED": "VALUE",
    "TITLE": "VALUE",
    "DESIGNATION": "VALUE",
    "NATIONALITY": "VALUE",
    "INDIVIDUAL_ALIAS": "QUALITY ALIAS_NAME DATE_OF_BIRTH CITY_OF_BIRTH COUNTRY_OF_BIRTH NOTE",
    "INDIVIDUAL_ADDRESS": "STREET CITY STATE_PROVINCE ZIP_CODE COUNTRY NOTE",
    "INDIVIDUAL_DATE_OF_BIRTH": "TYPE_OF_DATE DATE YEAR FROM_YEAR TO_YEAR NOTE",
    "INDIVIDUAL_PLACE_OF_BIRTH": "STREET CITY STATE_PROVINCE COUNTRY NOTE",
    "INDIVIDUAL_DOCUMENT": "TYPE_OF_DOCUMENT TYPE_OF_DOCUMENT2 NUMBER ISSUING_COUNTRY DATE_OF_ISSUE CITY_OF_ISSUE"
    " COUNTRY_OF_ISSUE NOTE",
}
_ENTITY = {
    "": f"{_BOTH} ENTITY_ALIAS!",
    "LIST_TYPE": "VALUE",
    "LAST_DAY_UPDATED": "VALUE",
    "ENTITY_ALIAS": "QUALITY ALIAS_NAME NOTE",
    "ENTITY_ADDRESS": "STREET CITY STATE_PROVINCE ZIP_CODE COUNTRY NOTE",
}
_LAYOUTS = (
    XmlLayout(
        "consolidated",
        "CONSOLIDATED_LIST",
        {"INDIVIDUALS/INDIVIDUAL": _PERSON, "ENTITIES/ENTITY": _ENTITY},
        "@dateGenerated!",
    ),
)
_NATIVE = re.compile(r"(?:original script|in arabic(?: script)?): ([^A-Za-z]{2,})$", re.IGNORECASE)
_NUMBER_AND_NOTE = re.compile(r"([A-Za-z0-9 ./-]*[0-9][A-Za-z0-9 ./-]*) \(([^()]+)\)")


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """The releases in these files, each dated by the moment it says it was generated."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    seen: dict[str, int] = {}
    root, reading = read_list(file, _LAYOUTS, lambda element: _entry(element, seen))
    made = released_at(file, value(root, "dateGenerated"))
    return release_of(source, reading, "list", media_type="application/xml", published_at=made)


def _entry(element: Element, seen: dict[str, int]) -> list[Draft]:
    number = text(element, "REFERENCE_NUMBER") or text(element, "DATAID")
    if not re.fullmatch(r"[A-Za-z0-9.]{2,20}", number):
        raise BadRow(f"{number!r} is no reference number; get the file again")
    schema = "Person" if element.tag == "INDIVIDUAL" else "Organization"
    party = Listed("un", source, f"un-{number}", schema)
    return drafts(seen, party, _said(element, party), line_of(element))


def _said(element: Element, party: Listed) -> Iterator[Claim | Event]:
    name = " ".join(text(element, f"{place}_NAME") for place in ("FIRST", "SECOND", "THIRD", "FOURTH")).split()
    if not name:
        raise BadRow("the name is empty; get the file again")
    yield from listed(party, texts(element, "UN_LIST_TYPE"))
    yield from told(party, "name", " ".join(name))
    yield from told(party, "alias", text(element, "NAME_ORIGINAL_SCRIPT"))
    for tag, one in (("TITLE", "title"), ("DESIGNATION", "position")):
        for words in texts(element, f"{tag}/VALUE"):
            yield from told(party, one, words)
    for words in texts(element, "NATIONALITY/VALUE"):
        yield from placed(party, "nationality", words)
    yield from told(party, "gender", text(element, "GENDER").lower())
    yield from told(party, "modifiedAt", max(texts(element, "LAST_DAY_UPDATED/VALUE"), default="")[:10])
    yield from noted(party, "", text(element, "COMMENTS1"))
    for child in element:
        if read := _PARTS.get(str(child.tag).partition("_")[2]):
            yield from read(child, party)
    yield from designated(party, listing_day(text(element, "LISTED_ON")))


def _alias(element: Element, party: Listed) -> Iterator[Claim]:
    note, quality = text(element, "NOTE"), text(element, "QUALITY")
    name = starts_with_label("un", "NOTE", note) or property_for("un", f"QUALITY {quality}") or "alias"
    birth = ", ".join(texts(element, "CITY_OF_BIRTH") + texts(element, "COUNTRY_OF_BIRTH"))
    about = {"birth_date": text(element, "DATE_OF_BIRTH")[:10], "birth_place": birth}
    packed = text(element, "ALIAS_NAME")
    for one in unpacked(packed):
        yield from told(party, name, one, **about)
    yield from noted(party, f"alias {packed}" if packed else "alias", note)
    if native := _NATIVE.search(note):
        yield from told(party, "alias", native[1].strip(" .;,"))


def unpacked(words: str) -> list[str]:
    """The names in one alias: ``A; B``, ``A b) B``, ``native (A; B)``, ``Latin (native)``; a comma is part of a name."""
    head, inside = _bracketed(words)
    if inside and (";" in inside or _latin(head) != _latin(inside)):
        parts = [head, *inside.split(";")]
    else:
        parts = re.split(r";| [b-h]\) ", words) if ";" in words else [words]
    return [name for part in parts if (name := part.replace("(original script)", "").strip(" :"))]


def _bracketed(words: str) -> tuple[str, str]:
    """What stands before the brackets that end a text, and in them; nothing in them where there are none."""
    depth = 0
    for place in range(len(words) - 1, 0, -1):
        depth += (words[place] == ")") - (words[place] == "(")
        if depth <= 0:
            return words[:place].strip(), words[place + 1 : -1].removeprefix("original script:")
    return words, ""


def _latin(words: str) -> bool:
    return re.search(r"[A-Za-zÀ-ɏ]", words) is not None


def _address(element: Element, party: Listed) -> Iterator[Claim]:
    parts = [text(element, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")]
    yield from lived(party, parts, text(element, "COUNTRY"), text(element, "NOTE"), text(element, "CITY"))


def _birth(element: Element, party: Listed) -> Iterator[Claim]:
    kind, note = text(element, "TYPE_OF_DATE"), text(element, "NOTE")
    circa = "yes" if kind == "APPROXIMATELY" or note == "Approximately" else ""
    first, last = text(element, "FROM_YEAR"), text(element, "TO_YEAR")
    span = f"{first}-{last}" if first and last else first or last
    if said := text(element, "DATE") or text(element, "YEAR") or span:
        yield from born(party, said, circa=circa)
        if note != "Approximately":
            yield from noted(party, f"birth date {said}", note)
    else:
        yield from born(party, note, circa=circa)


def _birth_place(element: Element, party: Listed) -> Iterator[Claim]:
    country = text(element, "COUNTRY")
    where = [text(element, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE")]
    yield from told(party, "birthPlace", ", ".join(part for part in (*where, country) if part))
    yield from placed(party, "birthCountry", country)
    yield from noted(party, "birth place", text(element, "NOTE"))


def _document(element: Element, party: Listed) -> Iterator[Claim]:
    general, kind, number = (text(element, tag) for tag in ("TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2", "NUMBER"))
    label = re.sub(r"\W*[0-9].*", "", kind or general)
    note = text(element, "NOTE")
    if not number and re.search("[0-9]", kind):
        number = kind
    elif match := _NUMBER_AND_NOTE.fullmatch(number):
        number, note = match[1], "; ".join(part for part in (match[2], note) if part)
    about = {
        "label": label,
        "issued": text(element, "DATE_OF_ISSUE"),
        "issued_in": text(element, "CITY_OF_ISSUE"),
        **issued_by(text(element, "COUNTRY_OF_ISSUE")),
        **issued_by(text(element, "ISSUING_COUNTRY")),
    }
    yield from numbered(party, kind or general, number, general, **about)
    yield from noted(
        party, label or "document", note if number else " ".join([kind if kind != label else "", note]).strip()
    )


_PARTS = {
    "ALIAS": _alias,
    "ADDRESS": _address,
    "DATE_OF_BIRTH": _birth,
    "PLACE_OF_BIRTH": _birth_place,
    "DOCUMENT": _document,
}
