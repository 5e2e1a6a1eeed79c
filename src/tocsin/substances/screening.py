"""A whole catalogue against the rules: every row judged in its order, one line for each jurisdiction and rule.

There are no near misses, no ranking and no choice of what is "not controlled": this finds what is controlled and is
no search for what is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tocsin.errors import TocsinError
from tocsin.substances.control import Subject, judge
from tocsin.substances.gate import Gate
from tocsin.substances.identify import Identified, identify, subject_of
from tocsin.substances.rules import rules_of
from tocsin.substances.structures import read_molblock, read_smiles
from tocsin.substances.verdicts import Answer, Verdict

NOT_READ = "not read"
"""In the verdict column of the one line that stands for a row that could not be read; ``basis`` says why."""
LINES = pa.schema(
    [
        ("row", pa.int64()),
        *((name, pa.string()) for name in ("query", "jurisdiction", "rule", "verdict", "clause", "basis")),
    ]
)
_SEVERAL = "what was asked means several entries, which differ here"
Found = Sequence[Verdict] | str | None
"""Of one row: its verdicts in the order of the frame; or why it was not read; or None where no rule is met."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What to screen against. ``form`` says what the rows are: ``smiles``, ``mol`` blocks, or ``any`` kind of query."""

    places: tuple[str, ...]
    day: date
    form: str

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The lines (``LINES``) for a batch with the columns ``row`` and ``query``."""
        rows, queries = batch.column("row").to_numpy(), batch.column("query").to_pylist()
        return _lines(self.places, rows, queries, [self._found(query or "") for query in queries])

    def _found(self, query: str) -> Found:
        try:
            if self.form == "smiles":
                return self._judged([subject_of(read_smiles(query))]) if _gate(self.places).passes(query) else None
            if self.form == "mol":
                return self._judged([subject_of(read_molblock(query))])
            return self._judged([subject for _, subject in identify(query).subjects()])
        except TocsinError as error:
            return error.line()

    def _judged(self, subjects: Sequence[Subject]) -> Found:
        return _of_subjects(self.places, self.day, subjects)


def verdict_rows(row: int, found: Identified, places: tuple[str, ...], day: date) -> list[dict[str, Any]]:
    """The lines (``LINES``) for one query."""
    verdicts = _of_subjects(places, day, [subject for _, subject in found.subjects()])
    lines = _lines(places, np.array([row]), [found.query], [verdicts])
    rows: list[dict[str, Any]] = lines.to_pylist()
    return rows


def _of_subjects(places: tuple[str, ...], day: date, subjects: Sequence[Subject]) -> Sequence[Verdict] | str:
    """The verdicts; where a row may mean several entries, what holds for some of them only is uncertain."""
    if not subjects:
        return "it names nothing that can be judged; give a substance"
    many = [_in_order(places, subject, day) for subject in subjects]
    return [_joined(side_by_side) for side_by_side in zip(*many, strict=True)]


def _in_order(places: tuple[str, ...], subject: Subject, day: date) -> list[Verdict]:
    judgements = judge(subject, places, day)
    by_rule = {(one.jurisdiction, v.rule): v for one in judgements for v in one.verdicts}
    return [by_rule[key] for key in _frame(places)]


def _joined(verdicts: Sequence[Verdict]) -> Verdict:
    if len({one.answer for one in verdicts}) == 1:
        return verdicts[0]
    strictest = min(verdicts, key=lambda one: list(Answer).index(one.answer))
    return replace(strictest, answer=Answer.UNCERTAIN, reason=_SEVERAL)


@cache
def _gate(places: tuple[str, ...]) -> Gate:
    return Gate(rule for place in places for rule in rules_of(place))


@cache
def _frame(places: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Every jurisdiction with each of its rules, in the order of the lines of a row."""
    nothing = [one.verdicts for one in judge(Subject(), places, date.max)]
    order = {rule.rule: index for place in places for index, rule in enumerate(rules_of(place))}
    return tuple(
        (v.jurisdiction, v.rule) for many in nothing for v in sorted(many, key=lambda v: order.get(v.rule, -1))
    )


@cache
def _blank(places: tuple[str, ...]) -> tuple[Verdict, ...]:
    """The verdicts of a structure that meets no rule."""
    return tuple(_in_order(places, Subject(), date.max))


def _lines(
    places: tuple[str, ...], rows: npt.NDArray[np.int64], queries: Sequence[str], found: list[Found]
) -> pa.RecordBatch:
    """One line for each row, jurisdiction and rule; one for a row that was not read."""
    blank = _blank(places)
    counts = np.array([1 if isinstance(one, str) else len(blank) for one in found], dtype=np.int64)
    starts = np.cumsum(counts) - counts
    slots = np.arange(int(counts.sum())) - np.repeat(starts, counts)
    texts = [_cells(verdict) for verdict in blank]
    codes = slots.astype(np.int32)
    for start, one in zip(starts, found, strict=True):
        if one is None:
            continue
        cells = [("", "", NOT_READ, "", one)] if isinstance(one, str) else [_cells(verdict) for verdict in one]
        for offset, line in enumerate(cells):
            codes[start + offset] = len(texts)
            texts.append(line)
    columns = [pa.array(column, pa.string()).take(pa.array(codes)) for column in zip(*texts, strict=True)]
    asked = pa.array(queries, pa.string()).take(pa.array(np.repeat(np.arange(len(found)), counts)))
    return pa.RecordBatch.from_arrays([pa.array(np.repeat(rows, counts)), asked, *columns], schema=LINES)


def _cells(verdict: Verdict) -> tuple[str, str, str, str, str]:
    """Jurisdiction, rule, verdict, clause and basis, as they are written on a line."""
    clause = verdict.clause
    if verdict.answer is Answer.UNCERTAIN:
        clause = ": ".join(filter(None, (clause, verdict.reason)))
    return verdict.jurisdiction, verdict.rule, verdict.answer.value, clause, verdict.basis
