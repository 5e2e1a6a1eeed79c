"""What callers hand in, made fit for a picture: text, numbers, addresses, days."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def clean(text: object) -> str:
    """The text without the characters that XML forbids, such as NUL and lone surrogates."""
    return _NOT_XML.sub("", str(text))


def clipped(text: object, most: int) -> str:
    """One line of at most so many characters; an ellipsis says that there is more."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def number(value: object) -> float | None:
    """The number, or None where there is none. Raises ValueError for what is no number, not-a-number and infinity."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return value


def path(href: str | None) -> str | None:
    """A path on this site, or None. Raises ValueError for anything that could lead off the site."""
    if href is None:
        return None
    # Cleaned before it is looked at: a dropped character must not bring two slashes together.
    if not _PATH.fullmatch(clean(href)):
        raise ValueError(f"a link is a path on this site, beginning with one '/': {href!r}")
    return clean(href)


def milliseconds(day: str) -> int:
    """The start of an ISO day in UTC, in milliseconds since 1970. Raises ValueError for what is no day."""
    return int((datetime.fromisoformat(day[:10]).replace(tzinfo=UTC) - _EPOCH).total_seconds() * 1000)


def shown(value: float, digits: int = 4) -> str:
    """The number for readers: separators by thousands, so many significant digits, an exponent only for specks."""
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    if magnitude < -6:
        return f"{value:.{digits}g}"
    text = f"{value:,.{max(0, digits - 1 - magnitude)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
