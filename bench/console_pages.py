"""Which pages a day's readers ask for: paths drawn from what a node holds, always the same ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

from tocsin.node import Node

_SAMPLE = 400
_COMMON = ("fentanyl", "co", "chemical", "ltd", "sanction", "heroin", "化工", "有限公司", "quim", "methamphetamine")
_DAYS = ("", "2026-11-20", "2026-06-30", "2026-01-31", "2025-07-01", "2023-07-07")
_COUNTRIES = ("", "US", "CA", "CN", "MX")


@dataclass(frozen=True, slots=True)
class Class:
    """A class of pages: its bar in milliseconds (the 95th percentile may take twice that), and one path by chance."""

    name: str
    bar: float | None
    path: Callable[[Held, random.Random], str]

    def paths(self, held: Held, count: int) -> list[str]:
        """So many paths, always the same ones for one node."""
        chance = random.Random(self.name)
        return [self.path(held, chance) for _ in range(count)]


@dataclass(frozen=True)
class Held:
    """What pages can be asked about: samples of what the node holds."""

    node: Node

    @cached_property
    def names(self) -> list[str]:
        """Names of parties in all scripts."""
        return self._sample("SELECT value FROM claim_all WHERE property IN ('name', 'alias')", "value")

    @cached_property
    def subjects(self) -> list[str]:
        """Parties."""
        return self._sample("SELECT subject FROM claim_all WHERE property = 'name'", "subject")

    @cached_property
    def ids(self) -> list[str]:
        """Records of three kinds."""
        kinds = ("claim", "observation", "event")
        return [one for kind in kinds for one in self._sample(f"SELECT id FROM {kind}_all", "id")]

    @cached_property
    def series(self) -> list[dict[str, Any]]:
        """Every definition, place and substance there are numbers of."""
        return self._rows("SELECT DISTINCT definition, place, substance FROM observation_all ORDER BY ALL")

    @cached_property
    def mapped(self) -> list[dict[str, Any]]:
        """Every definition and substance there are numbers of for many places."""
        return self._rows(
            """SELECT definition, substance FROM observation_all GROUP BY ALL HAVING count(DISTINCT place) > 20
            ORDER BY ALL"""
        )

    @cached_property
    def places(self) -> list[str]:
        """Places there are numbers of."""
        return sorted({one["place"] for one in self.series})

    @cached_property
    def sources(self) -> list[str]:
        """All sources."""
        return sorted({entry.source for entry in self.node.ledger()})

    def words(self, chance: random.Random) -> str:
        """What somebody types into the search: a piece of a name, a common word, two words, or what is not there."""
        name, dice = chance.choice(self.names), chance.random()
        if dice < 0.15:
            return chance.choice(_COMMON)
        if dice < 0.25:
            return "".join(chance.choices("bcdfghjklmnpqrstvwxz", k=7))
        if not name.isascii() and " " not in name:
            begin = chance.randrange(max(1, len(name) - 3))
            return name[begin : begin + chance.randint(2, 4)]
        return " ".join(chance.sample(name.split(), min(len(name.split()), 2 if dice > 0.8 else 1)))

    def _sample(self, query: str, column: str) -> list[str]:
        rows = self._rows(f"SELECT DISTINCT {column} FROM ({query}) ORDER BY md5({column}) LIMIT {_SAMPLE}")
        return [row[column] for row in rows]

    def _rows(self, query: str) -> list[dict[str, Any]]:
        with self.node.view() as view:
            return view.rows(query)


def _front(_: Held, chance: random.Random) -> str:
    day, country = chance.choice(list(product(_DAYS, _COUNTRIES)))
    return _address("/", as_of=day, country=country)


def _search(held: Held, chance: random.Random, path: str = "/records") -> str:
    filters = {}
    if chance.random() < 0.4:
        which = chance.choice(("kind", "source", "place"))
        values = {"kind": ("claim", "observation", "event"), "source": held.sources, "place": held.places}[which]
        filters[which] = chance.choice(values)
    return _address(path, q=held.words(chance), **filters)


def _chart(held: Held, chance: random.Random) -> str:
    one = chance.choice(held.series)
    substance = one["substance"] if chance.random() < 0.7 else ""
    day = chance.choice(_DAYS) if chance.random() < 0.2 else ""
    return _address("/series", definition=one["definition"], place=one["place"], substance=substance, as_of=day)


def _map(held: Held, chance: random.Random) -> str:
    one = chance.choice(held.mapped)
    return _address("/series", definition=one["definition"], substance=one["substance"], view="map")


def _address(path: str, **query: str | None) -> str:
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{asked}" if asked else path


CLASSES = (
    Class("front page", 300, _front),
    Class("search", 200, _search),
    Class("chart", 400, _chart),
    Class("map", 400, _map),
    Class("record", None, lambda held, chance: f"/records/{chance.choice(held.ids)}"),
    Class("party", None, lambda held, chance: f"/parties/{quote(chance.choice(held.subjects), safe='')}"),
    Class("place", None, lambda held, chance: f"/places/{chance.choice(held.places)}"),
    Class("sources", None, lambda _held, _chance: "/sources"),
    Class("API search", None, lambda held, chance: _search(held, chance, "/api/v1/records")),
)


def words_of(held: Held, count: int) -> list[str]:
    """Words as the searches of the load have them, without filters."""
    chance = random.Random("words")
    return [held.words(chance) for _ in range(count)]
