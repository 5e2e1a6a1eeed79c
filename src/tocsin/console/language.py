"""Which language does this reader want, and how do texts, numbers and places read in it?"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol
from babel.support import NullTranslations, Translations
from fastapi import Request

from tocsin.records.places import name_of, places

LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "zh": "中文"}
"""The languages of the interface, by their own names. What publishers say is never translated."""

COOKIE = "tocsin_language"


def language_of(request: Request | None) -> str:
    """The language chosen, else the first the browser asks for that there is, else English."""
    if request is None:
        return "en"
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    asked = [part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    return negotiate_locale([name.partition("-")[0].lower() for name in asked if name], list(LANGUAGES)) or "en"


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language. English is what the source says."""
    if language == "en":
        return NullTranslations()
    source = files("tocsin.console").joinpath("translations", f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=language))
    compiled.seek(0)
    return Translations(compiled)


def number(value: float | None, language: str) -> str:
    """A number as the language writes it, with at most four decimals; a dash for none."""
    if value is None:
        return "–"
    text = f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return text.translate(_signs(language))


@cache
def _signs(language: str) -> dict[int, str]:
    return str.maketrans({",": get_group_symbol(language), ".": get_decimal_symbol(language)})


@cache
def place_name(code: str, language: str) -> str:
    """A country's name in the language (Unicode CLDR); other places by their English name, unknown ones by their code."""
    place = places().get(code)
    if language != "en" and place and place.kind == "country":
        return str(Locale.parse(language).territories.get(code, place.name))
    return name_of(code)
