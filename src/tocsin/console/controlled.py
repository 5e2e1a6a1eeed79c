"""What the pages of substances show: judgements as rows, the timeline and the map of control."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from tocsin.charts.fills import Fill, Filled, Stretch, filled_world, timeline
from tocsin.charts.picture import Picture
from tocsin.console.language import translations
from tocsin.substances.control import Subject, judge
from tocsin.substances.history import BEGIN, history
from tocsin.substances.picture import structure_svg
from tocsin.substances.rules import jurisdictions
from tocsin.substances.told import instrument, place_name
from tocsin.substances.verdicts import Answer, Judgement, Verdict

FILLS: dict[Answer, Fill] = {Answer.CONTROLLED: 0.85, Answer.UNCERTAIN: None, Answer.NOT_CONTROLLED: 0.1}
WORDS = {
    Answer.CONTROLLED: "controlled",
    Answer.UNCERTAIN: "uncertain",
    Answer.NOT_CONTROLLED: "not found to be controlled",
}
WIDTHS = (880, 358)


def held_places() -> tuple[str, ...]:
    """The jurisdictions whose own texts are held."""
    return tuple(code for code, one in jurisdictions().items() if one.held)


def judgement_rows(subject: Subject, places: Iterable[str], day: date) -> list[dict[str, Any]]:
    """A row for each jurisdiction: the answer, the verdict that decides, and the others that are not "not controlled"."""
    return [_row(one, subject) for one in judge(subject, places, day)]


def _row(one: Judgement, subject: Subject) -> dict[str, Any]:
    told = [_verdict(verdict, subject) for verdict in one.verdicts if verdict.answer is not Answer.NOT_CONTROLLED]
    held = jurisdictions().get(one.jurisdiction)
    return {
        "place": one.jurisdiction,
        "name": place_name(one.jurisdiction),
        "answer": one.answer.value,
        "words": WORDS[one.answer],
        "verdicts": told,
        "held": held.held if held else "",
    }


def _verdict(verdict: Verdict, subject: Subject) -> dict[str, Any]:
    picture = None
    if verdict.atoms and subject.components:
        svg = structure_svg(subject.components[verdict.component], verdict.rule, verdict.atoms, width=300, height=170)
        picture = Markup(svg)  # noqa: S704  made here, its title escaped
    return {
        "rule": verdict.rule,
        "answer": verdict.answer.value,
        "schedule": verdict.schedule,
        "clause": verdict.clause,
        "reason": verdict.reason,
        "since": verdict.since,
        "until": verdict.until,
        "basis": verdict.basis,
        "source": verdict.source,
        "text": instrument(verdict.rule),
        "picture": picture,
    }


def control_timeline(subject: Subject, title: str, until: date, language: str, width: int) -> Picture:
    """Since when it is controlled where: a row for each jurisdiction whose texts are held."""
    say = translations(language).gettext
    spans = {place: history(subject, place, until) for place in held_places()}
    edges = [span.start for many in spans.values() for span in many if span.start > BEGIN]
    first = max(BEGIN, date(max(BEGIN.year, min(edges, default=until).year - 3), 1, 1))
    stretches = [
        Stretch(
            place_name(place),
            max(span.start, first),
            span.end,
            FILLS[span.judgement.answer],
            _told(place, span.judgement, span.start, span.end, say),
        )
        for place, many in spans.items()
        for span in many
        if span.end >= first
    ]
    described = say(
        "Bars are days of control by jurisdiction; hatched is uncertain, pale is not found under the texts held."
    )
    return timeline(stretches, title, described, _key(say), width=width)


def _told(place: str, one: Judgement, start: date, end: date, say: Any) -> str:
    first = one.verdicts[0] if one.verdicts and one.answer is not Answer.NOT_CONTROLLED else None
    text = f"{place_name(place)}, {start} – {end}: {say(WORDS[one.answer])}"
    return f"{text} ({', '.join(filter(None, (first.schedule, first.rule, first.clause)))})" if first else text


def _key(say: Any) -> list[tuple[Fill, str]]:
    return [(FILLS[answer], say(WORDS[answer])) for answer in Answer]


def control_map(subject: Subject, title: str, day: date, language: str, width: int) -> Picture:
    """Where it is controlled on a day; a country without any text held is left blank."""
    say = translations(language).gettext
    places = [code for code in jurisdictions() if code not in ("UN", "EU")]
    rows = [
        Filled(one.jurisdiction, FILLS[one.answer], f"{place_name(one.jurisdiction)}: {say(WORDS[one.answer])}")
        for one in judge(subject, places, day)
    ]
    described = say(
        "Filled is controlled, hatched uncertain, pale not found under the texts held; blank: no text is held."
    )
    return filled_world(rows, title, described, _key(say), width=width)


def change_days(subject: Subject, until: date) -> list[date]:
    """The days on which an answer changed in any jurisdiction whose texts are held."""
    return sorted(
        {span.start for place in held_places() for span in history(subject, place, until) if span.start > BEGIN}
    )


def steps_of(days: Sequence[date], day: date) -> Iterator[tuple[str, date]]:
    """The change before the day, and the one after it, where there are any."""
    before, after = [one for one in days if one < day], [one for one in days if one > day]
    if before:
        yield "prev", before[-1]
    if after:
        yield "next", after[0]
