"""Judgements made ready to be shown: by jurisdiction and by rule, in the words of the text, with the atoms that matched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from rdkit.Chem import Mol

from tocsin.substances import Answer, judge
from tocsin.substances.control import Subject
from tocsin.substances.picture import structure_svg
from tocsin.substances.rules import Rule, jurisdictions, rules, words
from tocsin.substances.verdicts import Judgement, Verdict

NONE_HELD = "no national text held"
LABELS = {
    Answer.CONTROLLED: "controlled",
    Answer.UNCERTAIN: "uncertain",
    Answer.NOT_CONTROLLED: "not found to be controlled under the texts held",
}
_KINDS = {**{label: answer.value.replace(" ", "-") for answer, label in LABELS.items()}, NONE_HELD: "none-held"}
_NAMED = 120


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict as it is shown: the text it rests on, the words of its clauses, the structure with what matched."""

    verdict: Verdict
    rule: Rule | None
    quotes: tuple[tuple[str, str], ...]
    reason: str
    picture: Markup | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer of one jurisdiction as it is shown; ``held`` says which of its texts are."""

    code: str
    answer: Answer
    label: str
    told: tuple[Told, ...]
    held: str

    @property
    def kind(self) -> str:
        """The answer as a word for the style sheet."""
        return _KINDS[self.label]


def rulings(subject: Subject, places: Iterable[str], day: date) -> tuple[Ruling, ...]:
    """The answer of each jurisdiction on that day, in the order asked."""
    return tuple(_ruling(one, subject) for one in judge(subject, places, day))


def label_of(judgement: Judgement) -> str:
    """The answer in words. Where no text of the country's own is held, and those of its union are silent, that is said."""
    open_ones = [one for one in judgement.verdicts if one.answer is Answer.UNCERTAIN]
    if judgement.answer is Answer.UNCERTAIN and all(one.basis == "not held" for one in open_ones):
        return NONE_HELD
    return LABELS[judgement.answer]


def _ruling(judgement: Judgement, subject: Subject) -> Ruling:
    told = tuple(_told(one, subject) for one in judgement.verdicts if one.answer is not Answer.NOT_CONTROLLED)
    held = jurisdictions().get(judgement.jurisdiction)
    return Ruling(judgement.jurisdiction, judgement.answer, label_of(judgement), told, held.held if held else "")


def _told(verdict: Verdict, subject: Subject) -> Told:
    quotes = _quotes(verdict)
    # A reason may end with the words of the clauses, which are quoted beside it.
    said = "; ".join(f"({letter}) {text}" for letter, text in quotes if letter)
    reason = verdict.reason.removesuffix(said).rstrip("; ")
    return Told(verdict, rules().get(verdict.rule), quotes, reason, _matched(verdict, subject))


def _quotes(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """The words before the clauses, then those of each clause that decides, as far as they are held."""
    letters = [one for one in verdict.clause.split(", ") if one and (verdict.rule, one) in words()]
    head = [""] if letters and (verdict.rule, "") in words() else []
    return tuple((letter, words()[verdict.rule, letter]) for letter in (*head, *letters))


def _matched(verdict: Verdict, subject: Subject) -> Markup | None:
    if not verdict.atoms or verdict.component >= len(subject.components):
        return None
    return structure(subject.components[verdict.component], verdict.rule, verdict.atoms, width=300, height=170)


def structure(mol: Mol, title: str, atoms: Iterable[int] = (), *, width: int = 420, height: int = 250) -> Markup:
    """A structure as SVG to stand in a page; ``atoms`` are marked."""
    # The SVG is made by us, and its title escaped there.
    return Markup(structure_svg(mol, title[:_NAMED], atoms, width=width, height=height))  # noqa: S704
