"""Reading single cells as publishers write them; BadRow, with reason and mend, for what is not what it should be."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name, monthrange
from datetime import UTC, date, datetime

from tocsin.feeds.reading import BadRow
from tocsin.records.places import places, subdivision_code

_SUPPRESSED = re.compile(r"^(§|<\s*\d+|suppressed|data suppressed.*)$", re.IGNORECASE)
_US_TERRITORIES = ("AS", "GU", "MP", "PR", "VI")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")


def count(text: str) -> int | None:
    """A whole number of cases, or ``None`` when the publisher suppressed it."""
    value = text.strip()
    if _SUPPRESSED.match(value):
        return None
    if _GROUPED.fullmatch(value):
        raise BadRow(f"{value!r} holds a thousands separator; write {value.replace(',', '')}")
    if value in ("", "-0-"):
        raise BadRow(f"a number is expected, not {value!r}; get the file again")
    if not re.fullmatch(r"\d{1,12}", value):
        raise BadRow(f"{value!r} is not a whole number; columns may be swapped")
    return int(value)


def grouped_count(text: str) -> int:
    """A whole number that this publisher writes with thousands separators."""
    value = text.strip()
    number = count(value.replace(",", "") if _GROUPED.fullmatch(value) else value)
    if number is None:
        raise BadRow(f"{value!r} is not a whole number; columns may be swapped")
    return number


def decimal(text: str) -> float:
    """A number that is not negative, such as a rate or a weight; small ones may be written with an exponent."""
    value = text.strip()
    if not re.fullmatch(r"\d{1,12}(\.\d*)?([eE]-\d{1,2})?", value):
        raise BadRow(f"{value!r} is not a number; columns may be swapped")
    return float(value)


def year(text: str) -> int:
    """A calendar year that has begun."""
    value = text.strip()
    if not re.fullmatch(r"(19|20)\d\d", value):
        raise BadRow(f"{value!r} is not a year; columns may be swapped")
    if int(value) > datetime.now(UTC).year:
        raise BadRow(f"{value} lies in the future; check the row")
    return int(value)


def month_number(text: str) -> int:
    """1 to 12 from a number, ``January`` or ``JAN``."""
    value = text.strip().capitalize()
    for names in (list(month_name), list(month_abbr)):
        if value and value in names:
            return names.index(value)
    if not re.fullmatch(r"\d{1,2}", value) or not 1 <= int(value) <= 12:
        raise BadRow(f"{text!r} is not a month; columns may be swapped")
    return int(value)


def month(y: int, m: int) -> tuple[date, date]:
    """The first and the last day of a month that has ended."""
    start, end = date(y, m, 1), date(y, m, monthrange(y, m)[1])
    if end > datetime.now(UTC).date():
        raise BadRow(f"{y}-{m:02d} lies in the future; check the row")
    return start, end


def twelve_months_to(y: int, m: int) -> tuple[date, date]:
    """The first and the last day of the twelve months that end with this one."""
    _, end = month(y, m)
    return (date(y, 1, 1) if m == 12 else date(y - 1, m + 1, 1)), end


def us_place(code: str) -> str:
    """``US``, ``US-OH`` or ``PR`` from a US postal code.

    A state comes first: AL is Alabama here, not Albania. Territories have a country code of their own.
    """
    for place in ("US" if code == "US" else f"US-{code}", code if code in _US_TERRITORIES else ""):
        if place in places():
            return place
    raise BadRow(f"{code!r} is not a US state; columns may be swapped")


def subdivision(country: str, name: str) -> str:
    """The ISO 3166-2 code of a state or province from its English name."""
    code = subdivision_code(country, name)
    if code is None:
        raise BadRow(f"{name!r} is no part of {country} known here; columns may be swapped")
    return code
