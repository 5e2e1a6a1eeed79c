"""When did control begin, change and end? The answers of a jurisdiction over time, for one substance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tocsin.substances.control import Subject, judge
from tocsin.substances.periods import Period
from tocsin.substances.rules import class_periods, listings, rules_of
from tocsin.substances.verdicts import Answer, Judgement

BEGIN = date(1961, 3, 30)
"""The first day looked at: the Single Convention was opened for signature."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both included, with one answer by one rule; the judgement is that of its first day."""

    start: date
    end: date
    judgement: Judgement


def history(subject: Subject, place: str, until: date) -> tuple[Span, ...]:
    """The spans of a jurisdiction from ``BEGIN`` to ``until``; neighbours that say the same are one."""
    edges = sorted(day for day in _edges(subject, place) if BEGIN < day <= until)
    starts = [BEGIN, *edges]
    spans: list[Span] = []
    for start, following in zip(starts, [*edges, until + timedelta(1)], strict=True):
        judgement = judge(subject, [place], start)[0]
        if spans and _said(spans[-1].judgement) == _said(judgement):
            spans[-1] = Span(spans[-1].start, following - timedelta(1), spans[-1].judgement)
        else:
            spans.append(Span(start, following - timedelta(1), judgement))
    return tuple(spans)


def _said(judgement: Judgement) -> tuple[str, ...]:
    first = judgement.verdicts[0] if judgement.verdicts else None
    if first is None or judgement.answer is Answer.NOT_CONTROLLED:
        return (judgement.answer.value,)
    return judgement.answer.value, first.rule, first.schedule, first.since, first.reason


def _edges(subject: Subject, place: str) -> set[date]:
    """Every day on which an answer of the jurisdiction can change."""
    days: set[date] = set()
    for rule in rules_of(place):
        periods: list[Period] = list(class_periods().get(rule.rule, ()))
        for entry, _ in subject.entries:
            periods += [one.period for one in listings().get((rule.rule, entry), ())]
        days |= set(_days(periods))
    return days


def _days(periods: Iterable[Period]) -> Iterable[date]:
    for period in periods:
        earliest, latest = period.starts()
        yield from (day for day in (earliest, latest) if day not in (date.min, date.max))
        if period.last is not None and period.last < date.max:
            yield period.last + timedelta(1)
