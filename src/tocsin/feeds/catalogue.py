"""The catalogue of sources: publisher, licence, rhythm, what is counted and what it cannot say, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tocsin.records.data_files import data_rows


@dataclass(frozen=True, slots=True)
class Source:
    """A row of ``data/sources.csv``.

    ``module``: the module of this room that reads it. ``page`` is the publisher's; ``url`` a stable download, where
    there is one.
    """

    id: str
    module: str
    name: str
    publisher: str
    page: str
    url: str
    licence: str
    licence_note: str
    rhythm: str
    counts: str
    cannot_say: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A row of ``data/definitions.csv``: what exactly a series counts, and what it must not be set beside silently."""

    id: str
    label: str
    measure: str
    unit: str
    counts: str
    not_comparable_with: str
    source: str
    basis: str


SOURCES: Mapping[str, Source] = MappingProxyType(
    {row["id"]: Source(**row) for row in data_rows("feeds", "sources.csv")}
)
DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {row["id"]: Definition(**row) for row in data_rows("feeds", "definitions.csv")}
)
