"""What all of OFAC's files say alike: who a party is, of which schema, under which programmes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tocsin.feeds.reading import BadRow
from tocsin.records import Claim

SCHEMATA = {
    "individual": "Person",
    "entity": "LegalEntity",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "": "LegalEntity",
    "-0-": "LegalEntity",
}


def party_id(number: str) -> str:
    """The party's id from OFAC's number, as OpenSanctions writes it: ``ofac-40223``."""
    if not re.fullmatch(r"\d{1,7}", number.strip()):
        raise BadRow(f"{number!r} is no entry number; columns may be swapped")
    return f"ofac-{number.strip()}"


def programmes(text: str) -> list[str]:
    """The programme codes of a cell: ``SDNTK] [ILLICIT-DRUGS-EO14059`` or ``SDNTK; ILLICIT-DRUGS-EO14059``."""
    codes = [code for raw in re.split(r"\]\s*\[|;", text) if (code := raw.strip(" []"))]
    if not codes or "-0-" in codes:
        raise BadRow("no programme is given; columns may be swapped")
    return codes


def statements(subject: str, schema: str, name: str, codes: Sequence[str]) -> Iterator[Claim]:
    """A party is on the list, under this name and these programmes."""
    if not name.strip() or name.strip() == "-0-":
        raise BadRow("the name is empty; columns may be swapped")
    yield Claim(subject, "topics", "sanction", schema=schema, act="list")
    yield Claim(subject, "name", name.strip(), schema=schema)
    for code in codes:
        yield Claim(subject, "programId", code, schema=schema)
