"""The UK Sanctions List, XML: whom the United Kingdom designates, under which regulations, since which day.

Since 2026-01-28 it is the only UK list; OFSI's consolidated list is no longer kept and is refused, as is the CSV form, which
multiplies every name by every address. The unique id (``RUS2176``) names an entry. Unknown parts of a date are written
``dd``, ``mm`` or ``00``. A passport is repeated for each date of birth.
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
    iso_date,
    listed,
    listing_day,
    lived,
    noted,
    placed,
    property_for,
    sanctioned,
    told,
)
from tocsin.feeds.reading import BadRow, release_of
from tocsin.feeds.xml_files import Element, XmlLayout, line_of, read_list, released_at, text, texts
from tocsin.node import Draft, Release
from tocsin.records import Claim, Event

source = "gb-fcdo-sanctions"
_SCHEMATA = {"Individual": "Person", "Entity": "Organization", "Ship": "Vessel"}
_PERSON, _FIRM, _SHIP = "IndividualDetails/Individual", "EntityDetails/Entity", "ShipDetails/Ship"
_ENTRY = {
    "": "LastUpdated! DateDesignated! UniqueID! OFSIGroupID UNReferenceNumber Names! NonLatinNames Titles RegimeName!"
    " IndividualEntityShip! DesignationSource! SanctionsImposed! SanctionsImposedIndicators OtherInformation"
    " UKStatementofReasons Addresses PhoneNumbers EmailAddresses Websites IndividualDetails EntityDetails ShipDetails"
    " CryptoWalletAddresses",
    "Names": "Name!",
    "Names/Name": "Name1 Name2 Name3 Name4 Name5 Name6! NameType! AliasStrength",
    "NonLatinNames": "NonLatinName",
    "NonLatinNames/NonLatinName": "NameNonLatinScript NonLatinScriptType NonLatinScriptLanguage",
    "Titles": "Title",
    "SanctionsImposedIndicators": "AssetFreeze ArmsEmbargo TargetedArmsEmbargo CharteringOfShips"
    " ClosureOfRepresentativeOffices CrewServicingOfShipsAndAircraft Deflag PreventionOfBusinessArrangements"
    " ProhibitionOfPortEntry TravelBan PreventionOfCharteringOfShips PreventionOfCharteringOfShipsAndAircraft"
    " TechnicalAssistanceRelatedToAircraft TrustServicesSanctions DirectorDisqualificationSanction",
    "Addresses": "Address",
    "Addresses/Address": "AddressLine1 AddressLine2 AddressLine3 AddressLine4 AddressLine5 AddressLine6"
    " AddressPostalCode AddressCountry",
    "PhoneNumbers": "PhoneNumber",
    "EmailAddresses": "EmailAddress",
    "Websites": "Website",
    "IndividualDetails": "Individual",
    _PERSON: "DOBs Nationalities Genders Positions PassportDetails NationalIdentifierDetails BirthDetails",
    f"{_PERSON}/DOBs": "DOB",
    f"{_PERSON}/Nationalities": "Nationality",
    f"{_PERSON}/Genders": "Gender",
    f"{_PERSON}/Positions": "Position",
    f"{_PERSON}/PassportDetails": "Passport",
    f"{_PERSON}/PassportDetails/Passport": "PassportNumber PassportAdditionalInformation",
    f"{_PERSON}/NationalIdentifierDetails": "NationalIdentifier",
    f"{_PERSON}/NationalIdentifierDetails/NationalIdentifier": "NationalIdentifierNumber"
    " NationalIdentifierAdditionalInformation",
    f"{_PERSON}/BirthDetails": "Location",
    f"{_PERSON}/BirthDetails/Location": "TownOfBirth CountryOfBirth",
    "EntityDetails": "Entity",
    _FIRM: "TypeOfEntities BusinessRegistrationNumbers ParentCompanies Subsidiaries",
    f"{_FIRM}/TypeOfEntities": "TypeOfEntity",
    f"{_FIRM}/BusinessRegistrationNumbers": "BusinessRegistrationNumber",
    f"{_FIRM}/ParentCompanies": "ParentCompany",
    f"{_FIRM}/Subsidiaries": "Subsidiary",
    "ShipDetails": "Ship",
    _SHIP: "IMONumbers CurrentOwnerOperators PreviousOwnerOperators CurrentBelievedFlagOfShips PreviousFlags"
    " TypeOfShipDetails TonnageOfShipDetails LengthOfShipDetails YearsBuilt HullIdentificationNumbers",
    f"{_SHIP}/IMONumbers": "IMONumber",
    f"{_SHIP}/CurrentOwnerOperators": "CurrentOwnerOperator",
    f"{_SHIP}/PreviousOwnerOperators": "PreviousOwnerOperator",
    f"{_SHIP}/CurrentBelievedFlagOfShips": "CurrentBelievedFlagOfShip",
    f"{_SHIP}/PreviousFlags": "PreviousFlag",
    f"{_SHIP}/TypeOfShipDetails": "TypeOfShip",
    f"{_SHIP}/TonnageOfShipDetails": "TonnageOfShip",
    f"{_SHIP}/LengthOfShipDetails": "LengthOfShip",
    f"{_SHIP}/YearsBuilt": "YearBuilt",
}
_LAYOUTS = (XmlLayout("list", "Designations", {"Designation": _ENTRY}, "DateGenerated!"),)
_TEXTS = (
    ("Titles/Title", "title"),
    (f"{_PERSON}/Positions/Position", "position"),
    ("PhoneNumbers/PhoneNumber", "phone"),
    ("Websites/Website", "website"),
    (f"{_FIRM}/TypeOfEntities/TypeOfEntity", "legalForm"),
    (f"{_SHIP}/TypeOfShipDetails/TypeOfShip", "type"),
    (f"{_SHIP}/TonnageOfShipDetails/TonnageOfShip", "tonnage"),
)
_COUNTRIES = (
    (f"{_PERSON}/Nationalities/Nationality", "nationality"),
    (f"{_SHIP}/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip", "flag"),
    (f"{_SHIP}/PreviousFlags/PreviousFlag", "pastFlags"),
)
_NOTES = (
    ("OtherInformation", ""),
    ("UKStatementofReasons", "statement of reasons"),
    (f"{_FIRM}/ParentCompanies/ParentCompany", "parent company"),
    (f"{_FIRM}/Subsidiaries/Subsidiary", "subsidiary"),
    (f"{_SHIP}/CurrentOwnerOperators/CurrentOwnerOperator", "current owner or operator"),
    (f"{_SHIP}/PreviousOwnerOperators/PreviousOwnerOperator", "previous owner or operator"),
    (f"{_SHIP}/LengthOfShipDetails/LengthOfShip", "length"),
)
_DATES = ((f"{_PERSON}/DOBs/DOB", "birthDate"), (f"{_SHIP}/YearsBuilt/YearBuilt", "buildDate"))


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """The releases in these files, each dated by the day it says it was generated."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    _refuse_csv(file)
    seen: dict[str, int] = {}
    root, reading = read_list(file, _LAYOUTS, lambda element: _entry(element, seen))
    made = released_at(file, text(root, "DateGenerated"), "%d/%m/%Y")
    return release_of(source, reading, "list", media_type="application/xml", published_at=made)


def _refuse_csv(file: SourceFile) -> None:
    head = file.data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip(b' "')
    if head.startswith(b"Last Updated") and b"Group ID" in head and b"Unique ID" not in head:
        raise InputError(
            "is OFSI's consolidated list, which is no longer kept since 2026-01-28",
            file=file.name,
            row=1,
            mend="give UK-Sanctions-List.xml",
        )
    if head.startswith((b"Report Date", b"Last Updated")):
        raise InputError("is the list's CSV", file=file.name, row=1, mend="give UK-Sanctions-List.xml")


def _entry(element: Element, seen: dict[str, int]) -> list[Draft]:
    number, kind = text(element, "UniqueID"), text(element, "IndividualEntityShip")
    if not re.fullmatch(r"[A-Z]{2,6}[0-9]{3,6}", number):
        raise BadRow(f"{number!r} is no unique id; get the file again")
    if kind not in _SCHEMATA:
        raise BadRow(f"{kind!r} is no type of party; get the file again")
    party = Listed("gb", source, f"gb-{number}", _SCHEMATA[kind])
    return drafts(seen, party, _said(element, party), line_of(element))


def _said(element: Element, party: Listed) -> Iterator[Claim | Event]:
    yield from listed(party, texts(element, "RegimeName"))
    yield from sanctioned(
        party,
        unscId=text(element, "UNReferenceNumber"),
        authority=text(element, "DesignationSource"),
        authorityId=text(element, "OFSIGroupID"),
    )
    for imposed in text(element, "SanctionsImposed").split("|"):
        yield from sanctioned(party, provisions=imposed.strip())
    yield from _names(element, party)
    yield from told(party, "modifiedAt", iso_date(text(element, "LastUpdated")) or "")
    for path, name in _TEXTS:
        for words in texts(element, path):
            yield from told(party, name, words)
    for path, name in _COUNTRIES:
        for words in texts(element, path):
            yield from placed(party, name, words)
    for path, label in _NOTES:
        for words in texts(element, path):
            yield from noted(party, label, words)
    for path, name in _DATES:
        for words in texts(element, path):
            yield from born(party, words, name)
    yield from _details(element, party)
    for address in element.iterfind("Addresses/Address"):
        yield from _address(address, party)
    yield from designated(party, listing_day(text(element, "DateDesignated")))


def _names(element: Element, party: Listed) -> Iterator[Claim]:
    """A person's family name is Name6, though it comes last; the whole name of others stands there."""
    said: list[tuple[str, str]] = []
    for child in element.iterfind("Names/Name"):
        name = " ".join(part for place in range(1, 7) if (part := text(child, f"Name{place}")))
        kind = property_for("gb", f"name {text(child, 'NameType')}") or "alias"
        weak = property_for("gb", f"strength {text(child, 'AliasStrength')}")
        if name:
            said.append((weak if weak and kind == "alias" else kind, name))
    if not said:
        raise BadRow("no name is given; get the file again")
    if all(kind != "name" for kind, _ in said):
        said[0] = ("name", said[0][1])
    for kind, name in said:
        yield from told(party, kind, name)
    for child in element.iterfind("NonLatinNames/NonLatinName"):
        lang = property_for("gb", f"language {text(child, 'NonLatinScriptLanguage')}")
        script = text(child, "NonLatinScriptType")
        yield from told(party, "alias", text(child, "NameNonLatinScript"), lang, script=script)


def _details(element: Element, party: Listed) -> Iterator[Claim]:
    for words in texts(element, f"{_PERSON}/Genders/Gender"):
        yield from told(party, "gender", words.lower())
    for place in element.iterfind(f"{_PERSON}/BirthDetails/Location"):
        town, country = text(place, "TownOfBirth"), text(place, "CountryOfBirth")
        yield from told(party, "birthPlace", ", ".join(part for part in (town, country) if part))
        yield from placed(party, "birthCountry", country)
    for tag, name in (("PassportDetails/Passport", "passportNumber"), (_ID, "idNumber")):
        prefix = tag.rpartition("/")[2]
        for document in element.iterfind(f"{_PERSON}/{tag}"):
            yield from told(party, name, text(document, f"{prefix}Number"))
            yield from noted(party, _LABELS[name], text(document, f"{prefix}AdditionalInformation"))
    for number in element.iterfind(f"{_FIRM}/BusinessRegistrationNumbers/BusinessRegistrationNumber"):
        yield from _registered(str(number.text or ""), party)
    for words in texts(element, f"{_SHIP}/IMONumbers/IMONumber"):
        yield from told(party, "imoNumber", re.sub(r"^IMO:? ?", "", words))
    for words in texts(element, "EmailAddresses/EmailAddress"):
        for address in re.split(r"[;,\s]+", words):
            yield from told(party, "email", address)


_ID = "NationalIdentifierDetails/NationalIdentifier"
_LABELS = {"passportNumber": "passport", "idNumber": "national identifier"}


def _registered(words: str, party: Listed) -> Iterator[Claim]:
    """Registration numbers, one a line, where each line may begin with what it is: ``INN: 7710137066``."""
    for line in words.splitlines():
        label, _, number = line.partition(":")
        name = property_for("gb", label.strip())
        yield from told(party, name or "registrationNumber", " ".join((number if name else line).split()))


def _address(element: Element, party: Listed) -> Iterator[Claim]:
    parts = [text(element, f"AddressLine{place}") for place in range(1, 7)]
    country = text(element, "AddressCountry")
    city = parts[-1] if iso_country(country) else ""
    yield from lived(party, [*parts, text(element, "AddressPostalCode")], country, "", city)
