"""What all sanctions lists say alike: that a party is listed, its names, dates, places, numbers, and the day of listing.

Names are FollowTheMoney's. What a schema has no property for stays as a note with its label; a date keeps the precision it
was written with; a country that is not known keeps its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import NamedTuple

from tocsin.errors import RecordError
from tocsin.feeds.cells import month_number
from tocsin.feeds.reading import BadRow
from tocsin.node import Draft
from tocsin.records import Claim, Event
from tocsin.records.data_files import data_rows
from tocsin.records.kinds import pairs
from tocsin.records.places import country_code, name_of, places
from tocsin.records.vocabulary import property_of


class Listed(NamedTuple):
    """Whom a row is about: the list (``un``, ``eu`` …), its source, the party's id and schema."""

    list: str
    source: str
    subject: str
    schema: str


_NEAREST = {
    "nationality": ("country",),
    "citizenship": ("country",),
    "passportNumber": ("idNumber",),
    "socialSecurityNumber": ("idNumber",),
    "kppCode": ("registrationNumber",),
    "idNumber": ("registrationNumber",),
    "licenseNumber": ("registrationNumber",),
    "taxNumber": ("registrationNumber",),
    "title": ("description",),
    "position": ("description",),
}
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})?")
_DAY_FIRST = re.compile(r"'?(?:(dd|[0-9]{1,2})/)?(mm|[0-9]{1,2})/([0-9]{4})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{4})")
_SPAN = re.compile(r"([0-9]{4}) ?(?:-|/|to) ?([0-9]{4})")
_EARLIEST = 1000
_UNKNOWN = ("", "00", "unknown", "na", "n/a", "-")


def property_for(of: str, label: str) -> str | None:
    """The property a list's own label stands for (``data/list_properties.csv``), or ``None``."""
    return _labels().get((of, label.casefold()))


def starts_with_label(of: str, kind: str, words: str) -> str | None:
    """The property of the label these words begin with, such as ``low quality alias, see …``."""
    said = f"{kind} {words}".casefold()
    return next((name for (which, label), name in _labels().items() if which == of and said.startswith(label)), None)


@cache
def _labels() -> dict[tuple[str, str], str]:
    return {(r["list"], r["label"].casefold()): r["property"] for r in data_rows("feeds", "list_properties.csv")}


def told(party: Listed, name: str, value: str, lang: str | None = None, /, **about: str) -> Iterator[Claim]:
    """One claim under the nearest property the schema has, a note with the label where it has none; none for no value."""
    if value.strip() in ("", "-"):
        return
    qualifiers = pairs({key: words for key, words in about.items() if words})
    for candidate in (name, *_NEAREST.get(name, ())):
        try:
            property_of(party.schema, candidate)
        except RecordError:
            continue
        yield Claim(party.subject, candidate, value, schema=party.schema, lang=lang, qualifiers=qualifiers)
        return
    yield from noted(party, name, value)


def noted(party: Listed, label: str, words: str) -> Iterator[Claim]:
    """Words that no property takes, kept as a note."""
    if words.strip() not in ("", "-"):
        note = f"{label}: {words}" if label else words
        yield Claim(party.subject, "notes", note, schema=party.schema)


def listed(party: Listed, codes: Iterable[str]) -> Iterator[Claim]:
    """The party is on the list, under these programmes."""
    yield Claim(party.subject, "topics", "sanction", schema=party.schema, act="list")
    for code in codes:
        yield from told(party, "programId", code)


def sanctioned(party: Listed, **said: str) -> Iterator[Claim]:
    """What the listing itself says, such as ``provisions`` or the number it has with the United Nations."""
    given = {name: value for name, value in said.items() if value}
    for name, value in given.items():
        yield Claim(f"{party.subject}/sanction", name, value, schema="Sanction")
    if given:
        yield Claim(f"{party.subject}/sanction", "entity", party.subject, schema="Sanction")


def iso_country(words: str) -> str | None:
    """The ISO code of a country given as a code or a name; ``None`` for unknown ones and for ``00``."""
    if words in places() and places()[words].kind == "country":
        return words
    return country_code(words)


def placed(party: Listed, name: str, words: str, /, **about: str) -> Iterator[Claim]:
    """A country; where it is not known its words stay as a note, and nothing where the list says it is unknown."""
    if code := iso_country(words):
        yield from told(party, name, code, **about)
    elif words.casefold() not in _UNKNOWN:
        yield from noted(party, name, words)


def issued_by(words: str) -> dict[str, str]:
    """The country of a document as a qualifier: its code, or the words where the country is not known."""
    code = iso_country(words)
    return {"country": code} if code else {} if words.casefold() in _UNKNOWN else {"issuer": words}


def lived(party: Listed, parts: Iterable[str], country: str, note: str = "", city: str = "") -> Iterator[Claim]:
    """An address, shown masked, and its country; where only country and city are said, the country alone."""
    given = [part for part in parts if part not in ("", "-")]
    code = iso_country(country)
    if code:
        yield from told(party, "country", code, city="" if city == "-" else city)
    named = name_of(country) if country == code else country
    where = [*given, *([named] if country.casefold() not in _UNKNOWN else [])]
    if where and (note or not code or given not in ([], [city])):
        yield from told(party, "address", ", ".join(where) + (f" ({note})" if note else ""))
    elif note:
        yield from noted(party, "address", note)


def iso_date(words: str) -> str | None:
    """A date as ISO 8601 of the precision it has: ``dd/mm/1962`` is a year, ``00/07/1978`` and ``Nov. 1973`` a month."""
    if match := _YEAR_FIRST.fullmatch(words):
        year, month, day = match[1], match[2], match[3]
    elif match := _DAY_FIRST.fullmatch(words):
        day, month, year = (None if part in (None, "dd", "mm", "0", "00") else part for part in match.groups())
    elif match := _MONTH_FIRST.fullmatch(words):
        year, month, day = match[2], _month(match[1]), None
    else:
        return None
    numbers = [int(part) for part in (year, month, day) if part is not None]
    if month is None and day is not None:
        return None
    try:
        found = date(*[*numbers, 1, 1][:3])
    except ValueError:
        return None
    return found.strftime("%Y-%m-%d")[: (4, 7, 10)[len(numbers) - 1]] if found.year > _EARLIEST else None


def _month(name: str) -> str:
    try:
        return str(month_number(name))
    except BadRow:
        return "0"


def born(party: Listed, words: str, name: str = "birthDate", /, **about: str) -> Iterator[Claim]:
    """A date of birth or of building; ``or`` sets off alternatives, a span keeps its end, the rest becomes a note."""
    for one in words.split(" or "):
        span = _SPAN.fullmatch(one.strip())
        first, last = (iso_date(part) for part in (span.groups() if span else (one.strip(),) * 2))
        if not first or not last or not first <= last <= str(datetime.now(UTC).date()):
            yield from noted(party, name, one.strip())
        else:
            yield from told(party, name, first, **({**about, "until": last} if span else about))


def numbered(party: Listed, label: str, number: str, kind: str = "", /, **about: str) -> Iterator[Claim]:
    """An identity number under the property its label stands for, else as ``idNumber``: both are shown masked."""
    name = property_for(party.list, label) or (property_for(party.list, kind) if kind else None) or "idNumber"
    yield from told(party, name, number, **about)


def listing_day(words: str) -> date | None:
    """The day of listing, ``None`` where none is said; BadRow for what is no day, or one to come."""
    if not words:
        return None
    found = iso_date(words) or ""
    if len(found) < len("2024-01-31"):
        raise BadRow(f"{words!r} is no day of listing; check the row")
    day = date.fromisoformat(found)
    if day > datetime.now(UTC).date():
        raise BadRow(f"the day of listing {day} lies in the future; check the row")
    return day


def designated(party: Listed, day: date | None) -> Iterator[Event]:
    """The designation on the very day the list says."""
    if day is not None:
        yield Event(
            kind="designation",
            ref=f"{party.source} {party.subject} listed",
            date=day,
            date_precision="day",
            parties=((party.subject, "listed"),),
            qualifiers=pairs(list=party.source),
        )


def drafts(seen: dict[str, int], party: Listed, bodies: Iterable[Claim | Event], line: int) -> list[Draft]:
    """The drafts of an entry, each statement once; BadRow when one of this id was ``seen`` in the file already.

    Lists repeat a passport for each date of birth, and a name for each language.
    """
    found = [Draft(body, f"row {line}") for body in dict.fromkeys(bodies)]
    if party.subject in seen:
        raise BadRow(f"the same entry stands twice, first in row {seen[party.subject]}; get the file again")
    seen[party.subject] = line
    return found
