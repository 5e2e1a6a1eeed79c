"""The EU's consolidated financial sanctions list, XML 1.1: whose assets the Union freezes, by which act.

The reference number (``EU.27.28``) names an entry; one without it goes by its logical id, and is another party to us once it
gets a number. No name is marked as the main one: the first that no remark calls weak is. An Islamic date is read only by its
Gregorian equivalent. The country ``00`` is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tocsin.errors import InputError
from tocsin.feeds.files import SourceFile
from tocsin.feeds.list_parties import (
    Listed,
    born,
    designated,
    drafts,
    iso_country,
    issued_by,
    listed,
    listing_day,
    lived,
    noted,
    numbered,
    placed,
    property_for,
    sanctioned,
    starts_with_label,
    told,
)
from tocsin.feeds.reading import BadRow, release_of
from tocsin.feeds.xml_files import Element, XmlLayout, line_of, read_list, released_at, text, texts, value
from tocsin.node import Draft, Release
from tocsin.records import Claim, Event

source = "eu-fsf-sanctions"
_SCHEMATA = {"person": "Person", "enterprise": "Organization"}
_SAID = "@regulationLanguage @logicalId remark regulationSummary"
_COUNTRY = "@region @countryIso2Code @countryDescription"
_ACT = "@regulationType @publicationDate @numberTitle"
_WHERE = "@city @zipCode @place"
_FLAGS = ("diplomatic", "knownExpired", "knownFalse", "reportedLost", "revokedByIssuer")
_ENTRY = {
    "": "@designationDate @designationDetails @unitedNationId @euReferenceNumber @logicalId! remark regulation! subjectType!"
    " nameAlias! citizenship birthdate address identification",
    "regulation": f"{_ACT} @organisationType @entryIntoForceDate @programme! @logicalId publicationUrl remark",
    "subjectType": "@code! @classificationCode",
    "nameAlias": "@firstName @middleName @lastName @wholeName! @function @gender @title @nameLanguage @strong " + _SAID,
    "nameAlias/regulationSummary": f"{_ACT} @publicationUrl",
    "citizenship": f"{_COUNTRY} {_SAID}",
    "citizenship/regulationSummary": f"{_ACT} @publicationUrl",
    "birthdate": f"@circa @calendarType @birthdate @dayOfMonth @monthOfYear @year @yearRangeFrom @yearRangeTo {_WHERE}"
    f" {_COUNTRY} {_SAID}",
    "birthdate/regulationSummary": f"{_ACT} @publicationUrl",
    "address": f"@street @poBox @asAtListingTime {_WHERE} {_COUNTRY} {_SAID} contactInfo",
    "address/regulationSummary": f"{_ACT} @publicationUrl",
    "address/contactInfo": "@key @value",
    "identification": " ".join(f"@{flag}" for flag in _FLAGS)
    + " @issueDate @issuedBy @latinNumber @nameOnDocument @number @validFrom @validTo @identificationTypeCode"
    f" @identificationTypeDescription {_COUNTRY} {_SAID}",
    "identification/regulationSummary": f"{_ACT} @publicationUrl",
}
_LAYOUTS = (XmlLayout("1.1", "export", {"sanctionEntity": _ENTRY}, "@generationDate! @globalFileId"),)


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """The releases in these files, each dated by the moment it says it was generated."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    if file.data.lstrip(b"\xef\xbb\xbf").startswith((b"fileGenerationDate;", b'"fileGenerationDate"')):
        raise InputError("is the list's CSV", file=file.name, row=1, mend="give the XML, version 1.1")
    seen: dict[str, int] = {}
    root, reading = read_list(file, _LAYOUTS, lambda element: _entry(element, seen))
    made = released_at(file, value(root, "generationDate"))
    return release_of(source, reading, "list", media_type="application/xml", published_at=made)


def _entry(element: Element, seen: dict[str, int]) -> list[Draft]:
    number = value(element, "euReferenceNumber") or value(element, "logicalId")
    if not re.fullmatch(r"EU\.[0-9.]{1,20}|[0-9]{1,12}", number):
        raise BadRow(f"{number!r} is no reference number; get the file again")
    kinds = [value(kind, "code") for kind in element.iterfind("subjectType")]
    if len(kinds) != 1 or kinds[0] not in _SCHEMATA:
        raise BadRow(f"{', '.join(kinds)!r} is no type of party; get the file again")
    party = Listed("eu", source, f"eu-{number}", _SCHEMATA[kinds[0]])
    return drafts(seen, party, _said(element, party), line_of(element))


def _said(element: Element, party: Listed) -> Iterator[Claim | Event]:
    acts = list(element.iterfind("regulation"))
    yield from listed(party, sorted({value(act, "programme") for act in acts}))
    yield from sanctioned(party, unscId=value(element, "unitedNationId"))
    for act in acts:
        yield from sanctioned(party, program=value(act, "numberTitle"), programUrl=text(act, "publicationUrl"))
        yield from _remarks(act, party, "legal act")
    yield from _names(element, party)
    yield from noted(party, "designation", value(element, "designationDetails"))
    yield from _remarks(element, party, "")
    for tag, read in (
        ("citizenship", _citizenship),
        ("birthdate", _birth),
        ("address", _address),
        ("identification", _identification),
    ):
        for child in element.iterfind(tag):
            yield from read(child, party)
    yield from designated(party, listing_day(value(element, "designationDate")))


def _names(element: Element, party: Listed) -> Iterator[Claim]:
    """Each name once under its strongest property; the language only where all who say the name agree on it."""
    said: dict[str, tuple[str, set[str]]] = {}
    for child in element.iterfind("nameAlias"):
        name = value(child, "wholeName") or " ".join(value(child, f"{one}Name") for one in ("first", "middle", "last"))
        if name := " ".join(name.split()):
            kind, languages = said.setdefault(name, (_kind(child), set()))
            languages.add(value(child, "nameLanguage").lower())
            # The three properties sort as they weigh.
            said[name] = (min(kind, _kind(child)), languages)
        yield from told(party, "title", value(child, "title"))
        yield from told(party, "position", value(child, "function"))
        yield from told(party, "gender", {"M": "male", "F": "female"}.get(value(child, "gender"), ""))
        yield from _remarks(child, party, f"name {name}")
    if not said:
        raise BadRow("no name is given; get the file again")
    main = next((name for name, (kind, _) in said.items() if kind == "alias"), next(iter(said)))
    for name, (kind, languages) in said.items():
        lang = next(iter(languages)) if len(languages) == 1 else ""
        yield from told(party, "name" if name == main else kind, name, lang or None)


def _kind(name: Element) -> str:
    """``alias``, ``previousName`` or ``weakAlias`` by the clause that a remark on the name begins with."""
    remarks = "\n".join(str(one.text or "") for one in name.iterfind("remark"))
    clauses = (" ".join(clause.split()) for clause in re.split(r"[\n;]", remarks))
    return next((kind for clause in clauses if (kind := starts_with_label("eu", "remark", clause))), "alias")


def _remarks(element: Element, party: Listed, label: str) -> Iterator[Claim]:
    for words in texts(element, "remark"):
        yield from noted(party, label, words)


def _country(element: Element) -> str:
    code = value(element, "countryIso2Code")
    return code if iso_country(code) else value(element, "countryDescription")


def _parts(element: Element, *names: str) -> list[str]:
    return [said for name in names if (said := value(element, name)) not in ("", "-")]


def _citizenship(element: Element, party: Listed) -> Iterator[Claim]:
    yield from placed(party, "citizenship", _country(element), region=value(element, "region"))
    yield from _remarks(element, party, "citizenship")


def _birth(element: Element, party: Listed) -> Iterator[Claim]:
    circa = "yes" if value(element, "circa") == "true" else ""
    parts = _parts(element, "year", "monthOfYear", "dayOfMonth")
    first, last = value(element, "yearRangeFrom"), value(element, "yearRangeTo")
    if said := value(element, "birthdate"):
        yield from born(party, said, circa=circa)
    elif parts and value(element, "calendarType") == "GREGORIAN":
        yield from born(party, "-".join(part.zfill(2) for part in parts), circa=circa)
    elif parts:
        yield from noted(party, f"birth date, {value(element, 'calendarType')} calendar", "-".join(parts))
    if first and last:
        yield from born(party, f"{first}-{last}", circa=circa)
    else:
        yield from noted(party, "born no earlier than", first)
        yield from noted(party, "born no later than", last)
    country = _country(element)
    where = _parts(element, "place", "city", "zipCode", "region")
    named = [value(element, "countryDescription")] if country not in ("", "UNKNOWN") else []
    yield from told(party, "birthPlace", ", ".join([*where, *named]))
    yield from placed(party, "birthCountry", country)
    yield from _remarks(element, party, "birth")


def _address(element: Element, party: Listed) -> Iterator[Claim]:
    parts = _parts(element, "street", "poBox", "place", "zipCode", "city", "region")
    then = "at the time of listing" if value(element, "asAtListingTime") == "true" else ""
    note = "; ".join([then] * bool(then) + texts(element, "remark"))
    yield from lived(party, parts, _country(element), note, value(element, "city"))
    for contact in element.iterfind("contactInfo"):
        key, said = value(contact, "key"), value(contact, "value")
        name = property_for("eu", f"contact {key}")
        # A key can hold the contact data itself: then both stay together where they are shown masked.
        known = name or ("email" if "@" in f"{key}{said}" else "phone")
        yield from told(party, known, said if name else f"{key} {said}".strip())


def _identification(element: Element, party: Listed) -> Iterator[Claim]:
    code, label = value(element, "identificationTypeCode"), value(element, "identificationTypeDescription")
    about = {
        "label": label or code,
        "issued": value(element, "issueDate"),
        "issued_by": value(element, "issuedBy"),
        "valid_from": value(element, "validFrom"),
        "expires": value(element, "validTo"),
        "region": value(element, "region"),
        "name_on_document": value(element, "nameOnDocument"),
        **{flag: "yes" for flag in _FLAGS if value(element, flag) == "true"},
        **issued_by(_country(element)),
    }
    for number in dict.fromkeys(_parts(element, "number", "latinNumber")):
        yield from numbered(party, code, number, **about)
    yield from _remarks(element, party, label or code)
