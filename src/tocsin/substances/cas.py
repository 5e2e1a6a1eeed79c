"""CAS registry numbers: is the check digit right, and if not, which number was meant?

The last digit is the sum of the other digits, each times its place counted from the right, modulo 10 (CAS, "Check
Digit Verification of CAS Registry Numbers").
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_FORM = re.compile(r"\s*(?:CAS[\s:#-]*(?:RN|No\.?)?[\s:]*)?(\d{2,7})-(\d{2})-(\d)\s*", re.IGNORECASE)


def read_cas(text: str) -> str | None:
    """The number in its usual form when ``text`` looks like one, right or wrong; None when it does not."""
    found = _FORM.fullmatch(text.translate(_DASHES))
    return f"{int(found[1])}-{found[2]}-{found[3]}" if found else None


_DASHES = {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"}


def is_valid(number: str) -> bool:
    """Whether the check digit is right."""
    return number[-1] == str(_check_digit(number[:-1]))


def _check_digit(body: str) -> int:
    digits = [int(digit) for digit in body if digit.isdigit()]
    return sum(place * digit for place, digit in enumerate(reversed(digits), start=1)) % 10


def meant(number: str, known: Iterable[str]) -> tuple[str, ...]:
    """Known numbers that differ from a wrong one in one digit or in two neighbours swapped."""
    return tuple(sorted(one for one in known if len(one) == len(number) and _one_slip(number, one)))


def _one_slip(first: str, second: str) -> bool:
    places = [place for place, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if len(places) == 1:
        return True
    digits = [index for index, sign in enumerate(first) if sign != "-"]
    return (
        len(places) == 2
        and digits.index(places[1]) - digits.index(places[0]) == 1
        and (first[places[0]], first[places[1]]) == (second[places[1]], second[places[0]])
    )
