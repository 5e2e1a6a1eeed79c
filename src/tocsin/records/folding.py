"""Text as it is searched: case, width and accents folded away, so that ``cartel`` finds ``CÁRTEL``."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f\x00]")


def folded(text: str) -> str:
    """The text in compatibility form, without case and without the accents of Latin, Greek and Cyrillic letters.

    Marks of other scripts stay, since there they tell words apart (Unicode Standard Annex 15, form NFKD, then NFC).
    """
    if text.isascii():
        return text.lower().replace("\x00", "")
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", plain.casefold())
