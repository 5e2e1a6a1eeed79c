"""Judgements in sentences. Never "safe", never "legal": what is not found is not found under the texts held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from tocsin.substances.control import judge
from tocsin.substances.identify import Candidate, Identified
from tocsin.substances.registry import registry
from tocsin.substances.route import Owed, Stop, along
from tocsin.substances.rules import jurisdictions, rules, rules_of
from tocsin.substances.verdicts import Answer, Judgement, Verdict

DISCLAIMER = "Not legal advice: each verdict cites the text it rests on, as far as that text is held."


def place_name(code: str) -> str:
    """A jurisdiction by name."""
    held = jurisdictions().get(code)
    return held.name if held else code


def sentence(judgement: Judgement, day: date) -> str:
    """What the judgement of a jurisdiction says, in one sentence."""
    place = place_name(judgement.jurisdiction)
    if judgement.answer is Answer.NOT_CONTROLLED:
        return (
            f"{place}: not found to be controlled under the texts held, on {day}{_read_until(judgement.jurisdiction)}."
        )
    first = judgement.verdicts[0]
    if judgement.answer is Answer.UNCERTAIN:
        return f"{place}: uncertain on {day}: {first.reason} ({first.rule})."
    return f"{place}: controlled on {day}, {_where(first)}: {why(first)}"


def _where(verdict: Verdict) -> str:
    return ", ".join(filter(None, (verdict.schedule, f"{verdict.rule} {verdict.clause}".strip())))


def why(verdict: Verdict) -> str:
    """Why a rule says what it says, since when, and how far its text was read."""
    dates = "".join(
        (f"; since {verdict.since}" if verdict.since else "", f" until {verdict.until}" if verdict.until else "")
    )
    return f"{verdict.reason or verdict.answer.value}{dates} (basis: {verdict.basis or 'not said'})."


def _read_until(place: str) -> str:
    days = sorted(rule.as_of for rule in rules_of(place) if rule.as_of)
    return f"; its texts were read as of {days[0]} to {days[-1]}" if days else ""


def instrument(rule: str) -> str:
    """The text a rule stands in."""
    held = rules().get(rule)
    return held.instrument if held else ""


def what_lines(found: Identified) -> Iterator[str]:
    """What a query is, for people: each entry it may mean, and what was noticed on the way."""
    entries = len({one.substance for one in found.candidates})
    if entries > 1 and found.structure is None:
        yield f"{found.query}: {entries} entries have this {found.candidates[0].by}; which is meant is not guessed"
    elif not found.candidates:
        yield f"{found.query}: {'a structure that is not in the registry' if found.structure else 'no entry has this code'}"
    for one in found.candidates:
        yield _entry_line(one)
    yield from (f"  {note}" for note in found.notes)


def _entry_line(one: Candidate) -> str:
    entry = registry().get(one.substance)
    numbers = [f"{n.scheme} {n.value}" for n in registry().numbers.get(entry.id, ()) if n.scheme == "CAS"][:3]
    facts = [
        entry.drug_class or entry.kind,
        entry.formula,
        *numbers,
        entry.medical_use and f"medicine: {entry.medical_use}",
    ]
    told = "; ".join(filter(None, facts))
    note = f" [{one.note}]" if one.note else ""
    return f"{entry.name} ({entry.id}): {told}{note}"


def what_rows(found: Identified) -> Iterator[dict[str, Any]]:
    """What a query is, for programs: a row for each entry it may mean; one without an entry for a new structure."""
    for one in found.candidates or (Candidate("", "structure", "not in the registry"),):
        entry = registry().substances.get(one.substance)
        yield {
            "query": found.query,
            "substance": one.substance,
            "name": entry.name if entry else "",
            "by": one.by,
            "note": "; ".join(filter(None, (one.note, *found.notes))),
            "kind": entry.kind if entry else "",
            "drug_class": entry.drug_class if entry else "",
            "smiles": entry.smiles if entry else "",
            "inchikey": entry.inchikey if entry else "",
            "cas": " ".join(n.value for n in registry().numbers.get(one.substance, ()) if n.scheme == "CAS"),
            "unii": entry.unii if entry else "",
            "atc": entry.atc if entry else "",
            "customs_codes": " ".join(code.code for code in registry().customs_codes(one.substance)),
            "basis": entry.basis if entry else "",
        }


def verdict_lines(found: Identified, places: Sequence[str], day: date) -> Iterator[str]:
    """Whether it is controlled, for people: a sentence for each jurisdiction, and the rules beside the deciding one."""
    for label, subject in found.subjects():
        if len(found.subjects()) > 1:
            yield f"{label}:"
        for judgement in judge(subject, places, day):
            yield f"  {sentence(judgement, day)}"
            others = [one for one in judgement.verdicts[1:] if one.answer is judgement.answer]
            if judgement.answer is Answer.NOT_CONTROLLED:
                continue
            yield from (f"    also {one.answer} by {_where(one)}: {why(one)}" for one in others)


def route_lines(found: Identified, route: Sequence[str], day: date) -> Iterator[str]:
    """What holds and what is owed at each place of a route, for people."""
    yield from what_lines(found)
    for label, subject in found.subjects():
        if len(found.subjects()) > 1:
            yield f"{label}:"
        for stop in along(subject, route, day):
            yield f"  {stop.role}: {sentence(stop.judgement, day)}"
            yield from (f"    owed: {owed_text(owed)}" for owed in stop.owed)


def owed_text(owed: Owed) -> str:
    """A duty in words, with its text and how far that was read."""
    perhaps = f" (uncertain: {owed.reason})" if owed.answer is Answer.UNCERTAIN else ""
    return f"{owed.duty.kind}: {owed.duty.duty} [{owed.duty.clause}; basis: {owed.duty.period.basis}]{perhaps}"


def route_rows(found: Identified, route: Sequence[str], day: date) -> Iterator[dict[str, Any]]:
    """What holds and what is owed at each place of a route, for programs."""
    for label, subject in found.subjects():
        for stop in along(subject, route, day):
            yield from _stop_rows(found.query, label, stop)


def _stop_rows(query: str, label: str, stop: Stop) -> Iterator[dict[str, Any]]:
    first = stop.judgement.verdicts[0] if stop.judgement.verdicts else None
    same = {
        "query": query,
        "subject": label,
        "place": stop.place,
        "role": stop.role,
        "verdict": stop.judgement.answer.value,
        "rule": first.rule if first and stop.judgement.answer is not Answer.NOT_CONTROLLED else "",
    }
    owed: Iterable[Owed | None] = stop.owed or (None,)
    for one in owed:
        yield {
            **same,
            "owed": one.duty.kind if one else "",
            "duty": one.duty.duty if one else "",
            "sure": one.answer.value if one else "",
            "clause": one.duty.clause if one else "",
            "basis": one.duty.period.basis if one else "",
        }
