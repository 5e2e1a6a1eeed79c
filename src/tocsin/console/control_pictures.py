"""The pictures of control: since when by country, and where on a day. Drawn once as long as they are asked for again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from markupsafe import Markup

from tocsin.charts import Picture
from tocsin.charts.control_map import Country, control_map
from tocsin.charts.control_timeline import Stretch, control_timeline
from tocsin.charts.fills import BLANK, HATCHED, PALE, SOLID, Fill
from tocsin.console.control_asked import name_of, texts_held
from tocsin.console.controlled import LABELS, NONE_HELD, label_of
from tocsin.console.drawing import Drawers
from tocsin.console.language import translations
from tocsin.console.once import once
from tocsin.console.rendering import to
from tocsin.substances import Answer, judge
from tocsin.substances.control import Subject
from tocsin.substances.history import BEGIN, Span, history
from tocsin.substances.rules import jurisdictions
from tocsin.substances.verdicts import Judgement

WIDTHS = (880, 358)
UNIONS = ("UN", "EU")
"""Jurisdictions that are no countries, so that no map has a shape for them."""
_FILLS: dict[str, Fill] = {
    LABELS[Answer.CONTROLLED]: SOLID,
    LABELS[Answer.UNCERTAIN]: HATCHED,
    LABELS[Answer.NOT_CONTROLLED]: PALE,
    NONE_HELD: BLANK,
}
_SHORT = {LABELS[Answer.NOT_CONTROLLED]: "not found to be controlled"}
_YEARS_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture at the width of a page and at that of a phone, and what stands below it."""

    wide: Markup
    narrow: Markup
    caption: str


@dataclass(frozen=True, slots=True)
class Era:
    """Days with one answer in one jurisdiction, as the picture and the table below it show them."""

    code: str
    start: date
    end: date
    label: str
    by: str


def eras(subject: Subject, places: Iterable[str], until: date) -> tuple[Era, ...]:
    """Since when each jurisdiction answers what, jurisdiction by jurisdiction."""
    return tuple(_era(place, span) for place in places for span in history(subject, place, until))


def _era(place: str, span: Span) -> Era:
    return Era(place, span.start, span.end, label_of(span.judgement), decided_by(span.judgement))


def decided_by(judgement: Judgement) -> str:
    """The schedule, rule and clause that decide; empty where nothing is found."""
    first = judgement.verdicts[0] if judgement.verdicts else None
    if first is None or first.answer is Answer.NOT_CONTROLLED:
        return ""
    return ", ".join(part for part in (first.schedule, f"{first.rule} {first.clause}".strip()) if part)


def timeline_of(held: Sequence[Era], name: str, here: str, day: date, language: str) -> Shown:
    """The eras as bars from shortly before the first change on; ``here`` is the page the bars lead to."""
    gettext = translations(language).gettext
    changes = [one.start for one in held if one.start > BEGIN]
    last = max((one.end for one in held), default=day)
    first = max(BEGIN, date(min(changes, default=last).year - _YEARS_BEFORE, 1, 1))
    stretches = tuple(
        Stretch(
            name_of(one.code, language), max(one.start, first), one.end, one.label, _FILLS[one.label],
            _said(one, language), to(here, on=one.start),
        )
        for one in held
        if one.end >= first
    )  # fmt: skip
    caption = gettext("A bar for each answer, by jurisdiction; the upright line is the day asked for.")
    title = gettext("Control of %(name)s over time") % {"name": name}
    return _shown(_Draw(control_timeline, day), None, stretches, title, caption, _key(stretches, language))


def _said(one: Era, language: str) -> str:
    gettext = translations(language).gettext
    by = f" ({one.by})" if one.by else ""
    return f"{name_of(one.code, language)}, {one.start} – {one.end}: {gettext(one.label)}{by}"


def countries() -> tuple[str, ...]:
    """The countries of which something is said: their own texts are held, or those of their union."""
    return tuple(code for code in jurisdictions() if code not in UNIONS)


def map_of(subject: Subject, name: str, here: str, day: date, language: str, drawers: Drawers | None) -> Shown:
    """Which country says what on the day; ``here`` is the page of the substance that a country leads to."""
    gettext = translations(language).gettext
    rows = tuple(_country(one, partial(to, here, on=day), language) for one in judge(subject, countries(), day))
    title = gettext("Control of %(name)s on %(day)s") % {"name": name, "day": day}
    caption = gettext(
        "A country without colour: no text of its own is held, which says nothing of its law. Equal-area projection; borders as "
        "the source of the map draws them."
    )
    return _shown(_Draw(control_map), drawers, rows, title, caption, _key(rows, language))


def _country(one: Judgement, link: Callable[..., str], language: str) -> Country:
    label, by = label_of(one), decided_by(one)
    told = f"{name_of(one.jurisdiction, language)}: {translations(language).gettext(label)}"
    full = f"{told} ({by})" if by and label != NONE_HELD else told
    return Country(one.jurisdiction, label, _FILLS[label], full, link(**{"in": one.jurisdiction}))


def _key(rows: Iterable[Stretch | Country], language: str) -> tuple[tuple[Fill, str], ...]:
    """What each fill that is there means."""
    gettext, there = translations(language).gettext, {one.answer for one in rows}
    return tuple((fill, gettext(_SHORT.get(label, label))) for label, fill in _FILLS.items() if label in there)


@dataclass(frozen=True)
class _Draw:
    """A picture's function, equal to another such where both draw the same of the same rows."""

    function: Callable[..., Picture]
    day: date | None = None

    def __call__(self, width: int, *rows: Any) -> str:
        marked = {"day": self.day} if self.day else {}
        return self.function(*rows, width=width, **marked).svg()


def _shown(draw: _Draw, drawers: Drawers | None, rows: object, title: str, caption: str, key: object) -> Shown:
    # The SVG is made by us, and every text in it escaped there.
    wide, narrow = (Markup(_drawn(draw, drawers, width, rows, title, caption, key)) for width in WIDTHS)  # noqa: S704
    return Shown(wide, narrow, caption)


@once(most=64)
def _drawn(draw: _Draw, drawers: Drawers | None, width: int, *rows: Any) -> str:
    found: str = drawers.call(draw, width, *rows) if drawers else draw(width, *rows)
    return found


def changes_of(subject: Subject, until: date) -> tuple[Era, ...]:
    """What changed in any jurisdiction whose texts are held, newest first."""
    found = [one for one in eras(subject, texts_held(), until) if one.start > BEGIN]
    return tuple(sorted(found, key=lambda one: (-one.start.toordinal(), one.code)))


def steps_of(changes: Sequence[Era], day: date) -> tuple[date | None, date | None]:
    """The newest change before the day, and the first one after it."""
    before = [one.start for one in changes if one.start < day]
    after = [one.start for one in changes if one.start > day]
    return max(before, default=None), min(after, default=None)
