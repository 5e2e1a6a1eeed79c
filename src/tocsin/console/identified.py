"""Where has it been identified? A node's series and records under the names by which its sources know a substance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.console.lines import lines_of
from tocsin.console.once import once
from tocsin.errors import UsageError
from tocsin.feeds import DEFINITIONS
from tocsin.node.finding import Moment, Query, search
from tocsin.node.index import Index
from tocsin.node.series import Series, series_of, substances_named
from tocsin.records.kinds import Record
from tocsin.records.schemas import KINDS
from tocsin.substances.resolving import Resolution, resolved

_NEWEST, _MOST_WORDS = 6, 16


@dataclass(frozen=True, slots=True)
class Reported:
    """Numbers of one definition under one name."""

    name: str
    source: str
    definition: str
    label: str
    places: int
    series: int


def names_used(index: Index, moment: Moment) -> tuple[Resolution, ...]:
    """Every name of a substance in the node, with the entries that have it; unresolved ones first."""
    return _resolved(index, moment, index.state)


def reported(index: Index, moment: Moment, substance: str) -> list[Reported]:
    """The numbers held of the substance, by definition and by the name its source gives it."""
    mine = {one.name for one in names_used(index, moment) if one.substances == (substance,)}
    found = _by_name(index, moment, index.state)
    return [_reported(name, definition, some) for name in sorted(mine) for definition, some in found[name].items()]


def newest(index: Index, moment: Moment, name: str, reported_as: Iterable[str]) -> list[dict[str, Any]]:
    """The newest claims, events and documents that name it, and the newest numbers of it, newest first of each kind.

    Numbers go by the names that their sources give it: words alone would find those of longer names, too.
    """
    words = tuple(name.split())[:_MOST_WORDS]
    queries = [Query(words, kind, limit=_NEWEST) for kind in KINDS if kind != "observation"]
    queries += [Query(kind="observation", substance=one, limit=_NEWEST) for one in dict.fromkeys(reported_as)]
    found = [record for query in queries for record in _searched(index, query, moment)]
    numbers = [one for one in found if one.body.record == "observation"]
    others = [one for one in found if one.body.record != "observation"]
    shown = [*sorted(others, key=_age)[:_NEWEST], *sorted(numbers, key=_age)[:_NEWEST]]
    return lines_of(index, shown, moment)


def _age(record: Record) -> tuple[float, str]:
    return -record.published_at.timestamp(), record.id


def _searched(index: Index, query: Query, moment: Moment) -> list[Record]:
    try:
        return search(index, query, moment)
    except UsageError:
        # A name of signs only cannot be looked for.
        return []


@once(most=8)
def _resolved(index: Index, moment: Moment, _state: object) -> tuple[Resolution, ...]:
    return resolved(one.name for one in substances_named(index, moment))


@once(most=8)
def _by_name(index: Index, moment: Moment, _state: object) -> Mapping[str, Mapping[str, list[Series]]]:
    found: dict[str, dict[str, list[Series]]] = {}
    for one in series_of(index, moment):
        if one.substance:
            found.setdefault(one.substance, {}).setdefault(one.definition, []).append(one)
    return found


def _reported(name: str, definition: str, some: list[Series]) -> Reported:
    label = DEFINITIONS[definition].label if definition in DEFINITIONS else definition
    return Reported(name, some[0].source, definition, label, len({one.place for one in some}), len(some))
