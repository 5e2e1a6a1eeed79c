"""The names a list prints for an item, as English and GSRS write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SIGNS = str.maketrans(
    {"α": "alpha", "β": "beta", "ß": "beta", "γ": "gamma", "δ": "delta", "Δ": "delta", "ω": "omega"}
    | {"′": "'", "’": "'", "±": "+/-"}
)
_REMARK = re.compile(
    r"^(?:class listing|CN \d|HS \d|chinese name|and its|its |et ses)|names? (?:not|as) ", re.IGNORECASE
)
_TAIL = re.compile(r",?\s+(?:and |or |including )?(?:its|their) .*$")
_SALT = re.compile(r",? (?:salt undetermined|isomer undetermined|hydrochloride|citrate|hcl)$", re.IGNORECASE)
_GERMAN = (
    (r"([Ff]lu|[Cc]hl)or(?!o|id|en|al)", r"\1oro"),
    (r"([Bb]rom|[Ii]od)(?!o|id|in)", r"\1o"),
    (r"phenetyl", "phenethyl"),
    (r"^(Codein|Morphin)-N-oxid$", r"\1e-N-oxide"),
    (r"-?Zwischenprodukt", " intermediate"),
    (r"(yl[)\]}]?)((?:di)?(?:acetat|propionat|propanoat|butanoat|benzoat|nicotinat|carbamat))$", r"\1 \2e"),
    (r"(azan|amin|amid|on|nitril|indol|idin|azin|in)$", r"\1e"),
)


def printed(row: dict[str, str]) -> Iterator[str]:
    """The names, in English or as German is turned into English, without remarks and without "and its salts"."""
    for name in [row["name"] if row["lang"] in ("en", "de") else "", *re.split("[;；]", row["other_names"])]:
        bare = _TAIL.sub("", name.strip().translate(_SIGNS))
        if len(bare) > 2 and bare.isascii() and not _REMARK.search(name.strip()) and bare != "and":
            yield bare
            if len(bare) > 60 and " (" in bare:
                yield bare[: bare.index(" (")]
            if row["lang"] == "de":
                yield from dict.fromkeys((f"{bare}e", english(bare)))


def english(name: str) -> str:
    """A German chemical name as English writes it: fluoro for Fluor, an ester's acid apart, and the last e."""
    for german, meant in _GERMAN:
        name = re.sub(german, meant, name)
    return name


def described(text: str) -> Iterator[str]:
    """The names within a laboratory code's description, as ``NAME (NAME; NAME), SALT UNDETERMINED``."""
    bare = without_salt(text)
    whole = re.fullmatch(r"(.*?) \((.*)\)", bare)
    many = [whole[1], *re.split(r"; |, (?=[A-Z]{3,})", whole[2])] if whole else [bare]
    for name in many:
        if not name or (whole and name.isalpha() and not re.search("FENT|ANPP", name)):
            continue
        yield name.capitalize() if name.isupper() and not re.search(r"[\d(]", name) else name


def without_salt(text: str) -> str:
    """A laboratory code's description without what it says of salt and isomer."""
    return _SALT.sub("", _SALT.sub("", " ".join(text.split())))
