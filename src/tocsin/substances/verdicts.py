"""Answers to "is it controlled": what a verdict says, and how the verdicts of several rules make one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tocsin.records.findings import Method
from tocsin.substances.fit import Fit

METHOD = Method("control by the words of the texts held", "1", (("lists", "closed"), ("open words", "uncertain")))


class Answer(StrEnum):
    """``not controlled`` always means: not found to be controlled under the texts held."""

    CONTROLLED = "controlled"
    UNCERTAIN = "uncertain"
    NOT_CONTROLLED = "not controlled"

    def __or__(self, other: str) -> Answer:
        """Of two rules that apply side by side, the stricter answer holds; not knowing outweighs "no"."""
        return min(self, Answer(other), key=list(Answer).index)

    @classmethod
    def of(cls, fit: Fit) -> Answer:
        """The answer that a fit of words and days gives."""
        return {Fit.YES: cls.CONTROLLED, Fit.OPEN: cls.UNCERTAIN, Fit.NO: cls.NOT_CONTROLLED}[fit]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one substance on one day.

    ``clause`` is the letter, number or item of the words that decide; ``reason`` says why in a sentence, and is empty
    where nothing of the rule is met. ``atoms`` are those of the structure that matched, by component. ``basis`` says
    how far the words were read.
    """

    rule: str
    jurisdiction: str
    answer: Answer
    schedule: str = ""
    clause: str = ""
    reason: str = ""
    component: int = 0
    atoms: tuple[int, ...] = ()
    since: str = ""
    until: str = ""
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer for a jurisdiction, with the verdict of each of its rules, those that decide first."""

    jurisdiction: str
    answer: Answer
    verdicts: tuple[Verdict, ...]


def judged(jurisdiction: str, verdicts: Iterable[Verdict]) -> Judgement:
    """The verdicts of a jurisdiction's rules as one answer: the strictest.

    A listing by name comes before a class: what is listed by name stands under that listing (so the US act, paragraph
    (1), "unless listed in another schedule", and the Chinese announcements).
    """
    many = sorted(verdicts, key=lambda one: (list(Answer).index(one.answer), bool(one.atoms)))
    answer = Answer.NOT_CONTROLLED
    for one in many:
        answer |= one.answer
    return Judgement(jurisdiction, answer, tuple(many))
