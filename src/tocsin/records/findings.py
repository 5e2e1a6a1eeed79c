"""What every finding carries: the method that concluded it, and the records it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tocsin.records.kinds import Pairs


@dataclass(frozen=True, slots=True)
class Method:
    """A method by name, version and parameters; ``tested`` is false for plain comparisons that are no test."""

    name: str
    version: str
    parameters: Pairs = ()
    tested: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """A value with the record that states it; ``retrospective``: published only after the day asked for."""

    value: str
    record: str
    retrospective: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The days a finding looks at, both included, and what its end was anchored to."""

    start: date
    end: date
    anchor: str
