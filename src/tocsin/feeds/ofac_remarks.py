"""OFAC's remarks, read into FollowTheMoney properties.

A remark is a run of pieces set off by semicolons: ``DOB 09 Sep 1984; nationality China; National ID No. … (China).``
Which label becomes which property is data (``data/ofac_remarks.csv``). What is not understood stays as a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple

from tocsin.errors import RecordError
from tocsin.records import Claim
from tocsin.records.data_files import data_rows
from tocsin.records.hashing import keyed_hash
from tocsin.records.kinds import Pairs, pairs
from tocsin.records.places import country_code
from tocsin.records.vocabulary import property_of


class Party(NamedTuple):
    """Whom a remark is about, and the ids of all parties by name, for links."""

    subject: str
    schema: str
    ids_by_name: Mapping[str, str]


class Read(NamedTuple):
    """The claims of one piece; ``understood`` is false when it stayed text."""

    claims: tuple[Claim, ...]
    understood: bool


class _Rule(NamedTuple):
    label: str
    property: str
    reading: str


_ALTERNATIVE = re.compile(r"^alt\.\s+")
_IDENTIFIER = re.compile(
    r"^(?P<number>.+?)(?:\s+\((?P<country>[A-Z][^()]*)\))?(?:\s+issued\s+(?P<issued>[\w ]+?))?"
    r"(?:\s+expires\s+(?P<expires>[\w ]+?))?$"
)
_ANY_NUMBER = re.compile(
    r"^(?P<label>[A-Z][^\d()]*?\b(?:No\.?|Number|Nr\.?|Code|ID|Card|Registration|Registry|License|Permit|Cartilla|Militar"
    r"|Certificate|Document|Identification|Identidad|identification|FEIN|RFC|IMO|ISIN|C\.U\.I\.P\.|#)[^\d]*?)"
    r" (?P<number>(?=\S*\d)[A-Z0-9./-]+)(?: \((?P<country>[A-Z][^()]*)\))?$"
)
_FORMATS = (("%d %b %Y", "%Y-%m-%d"), ("%b %Y", "%Y-%m"), ("%Y", "%Y"))


def pieces(remarks: str) -> list[str]:
    """The pieces of a remark, without their semicolons and the closing full stop."""
    if remarks.strip() in ("", "-0-"):
        return []
    return [piece for raw in remarks.split(";") if (piece := raw.strip())]


def read_piece(piece: str, party: Party) -> Read:
    """The claims one piece makes; where nothing fits, a note with its words."""
    text = _ALTERNATIVE.sub("", piece.strip())
    for rule in _rules():
        if text.startswith(rule.label) and (len(text) == len(rule.label) or not text[len(rule.label)].isalnum()):
            rest = text[len(rule.label) :].lstrip(" :")
            claims = tuple(_apply(rule, rest, text, party))
            if claims:
                return Read(claims, True)
    if match := _ANY_NUMBER.match(text.rstrip(".")):
        label, number, country = match["label"], match["number"], match["country"]
        if country is None or country_code(country):
            return Read(tuple(_claim(party, "idNumber", number, _where(country, label=label))), True)
    return Read((Claim(party.subject, "notes", piece, schema=party.schema),), False)


@cache
def _rules() -> tuple[_Rule, ...]:
    rules = (_Rule(row["label"], row["property"], row["reading"]) for row in data_rows("feeds", "ofac_remarks.csv"))
    return tuple(sorted(rules, key=lambda rule: -len(rule.label)))


def _apply(rule: _Rule, rest: str, text: str, party: Party) -> Iterator[Claim]:
    bare = rest.rstrip(".").strip()
    if rule.reading == "identifier":
        yield from _identifier(rule, bare, party)
    elif rule.reading == "date":
        yield from _date(rule, bare, party)
    elif rule.reading == "country":
        if code := country_code(bare):
            yield from _claim(party, rule.property, code)
    elif rule.reading == "gender":
        if bare.lower() in ("male", "female"):
            yield from _claim(party, rule.property, bare.lower())
    elif rule.reading == "alias":
        if name := bare.strip("'"):
            yield from _claim(party, rule.property, name)
    elif rule.reading == "wallet":
        yield from _wallet(bare, party)
    elif rule.reading == "link":
        yield from _link(rest.strip(), party)
    elif rule.reading == "provision":
        yield from _provision(text.rstrip("."), party)
    elif bare:
        yield from _claim(party, rule.property, bare)


def _claim(party: Party, name: str, value: str, qualifiers: Pairs = ()) -> Iterator[Claim]:
    """One claim, under the nearest property this schema has; none where it has no such property."""
    for candidate in (
        name,
        {"nationality": "country", "citizenship": "country", "passportNumber": "idNumber"}.get(name),
    ):
        try:
            if candidate:
                property_of(party.schema, candidate)
                yield Claim(party.subject, candidate, value, schema=party.schema, qualifiers=qualifiers)
                return
        except RecordError:
            continue


def _identifier(rule: _Rule, rest: str, party: Party) -> Iterator[Claim]:
    match = _IDENTIFIER.match(rest)
    if match is None or not re.search(r"\d", match["number"]):
        return
    dates = {name: match[name] for name in ("issued", "expires") if match[name]}
    where = _where(match["country"], label=rule.label, **dates)
    yield from _claim(party, rule.property, match["number"], where)


def _where(country: str | None, **more: str) -> Pairs:
    if country is None:
        return pairs(more)
    code = country_code(country)
    return pairs(more, country=code) if code else pairs(more, issuer=country)


def _date(rule: _Rule, rest: str, party: Party) -> Iterator[Claim]:
    circa = rest.startswith("circa ")
    spans = [_iso(part) for part in rest.removeprefix("circa ").split(" to ")]
    if not 1 <= len(spans) <= 2 or None in spans:
        return
    about = pairs(
        **({"circa": "yes"} if circa else {}), **({"until": spans[1]} if len(spans) == 2 and spans[1] else {})
    )
    yield from _claim(party, rule.property, spans[0] or "", about)


def _iso(text: str) -> str | None:
    """``09 Sep 1984``, ``Sep 1984`` or ``1984`` as an ISO 8601 date of that precision."""
    for given, wanted in _FORMATS:
        try:
            return datetime.strptime(text.strip(), given).strftime(wanted)
        except ValueError:
            continue
    return None


def _wallet(rest: str, party: Party) -> Iterator[Claim]:
    coin, _, address = rest.partition(" ")
    if not coin.isalnum() or not address or " " in address:
        return
    wallet = f"{party.subject}/wallet/{coin}/{keyed_hash(address)}"
    yield Claim(wallet, "publicKey", address, schema="CryptoWallet")
    yield Claim(wallet, "currencySymbol", coin, schema="CryptoWallet")
    yield Claim(wallet, "holder", party.subject, schema="CryptoWallet")


def _link(name: str, party: Party) -> Iterator[Claim]:
    other = party.ids_by_name.get(name) or party.ids_by_name.get(name.removesuffix("."))
    if other is None:
        return
    link = f"{party.subject}/linked-to/{other}"
    yield Claim(link, "subject", party.subject, schema="UnknownLink")
    yield Claim(link, "object", other, schema="UnknownLink")
    yield Claim(link, "role", "Linked To", schema="UnknownLink")


def _provision(text: str, party: Party) -> Iterator[Claim]:
    sanction = f"{party.subject}/sanction"
    yield Claim(sanction, "provisions", text, schema="Sanction")
    yield Claim(sanction, "entity", party.subject, schema="Sanction")
