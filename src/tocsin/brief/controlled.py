"""Section: what newly came under control, where, and by which text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from tocsin.brief.model import Cell, Context, Section, Sentence, Table, count_of
from tocsin.records.findings import Window
from tocsin.records.places import name_of
from tocsin.substances.newly import NewlyControlled, named, newly_controlled
from tocsin.substances.rules import jurisdictions, rules
from tocsin.substances.told import place_name

_ID, _TITLE, _QUESTION = "controlled", "Newly controlled", "What newly came under control?"
_COLUMNS = ("Day", "Where", "What", "Text", "Basis")
_NAMES = 5


def section(context: Context) -> Section:
    """Listings and class definitions that began in the window that ends with the day asked for."""
    window = Window(context.as_of - timedelta(days=context.days - 1), context.as_of, "the day asked for")
    if context.country is not None and context.country not in jurisdictions():
        reason = f"No control text of {name_of(context.country)} is held."
        return Section(_ID, _TITLE, _QUESTION, (Sentence(reason),), ())
    found = newly_controlled(window, None if context.country is None else _codes(context.country))
    return Section(
        id=_ID,
        title=_TITLE,
        question=_QUESTION,
        answer=tuple(_answer(found, window)),
        caveats=_caveats(context.country),
        window=window,
        tables=(_table(found),) if found else (),
    )


def _codes(country: str) -> tuple[str, ...]:
    return (country, *jurisdictions()[country].includes)


def _answer(found: Sequence[NewlyControlled], window: Window) -> Iterator[Sentence]:
    days = f"between {window.start} and {window.end}"
    if not found:
        yield Sentence(f"No text held brings anything newly under control {days}.")
        return
    counts = Counter[str]()
    for one in found:
        counts[one.jurisdiction] += len(set(one.substances) - set(one.renewed))
    classes = [one for one in found if not one.substances and rules()[one.rule].coverage != "none"]
    renewed = {(one.jurisdiction, entry) for one in found for entry in one.renewed}
    where = ", ".join(f"{place_name(place)} {number}" for place, number in counts.most_common() if number)
    new = sum(counts.values())
    parts = [f"{count_of(new, 'new listing')} by name ({where})" if new else ""]
    parts += [f"{count_of(len(classes), 'class definition')} began" if classes else ""]
    parts += [f"{count_of(len(renewed), 'listing')} renewed or moved" if renewed else ""]
    yield Sentence(f"The texts held show {days}: {'; '.join(filter(None, parts))}.")


def _table(found: Sequence[NewlyControlled]) -> Table:
    return Table("controlled.texts", "What came under control", _COLUMNS, tuple(_row(one) for one in found))


def _row(one: NewlyControlled) -> tuple[Cell, ...]:
    text = ", ".join(filter(None, (rules()[one.rule].instrument, one.schedule)))
    return (
        Cell(one.day, one.day), Cell(place_name(one.jurisdiction), one.jurisdiction), Cell(_what(one)),
        Cell(text, one.rule), Cell(one.basis, one.source),
    )  # fmt: skip


def _what(one: NewlyControlled) -> str:
    if not one.substances:
        return "a list that is not held" if rules()[one.rule].coverage == "none" else "a class definition"
    names = named(one.substances)
    shown = ", ".join(names[:_NAMES]) + (f" and {len(names) - _NAMES} more" if len(names) > _NAMES else "")
    return f"{shown} (renewed or moved)" if set(one.renewed) == set(one.substances) else shown


def _caveats(country: str | None) -> tuple[str, ...]:
    held = [one for one in jurisdictions().values() if one.held and (country is None or one.code in _codes(country))]
    told = "; ".join(f"{one.name}: {one.held}" for one in held) if country else ", ".join(one.name for one in held)
    return (
        f"Only texts that are held are read, and only beginnings known to the day. Texts are held of {told}. "
        "What is not shown here is not found under the texts held; that does not make it free of control.",
    )
