"""Bring the message catalogues up to date with templates and code: python -m scripts.update_catalogues."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CONSOLE = ROOT / "src" / "tocsin" / "console"
CATALOGUES = CONSOLE / "translations"
# One day for all, so that a text changes a catalogue and the clock does not.
_DAY = datetime(2026, 11, 25, tzinfo=UTC)
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def extracted() -> Catalog:
    """Every text of the interface, with where it stands."""
    catalogue = Catalog(project="Tocsin", charset="utf-8", creation_date=None)
    found = extract_from_dir(CONSOLE, _METHODS, keywords={"_": None, "gettext": None, "ngettext": (1, 2)})
    for file, _, message, _, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, None, [(f"src/tocsin/console/{file}", 1)], context=context)
    return catalogue


def update(language: str) -> None:
    """Merge the texts into a language's catalogue; what is no longer used is dropped."""
    path = CATALOGUES / f"{language}.po"
    template = extracted()
    if path.exists():
        with path.open("rb") as file:
            held = read_po(file, locale=language)
        held.update(template, no_fuzzy_matching=True)
    else:
        held = template
        held.locale = language
    held.fuzzy, held.header_comment = (
        False,
        f"# Tocsin's console in {held.locale.english_name if held.locale else language}.",
    )
    held.creation_date = held.revision_date = _DAY
    held.last_translator, held.language_team, held.msgid_bugs_address = "Tocsin", "Tocsin", ""
    with path.open("wb") as file:
        write_po(file, held, omit_header=False, ignore_obsolete=True, width=120, no_location=True, sort_output=True)


if __name__ == "__main__":
    for code in ("es", "fr", "zh"):
        update(code)
        print(f"{code}: {len(extracted())} texts")
