"""The substances Tocsin knows: names, numbers, structures, customs codes, potencies as published, and equipment.

Rows of ``data/substances.csv`` and the tables beside it, each with its source and basis. A basis of ``unverified``
marks what nobody has yet read in a source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import TypeVar

from tocsin.errors import NotFoundError
from tocsin.records.data_files import data_rows


@dataclass(frozen=True, slots=True)
class Substance:
    """One entry. ``smiles`` is the neutral parent, empty for classes, mixtures and equipment."""

    id: str
    name: str
    kind: str
    drug_class: str
    medical_use: str
    smiles: str
    inchikey: str
    formula: str
    unii: str
    atc: str
    source: str
    basis: str
    note: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a substance; ``note`` tells where the same word means something else."""

    substance: str
    name: str
    lang: str
    kind: str
    note: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Number:
    """A registry number (CAS or DEA) of a substance in one form, such as base or hydrochloride."""

    substance: str
    scheme: str
    value: str
    form: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Potency:
    """A potency as published: never a bare multiple, always with what it is compared with and how it was found."""

    substance: str
    statement: str
    reference: str
    low: str
    high: str
    assay: str
    species: str
    source: str
    url: str
    quote: str
    basis: str


@dataclass(frozen=True, slots=True)
class CustomsCode:
    """A code of the Harmonized System or a national tariff, and the entries it covers."""

    code: str
    nomenclature: str
    covers: str
    substances: str
    source: str
    basis: str


Row = TypeVar("Row", Substance, Name, Number, Potency, CustomsCode)


@dataclass(frozen=True)
class Registry:
    """All entries, and what belongs to each."""

    substances: Mapping[str, Substance]
    names: Mapping[str, tuple[Name, ...]]
    numbers: Mapping[str, tuple[Number, ...]]
    potencies: Mapping[str, tuple[Potency, ...]]
    codes: tuple[CustomsCode, ...]

    def get(self, substance: str) -> Substance:
        """The entry of that id; NotFoundError where there is none."""
        if substance not in self.substances:
            raise NotFoundError(f"no substance has the id {substance!r}", mend="look it up: tocsin substance NAME")
        return self.substances[substance]

    def customs_codes(self, substance: str) -> tuple[CustomsCode, ...]:
        """The codes that cover a substance."""
        return tuple(code for code in self.codes if substance in code.substances.split("; "))


@cache
def registry() -> Registry:
    """The registry, read once from the data files."""
    substances = {one.id: one for one in _rows("substances.csv", Substance)}
    return Registry(
        substances,
        _by_substance(_rows("names.csv", Name)),
        _by_substance(_rows("numbers.csv", Number)),
        _by_substance(_rows("potency.csv", Potency)),
        tuple(_rows("hs_codes.csv", CustomsCode)),
    )


def _rows(file: str, kind: type[Row]) -> list[Row]:
    columns = [field.name for field in fields(kind)]
    return [kind(*(row[column] for column in columns)) for row in data_rows("substances", file)]


Owned = TypeVar("Owned", Name, Number, Potency)


def _by_substance(rows: Iterable[Owned]) -> dict[str, tuple[Owned, ...]]:
    found: dict[str, list[Owned]] = defaultdict(list)
    for row in rows:
        found[row.substance].append(row)
    return {substance: tuple(many) for substance, many in found.items()}


@cache
def by_skeleton() -> dict[str, tuple[str, ...]]:
    """Entries by the first block of their parent's InChIKey: stereoisomers share one."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in registry().substances.values():
        if one.smiles:
            found[one.inchikey[:14]].append(one.id)
    return {key: tuple(ids) for key, ids in found.items()}


@cache
def formulas() -> frozenset[str]:
    """The molecular formulas of all entries' parents: what has none of them is no entry."""
    return frozenset(one.formula for one in registry().substances.values() if one.smiles)
