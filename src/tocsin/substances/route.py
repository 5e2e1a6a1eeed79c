"""What does a shipper owe on this route: notification before export, licence, report?

Where a consignment goes decides as much as where it is: China's licence of 2025-11-10 is owed for some destinations
only. Duties are rows of ``data/duties.csv``, each with its text and basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from tocsin.records.data_files import data_rows
from tocsin.substances.control import Subject, judge
from tocsin.substances.fit import Fit
from tocsin.substances.periods import Period
from tocsin.substances.rules import jurisdictions
from tocsin.substances.verdicts import Answer, Judgement

EXPORT, TRANSIT, IMPORT = "export", "transit", "import"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something owed when a rule controls the goods: by whom it is asked, in which role, for which destinations.

    ``rules`` are the rules that call for it, ``schedules`` narrows them to some of their schedules when not empty.
    """

    jurisdiction: str
    role: str
    rules: tuple[str, ...]
    schedules: tuple[str, ...]
    destinations: tuple[str, ...]
    kind: str
    duty: str
    clause: str
    period: Period


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty that applies, and whether surely: a rule that is uncertain makes its duty uncertain."""

    duty: Duty
    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the route, the goods' role there, the judgement and what is owed."""

    place: str
    role: str
    judgement: Judgement
    owed: tuple[Owed, ...]


def along(subject: Subject, route: Sequence[str], day: date) -> tuple[Stop, ...]:
    """The judgement and the duties at each place of the route, first to last, on that day."""
    judgements = judge(subject, route, day)
    treaty = judge(subject, ["UN"], day)[0]
    return tuple(
        Stop(place, role, judgement, _owed(place, role, route[-1], (judgement, treaty), day))
        for place, role, judgement in zip(route, _roles(len(route)), judgements, strict=True)
    )


def _roles(stops: int) -> tuple[str, ...]:
    return (IMPORT,) if stops == 1 else (EXPORT, *[TRANSIT] * (stops - 2), IMPORT)


def _owed(place: str, role: str, destination: str, judgements: Sequence[Judgement], day: date) -> tuple[Owed, ...]:
    held = jurisdictions().get(place)
    codes = (place, *(held.includes if held else ()), "UN")
    found = []
    for duty in duties():
        if duty.jurisdiction not in codes or role not in duty.role.split():
            continue
        if duty.destinations and destination not in duty.destinations:
            continue
        answer, reason = _called_for(duty, judgements, day)
        if answer is not Answer.NOT_CONTROLLED:
            found.append(Owed(duty, answer, reason))
    return tuple(sorted(found, key=lambda one: list(Answer).index(one.answer)))


def _called_for(duty: Duty, judgements: Sequence[Judgement], day: date) -> tuple[Answer, str]:
    """Whether a rule controls the goods so that the duty applies, and why if that is open."""
    fit, why = duty.period.at(day)
    best, reason = Answer.NOT_CONTROLLED, ""
    for verdict in (one for judgement in judgements for one in judgement.verdicts):
        wanted = verdict.rule in duty.rules and (not duty.schedules or verdict.schedule in duty.schedules)
        if wanted and verdict.answer is not Answer.NOT_CONTROLLED and (best | verdict.answer) is not best:
            best, reason = best | verdict.answer, verdict.reason if verdict.answer is Answer.UNCERTAIN else ""
    if fit is Fit.NO:
        return Answer.NOT_CONTROLLED, ""
    if fit is Fit.OPEN and best is Answer.CONTROLLED:
        return Answer.UNCERTAIN, why
    return best, reason


@cache
def duties() -> tuple[Duty, ...]:
    """All duties held."""
    return tuple(
        Duty(
            row["jurisdiction"], row["role"], tuple(row["rules"].split()),
            tuple(filter(None, row["schedules"].split("; "))), tuple(row["destinations"].split()), row["kind"],
            row["duty"], row["clause"],
            Period(row["start"], row["precision"], row["end"], "", "", row["basis"], row["source"]),
        )
        for row in data_rows("substances", "duties.csv")
    )  # fmt: skip
