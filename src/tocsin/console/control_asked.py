"""What a request asks about control: which day, which jurisdictions, which route; read once for pages and API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Query

from tocsin.console.asking import read_day
from tocsin.console.language import place_name, translations
from tocsin.errors import TocsinError, UsageError
from tocsin.records.places import read_place
from tocsin.substances.rules import jurisdictions

_MOST_PLACES = 40
_LAST_YEAR = 2100
_MEND = "give codes or names, such as US,CN,GB,EU,UN"
Places = Annotated[str, Query(alias="in", max_length=400, description="jurisdictions, such as US,CN,GB,EU,UN")]
On = Annotated[str, Query(max_length=40, description="the day, such as 2025-08-15; today without it")]
Route = Annotated[str, Query(max_length=400, description="from, through, to, such as CN,MX,US")]


@dataclass(frozen=True, slots=True)
class Control:
    """The day, jurisdictions and route asked for; without jurisdictions, those whose texts are held."""

    on: str = ""
    places: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    as_of: str = ""

    @classmethod
    def read(cls, on: On = "", places: Places = "", route: Route = "", as_of: str = "") -> Control:
        """From query parameters; UsageError in one line when one makes no sense."""
        asked = cls(on.strip(), read_codes(places), read_codes(route, twice=True), as_of)
        assert asked.day
        return asked

    @property
    def day(self) -> date:
        """The day of control: the one given, a year standing for its last day; else the reader's day, else today."""
        if len(self.on) == 4 and self.on.isascii() and self.on.isdigit() and 1900 <= int(self.on) <= _LAST_YEAR:
            return min(date(int(self.on), 12, 31), max(self.today, date(int(self.on), 1, 1)))
        return read_day(self.on) or self.today

    @property
    def today(self) -> date:
        """The reader's day, else today."""
        return read_day(self.as_of) or datetime.now(UTC).date()

    @property
    def wanted(self) -> tuple[str, ...]:
        """The jurisdictions asked for, else all whose texts are held."""
        return self.places or texts_held()

    def query(self) -> dict[str, str]:
        """The parameters that ask for the same again."""
        return {"on": self.on, "in": ",".join(self.places), "route": ",".join(self.route)}


def read_codes(text: str, *, twice: bool = False) -> tuple[str, ...]:
    """Jurisdictions as ISO codes, ``EU`` and ``UN``, from codes or names; ``twice`` keeps those named again."""
    found = [_code(part.strip()) for part in text.replace(">", ",").split(",") if part.strip()]
    if len(found) > _MOST_PLACES:
        raise UsageError(f"{len(found)} places are too many", mend=f"give at most {_MOST_PLACES}")
    return tuple(found if twice else dict.fromkeys(found))


def _code(text: str) -> str:
    try:
        code = read_place(text)
    except TocsinError:
        raise UsageError(f"{text[:20]!r} is no jurisdiction", mend=_MEND) from None
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise UsageError(f"{text[:20]!r} is no jurisdiction", mend=_MEND)
    return code.upper()


def texts_held() -> tuple[str, ...]:
    """The jurisdictions of which texts of their own are held."""
    return tuple(code for code, one in jurisdictions().items() if one.held)


def name_of(code: str, language: str = "en") -> str:
    """A jurisdiction by name. Unions and bodies of countries are no places, so that they are named by their texts."""
    name, held = place_name(code, language), jurisdictions().get(code)
    return translations(language).gettext(held.name) if name == code and held else name
