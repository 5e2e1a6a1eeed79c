"""Is it controlled in this jurisdiction on this day, and by which words of which text?

Every rule of the jurisdiction answers for itself: class definitions by their clauses, lists by name. A structure that
meets no rule gets no reason, no near miss and no ranking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from rdkit.Chem import Mol, MolFromSmarts

from tocsin.substances import fentanyl, nitazene
from tocsin.substances.clauses import match
from tocsin.substances.differences import Reading
from tocsin.substances.fit import Fit
from tocsin.substances.periods import in_force
from tocsin.substances.registry import registry
from tocsin.substances.rules import Rule, class_periods, jurisdictions, listings, rules_of, words
from tocsin.substances.structures import mass
from tocsin.substances.verdicts import Answer, Judgement, Verdict, judged

_READERS = {"fentanyl": fentanyl.readings, "nitazene": nitazene.readings}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about: the structure's components, and the entries it is, each with how sure that is.

    ``entries`` pairs an entry's id with a doubt, empty where it is the entry without doubt.
    """

    components: tuple[Mol, ...] = ()
    entries: tuple[tuple[str, str], ...] = ()


def judge(subject: Subject, places: Iterable[str], day: date) -> tuple[Judgement, ...]:
    """The judgement of each jurisdiction on that day, in the order asked."""
    readings = [{name: reader(mol) for name, reader in _READERS.items()} for mol in subject.components]
    return tuple(judged(place, _with_listings(list(_verdicts(subject, readings, place, day)))) for place in places)


def _with_listings(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts; a class that fits what is listed by name says so."""
    if not any(one.answer is Answer.CONTROLLED and not one.atoms for one in verdicts):
        return verdicts
    return [
        replace(one, reason=f"{one.reason}; listed by name, it stands under that listing")
        if one.answer is Answer.CONTROLLED and one.atoms
        else one
        for one in verdicts
    ]


def _verdicts(
    subject: Subject, readings: Sequence[dict[str, tuple[Reading, ...]]], place: str, day: date
) -> Iterable[Verdict]:
    if place not in jurisdictions() or not jurisdictions()[place].held:
        reason = f"no national text of {place} is held"
        yield Verdict("none held", place, Answer.UNCERTAIN, reason=reason, basis="not held")
    for rule in rules_of(place):
        named = _by_name(rule, subject, place, day)
        if rule.skeleton == "names" or named.answer is Answer.CONTROLLED:
            yield named
        elif rule.skeleton.startswith("class:"):
            yield _stronger(named, _by_drug_class(rule, subject, place, day))
        else:
            yield _stronger(named, _by_structure(rule, subject, readings, place, day))


def _by_name(rule: Rule, subject: Subject, place: str, day: date) -> Verdict:
    """Whether a list by name has the substance on that day."""
    best = Verdict(rule.rule, place, Answer.NOT_CONTROLLED, basis=rule.basis, source=rule.source)
    for entry, doubt in subject.entries:
        for one in listings().get((rule.rule, entry), ()):
            fit, why, period = in_force([one.period], day)
            assert period is not None
            if doubt and fit is not Fit.NO:
                fit, why = fit & Fit.OPEN, "; ".join(filter(None, (why, doubt)))
            told = f"listed as {one.name}" + (f", but {why}" if why else "")
            found = Verdict(
                rule.rule, place, Answer.of(fit), one.schedule, one.item or one.name, told, 0, (),
                period.since, period.end, period.basis, period.source,
            )  # fmt: skip
            best = _stronger(best, found)
    if best.answer is Answer.NOT_CONTROLLED and _may_be_among_the_rest(rule, subject):
        return replace(best, answer=Answer.UNCERTAIN, reason=f"{rule.missing}; it is not among the names held")
    return best


def _may_be_among_the_rest(rule: Rule, subject: Subject) -> bool:
    """Whether a list of which only a part is held may name a known drug of a class not wholly held."""
    if not rule.coverage.startswith("part"):
        return False
    wholly = rule.coverage.removeprefix("part").removeprefix(" but").split()
    entries = (registry().get(entry) for entry, _ in subject.entries)
    return any(one.kind == "drug" and one.drug_class not in wholly for one in entries)


def _stronger(first: Verdict, second: Verdict) -> Verdict:
    """The stricter of two verdicts of one rule; of equals, the one that began later and says more."""
    order = list(Answer)
    one, other = order.index(first.answer), order.index(second.answer)
    return second if (other, bool(second.reason)) <= (one, True) and second.reason and other <= one else first


def _by_drug_class(rule: Rule, subject: Subject, place: str, day: date) -> Verdict:
    """A rule whose list of names is not held, but known to lie within a class of entries."""
    wanted = rule.skeleton.removeprefix("class:").split("|")
    hit = [entry for entry, _ in subject.entries if registry().get(entry).drug_class in wanted]
    fit = (Fit.OPEN if hit else Fit.NO) & in_force(class_periods().get(rule.rule, ()), day)[0]
    if fit is Fit.NO:
        return Verdict(rule.rule, place, Answer.NOT_CONTROLLED, basis=rule.basis, source=rule.source)
    return Verdict(
        rule.rule, place, Answer.of(fit), rule.schedule, "", rule.missing, basis=rule.basis, source=rule.source
    )


def _by_structure(
    rule: Rule, subject: Subject, readings: Sequence[dict[str, tuple[Reading, ...]]], place: str, day: date
) -> Verdict:
    nothing = Verdict(rule.rule, place, Answer.NOT_CONTROLLED, basis=rule.basis, source=rule.source)
    found = [
        replace(verdict, component=index)
        for index, mol in enumerate(subject.components)
        for verdict in _of_component(rule, mol, readings[index], nothing)
    ]
    best = min(found, key=lambda one: list(Answer).index(one.answer), default=nothing)
    if best.answer is Answer.NOT_CONTROLLED:
        return nothing
    return _on_day(rule, best, day)


def _of_component(
    rule: Rule, mol: Mol, readings: dict[str, tuple[Reading, ...]], nothing: Verdict
) -> Iterable[Verdict]:
    if rule.max_mass is not None and mass(mol) > rule.max_mass:
        return
    if rule.skeleton.startswith("smarts:"):
        atoms = mol.GetSubstructMatch(_pattern(rule.skeleton))
        if atoms:
            yield replace(nothing, answer=Answer.UNCERTAIN, schedule=rule.schedule, reason=rule.missing, atoms=atoms)
        return
    for reading in readings[rule.skeleton]:
        matched = match(rule.rule, reading, with_reference=rule.compares == "reference")
        if matched.fit is not Fit.NO:
            told = "; ".join(matched.open_questions) or _quoted(rule.rule, matched.letters)
            yield replace(
                nothing, answer=Answer.of(matched.fit), schedule=rule.schedule, clause=", ".join(matched.letters),
                reason=told, atoms=matched.atoms,
            )  # fmt: skip


@cache
def _pattern(skeleton: str) -> Mol:
    return MolFromSmarts(skeleton.removeprefix("smarts:"))


def _quoted(rule: str, letters: Iterable[str]) -> str:
    return "; ".join(f"({letter}) {words()[rule, letter]}" for letter in letters if (rule, letter) in words())


def _on_day(rule: Rule, verdict: Verdict, day: date) -> Verdict:
    """The verdict as far as the rule was in force on the day."""
    fit, why, period = in_force(class_periods().get(rule.rule, ()), day)
    if fit is Fit.NO:
        return Verdict(rule.rule, verdict.jurisdiction, Answer.NOT_CONTROLLED, basis=rule.basis, source=rule.source)
    assert period is not None
    dated = replace(verdict, since=period.since, until=period.end)
    if fit is Fit.OPEN:
        return replace(dated, answer=Answer.UNCERTAIN, reason="; ".join(filter(None, (why, verdict.reason))))
    if period.basis == "unverified":
        return replace(dated, basis=f"{rule.basis}; its first day is unverified")
    return dated
