"""Canada's consolidated list of autonomous sanctions: whom its regulations list, by regime, schedule and item.

The list gives no ids. Items are renumbered when a schedule is amended, so an item number would give one party's history to
another: an entry goes by its regime and name, or the IMO number of a ship. That is not perfect: a corrected spelling looks
like a delisting and a listing, and two entries of one regime and name are told apart by schedule and item after all. The
country of an entry is its regime, not a nationality. Tags were renamed twice; all three sets are read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from tocsin.feeds.files import SourceFile
from tocsin.feeds.list_parties import (
    Listed,
    born,
    designated,
    drafts,
    listed,
    listing_day,
    noted,
    sanctioned,
    starts_with_label,
    told,
)
from tocsin.feeds.reading import BadRow, release_of
from tocsin.feeds.xml_files import Element, XmlLayout, line_of, read_list, read_xml, text
from tocsin.node import Draft, Release
from tocsin.records import Claim, Event
from tocsin.records.hashing import keyed_hash

source = "ca-gac-sanctions"
_LAYOUTS = (
    XmlLayout(
        "2026-08",
        "data-set",
        {
            "record": {
                "": "Country-Pays! LastName-NomDeFamille! GivenName-Prenom! EntityOrShip-EntiteOuNavire! Item-NumeroDarticle!"
                " TitleOrShipType-TitreOuTypeDeNavire ShipIMONumber-NumeroOMIDuNavire Aliases-Alias Schedule-Annexe!"
                " DateOfBirthOrShipBuildDate-DateDeNaissanceOuDateDeConstructionDuNavire DateOfListing-DateDinscription!"
            }
        },
    ),
    XmlLayout(
        "2025",
        "data-set",
        {
            "record": {
                "": "Country! LastName! GivenName! EntityOrShip! TitleOrShip ShipIMONumber Aliases DateOfBirthOrShipBuildDate"
                " Schedule! Item! DateOfListing!"
            }
        },
    ),
    XmlLayout(
        "2019",
        "data-set",
        {"record": {"": "Country! LastName! GivenName! Entity! Aliases DateOfBirth Schedule! Item!"}},
    ),
)
_SAME = {"TitleOrShipType": "TitleOrShip", "Entity": "EntityOrShip", "DateOfBirth": "DateOfBirthOrShipBuildDate"}
_IMO = re.compile(r"(?:IMO:? ?)?([0-9]{7})", re.IGNORECASE)
Cells = Mapping[str, str]


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """The releases in these files; the file carries no date, so each has the day of its name or of the user."""
    return [_release(file) for file in files]


def _release(file: SourceFile) -> Release:
    root = read_xml(file, {layout.root for layout in _LAYOUTS})
    double = Counter(_identity(_cells(element)) for element in root.iterfind("record"))
    seen: dict[str, int] = {}
    _, reading = read_list(file, _LAYOUTS, partial(_entry, double=double, seen=seen), root)
    return release_of(source, reading, "list", media_type="application/xml")


def _cells(element: Element) -> Cells:
    """The texts of a record by the oldest name of their tag that all sets share."""
    names = ((str(child.tag).partition("-")[0], child) for child in element)
    return {_SAME.get(name, name): text(child) for name, child in names}


def _name(cells: Cells) -> str:
    person = " ".join(part for part in (cells.get("GivenName"), cells.get("LastName")) if part)
    return cells.get("EntityOrShip") or person


def _imo(cells: Cells) -> str:
    match = _IMO.fullmatch(cells.get("ShipIMONumber", ""))
    return match[1] if match else ""


def _regime(cells: Cells) -> str:
    """The English name of the regime: French follows a stroke, in the files that have it."""
    return cells.get("Country", "").partition(" / ")[0]


def _identity(cells: Cells) -> str:
    slug = re.sub(r"[^a-z]+", "-", _regime(cells).casefold()).strip("-")[:24].strip("-")
    return f"ca-{slug}-{keyed_hash(_imo(cells) or _name(cells))[:12]}"


def _entry(element: Element, double: Mapping[str, int], seen: dict[str, int]) -> list[Draft]:
    cells = _cells(element)
    if not _name(cells):
        raise BadRow("no name is given; get the file again")
    if not _regime(cells):
        raise BadRow("no regime is given; get the file again")
    subject = _identity(cells)
    if double[subject] > 1:
        subject += "-" + "-".join(re.sub(r"\W+", "", cells.get(name, "")) for name in ("Schedule", "Item"))
    schema = "Vessel" if _imo(cells) else "Organization" if cells.get("EntityOrShip") else "Person"
    party = Listed("ca", source, subject, schema)
    return drafts(seen, party, _said(cells, party), line_of(element))


def _said(cells: Cells, party: Listed) -> Iterator[Claim | Event]:
    yield from listed(party, [_regime(cells)])
    places = [("schedule", "Schedule"), ("item", "Item")]
    yield from sanctioned(party, authorityId=", ".join(f"{say} {v}" for say, key in places if (v := cells.get(key))))
    yield from told(party, "name", _name(cells))
    if cells.get("EntityOrShip"):
        for name in ("LastName", "GivenName"):
            yield from noted(party, name, cells.get(name, ""))
    yield from _aliases(cells.get("Aliases", ""), party)
    number = cells.get("ShipIMONumber", "")
    # The column has held a ship's name in its own script.
    yield from told(party, "imoNumber" if re.search("[0-9]", number) else "alias", _imo(cells) or number)
    for place, title in enumerate(cells.get("TitleOrShip", "").split("|")):
        yield from told(party, _TITLES[party.schema], title.strip(), ("en", "fr")[place] if place < 2 else None)
    yield from born(
        party, cells.get("DateOfBirthOrShipBuildDate", ""), "buildDate" if party.schema == "Vessel" else "birthDate"
    )
    yield from designated(party, listing_day(cells.get("DateOfListing", "")))


_TITLES = {"Person": "title", "Vessel": "type", "Organization": "description"}


def _aliases(words: str, party: Listed) -> Iterator[Claim]:
    """Names set off by semicolons; a comma may be part of one, so what commas set off stays whole."""
    for one in words.split(";"):
        label = starts_with_label("ca", "alias", one.strip())
        yield from told(party, label or "alias", one.partition(":")[2].strip() if label else one.strip())
