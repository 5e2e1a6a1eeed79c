"""Places: ISO 3166-1 and 3166-2 codes, their names, and the other spellings publishers use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tocsin.errors import UsageError
from tocsin.records.data_files import data_rows


@dataclass(frozen=True, slots=True)
class Place:
    """A country (``CN``) or a part of one (``US-OH``); ``fips`` is the US Census code of US states and territories."""

    code: str
    kind: str
    name: str
    parent: str
    fips: str


@cache
def places() -> dict[str, Place]:
    """All places by code."""
    return {
        row["code"]: Place(row["code"], row["kind"], row["name"], row["parent"], row["fips"])
        for row in data_rows("records", "places.csv")
    }


@cache
def _countries_by_name() -> dict[str, str]:
    return {
        name.casefold(): row["code"]
        for row in data_rows("records", "places.csv")
        if row["kind"] == "country"
        for name in (row["name"], *row["aliases"].split("|"))
        if name
    }


def country_code(name: str) -> str | None:
    """The ISO code of a country's name as publishers spell it, or ``None``."""
    return _countries_by_name().get(name.strip().casefold())


@cache
def _parts_by_name(country: str) -> dict[str, str]:
    return {
        name.casefold(): row["code"]
        for row in data_rows("records", "places.csv")
        if row["parent"] == country
        for name in (row["name"], *row["aliases"].split("|"))
        if name
    }


def subdivision_code(country: str, name: str) -> str | None:
    """The ISO 3166-2 code of a state, province or nation of a country by its English name, or ``None``."""
    return _parts_by_name(country).get(name.strip().casefold())


def name_of(code: str) -> str:
    """A place's English name; the code itself where it is not known."""
    place = places().get(code)
    return place.name if place else code


def read_place(text: str) -> str:
    """The code of a place given by a user as a code or an English name, in any case; what is neither stays as it is."""
    code = text.strip().upper()
    return code if code in places() else _codes_by_name().get(text.strip().casefold(), text.strip())


@cache
def _codes_by_name() -> dict[str, str]:
    """Countries before their parts: Georgia is the country."""
    parts = {name: code for parent in places() for name, code in _parts_by_name(parent).items()}
    return parts | _countries_by_name()


def read_country(text: str) -> str:
    """A country given by a user as a code or a name; UsageError when it is neither."""
    code = text.strip().upper()
    if code in places() and places()[code].kind == "country":
        return code
    found = country_code(text)
    if found is None:
        raise UsageError(f"{text!r} is no country", mend="give an ISO 3166-1 code such as CN, or an English name")
    return found
