"""The rules of control, as rows: class definitions, lists by name, and the jurisdictions they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tocsin.records.data_files import data_rows
from tocsin.substances.periods import Period


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one jurisdiction.

    ``skeleton`` says what it looks at: ``fentanyl`` or ``nitazene`` (read clause by clause), ``smarts:…`` (a skeleton
    whose deciding words are not held), ``class:…|…`` (entries of drug classes) or ``names`` (a list by name).
    ``missing`` says which words are not held; where those decide, the verdict is uncertain. ``coverage`` of a list by
    name is empty where it is held whole, ``none`` where only that it exists is known, else ``part``, or
    ``part but CLASS …`` for the drug classes it is held wholly of.
    """

    rule: str
    jurisdiction: str
    schedule: str
    instrument: str
    skeleton: str
    compares: str
    max_mass: float | None
    missing: str
    coverage: str
    scope: str
    as_of: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A substance on a list by name: the name as printed, its item, and when."""

    rule: str
    substance: str
    schedule: str
    item: str
    name: str
    period: Period


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A country or body whose texts are held; ``includes``: those whose texts apply there as well."""

    code: str
    name: str
    includes: tuple[str, ...]
    held: str


@cache
def jurisdictions() -> Mapping[str, Jurisdiction]:
    """Jurisdictions by code (ISO 3166-1 alpha-2, ``UN``, ``EU``)."""
    return {
        row["code"]: Jurisdiction(row["code"], row["name"], tuple(row["includes"].split()), row["held"])
        for row in data_rows("substances", "jurisdictions.csv")
    }


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by id, class definitions first."""
    return {row["rule"]: _rule(row) for row in data_rows("substances", "rules.csv")}


def _rule(row: dict[str, str]) -> Rule:
    given = {name: row[name] for name in Rule.__dataclass_fields__ if name != "max_mass"}
    return Rule(**given, max_mass=float(row["max_mass"]) if row["max_mass"] else None)


@cache
def rules_of(jurisdiction: str) -> tuple[Rule, ...]:
    """The rules that apply in a jurisdiction, its own first."""
    held = jurisdictions().get(jurisdiction)
    codes = (jurisdiction, *(held.includes if held else ()))
    return tuple(rule for code in codes for rule in rules().values() if rule.jurisdiction == code)


@cache
def class_periods() -> Mapping[str, tuple[Period, ...]]:
    """When each class definition was in force, by rule."""
    found: dict[str, list[Period]] = defaultdict(list)
    for row in data_rows("substances", "periods.csv"):
        found[row["rule"]].append(_period(row))
    return {rule: tuple(periods) for rule, periods in found.items()}


@cache
def listings() -> Mapping[tuple[str, str], tuple[Listing, ...]]:
    """Listings by rule and substance."""
    found: dict[tuple[str, str], list[Listing]] = defaultdict(list)
    for row in data_rows("substances", "listings.csv"):
        one = Listing(row["rule"], row["substance"], row["schedule"], row["item"], row["name"], _period(row))
        found[row["rule"], row["substance"]].append(one)
    return {key: tuple(many) for key, many in found.items()}


@cache
def listed_in(rule: str) -> frozenset[str]:
    """The substances a list by name has, or had."""
    return frozenset(substance for held, substance in listings() if held == rule)


@cache
def words() -> Mapping[tuple[str, str], str]:
    """The words of each clause, as read, by rule and letter; the letter is empty for the words before the clauses."""
    return {(row["rule"], row["letter"]): row["words"] for row in data_rows("substances", "words.csv")}


def _period(row: dict[str, str]) -> Period:
    return Period(
        row["start"], row["precision"], row["end"], row["after_end"], row["note"], row["basis"], row["source"]
    )
