"""Which clause of a class definition allows this difference? The table ``data/clauses.csv``, read once.

Each row is a reading of the words: rule, part, change, the clause that names it, and whether it does so surely
(``yes``) or perhaps (``open``, with what is not said). What no row names is not allowed: the lists of modifications in
these definitions are closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tocsin.records.data_files import data_rows
from tocsin.substances.differences import Difference, Reading
from tocsin.substances.fit import Fit

_FITS = {"yes": Fit.YES, "open": Fit.OPEN}


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as read: its letter or number, how well it fits, and what it leaves unsaid."""

    letter: str
    fit: Fit
    open_question: str
    max_carbons: int | None


@dataclass(frozen=True, slots=True)
class Match:
    """How one reading of a structure stands to a definition: the clauses that allow its differences, and the atoms."""

    fit: Fit
    letters: tuple[str, ...]
    open_questions: tuple[str, ...]
    atoms: tuple[int, ...]


_NOT_NAMED = Clause("", Fit.NO, "", None)


def match(rule: str, reading: Reading, *, with_reference: bool) -> Match:
    """Whether the rule's clauses allow everything in which the structure differs.

    ``with_reference``: the rule compares with fentanyl or etonitazene themselves, so at least one difference from
    those is needed; otherwise with their barer parent, and what the reference bears must be allowed too.
    """
    differences = [one for one in reading.differences if not (with_reference and one.as_reference)]
    pairs = [(one, _clause_for(rule, one)) for one in differences]
    fit = Fit.YES if pairs else Fit.NO
    for _, clause in pairs:
        fit &= clause.fit
    return Match(
        fit,
        tuple(sorted({clause.letter for _, clause in pairs if clause.letter})),
        tuple(dict.fromkeys(clause.open_question for _, clause in pairs if clause.fit is Fit.OPEN)),
        tuple(sorted({*reading.skeleton, *(atom for one, _ in pairs for atom in one.atoms if atom >= 0)})),
    )


def _clause_for(rule: str, difference: Difference) -> Clause:
    table = _table()
    for change in (difference.change, "*"):
        clause = table.get((rule, difference.part, change))
        if clause is not None and (clause.max_carbons is None or difference.carbons <= clause.max_carbons):
            return clause
    return _NOT_NAMED


@cache
def _table() -> dict[tuple[str, str, str], Clause]:
    return {
        (row["rule"], row["part"], row["change"]): Clause(
            row["clause"], _FITS[row["fit"]], row["reading"], int(row["max_carbons"]) if row["max_carbons"] else None
        )
        for row in data_rows("substances", "clauses.csv")
    }
