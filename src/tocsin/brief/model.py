"""The brief as values: sections of sentences, figures, tables and charts, each with the records it rests on.

``data/brief.schema.json`` documents the JSON form; renderers for terminal and page read the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tocsin.node import View
from tocsin.node.state import LedgerEntry
from tocsin.records.findings import Method, Window
from tocsin.records.places import name_of


class Mark(StrEnum):
    """What a reader must know about a figure, where it stands."""

    RETROSPECTIVE = "retrospective"
    INCOMPLETE = "incomplete"
    PROVISIONAL = "provisional"
    SUPPRESSED = "suppressed"
    SECONDARY = "read in a secondary text"


MEANINGS = {
    Mark.RETROSPECTIVE: "published only after the day this brief is for",
    Mark.INCOMPLETE: "the period is still filling",
    Mark.PROVISIONAL: "the publisher will revise it",
    Mark.SUPPRESSED: "withheld by the publisher because it is small",
    Mark.SECONDARY: "the publisher's own text was not read, a text that quotes it was",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the brief. ``text``: as it is shown; ``evidence``: ids of records; ``period``: ISO 8601."""

    id: str
    label: str
    value: float | None
    text: str
    unit: str
    period: str
    place: str
    source: str
    evidence: tuple[str, ...]
    method: Method
    marks: tuple[Mark, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence a minister reads, and the figures it uses."""

    text: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. ``series``: values for a small line, oldest first."""

    text: str
    value: float | str | None = None
    marks: tuple[Mark, ...] = ()
    evidence: tuple[str, ...] = ()
    series: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``numeric`` names the columns set flush right; ``note`` stands below it."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """The data of a picture; ``kind`` names the function of ``charts`` that draws it."""

    id: str
    kind: str
    title: str
    description: str
    rows: tuple[tuple[str | float | bool | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One room's part of the brief: its question, its answer, and what it cannot say."""

    id: str
    title: str
    question: str
    answer: tuple[Sentence, ...]
    caveats: tuple[str, ...]
    window: Window | None = None
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()


def marks_of(section: Section, sentence: Sentence) -> tuple[Mark, ...]:
    """The marks of all figures a sentence uses, each once."""
    used = set(sentence.figures)
    marks = [mark for figure in section.figures if figure.id in used for mark in figure.marks]
    return tuple(dict.fromkeys(marks))


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole page. ``as_of``: published by then; ``known_by``: in this node by then; ``country``: ISO code."""

    as_of: date
    known_by: date | None
    country: str | None
    days: int
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """The headline."""
        where = f" on {name_of(self.country)}" if self.country else ""
        return f"Synthetic drugs: the brief{where} as of {self.as_of}"


@dataclass(frozen=True, slots=True)
class Context:
    """What a section is built from."""

    view: View
    as_of: date
    country: str | None
    days: int
    ledger: Sequence[LedgerEntry]


SectionBuilder = Callable[[Context], Section]


def count_of(number: int, singular: str, plural: str | None = None) -> str:
    """``1 party``, ``17 parties``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
