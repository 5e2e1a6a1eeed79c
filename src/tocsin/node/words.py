"""Which topics of the index hold all words and equal all fields, and their newest records.

Few topics are looked up one by one. When very many fit, the newest records are walked instead: where every hundredth
record fits, fifty are soon found. Each way is cheap where the other is not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.errors import UsageError
from tocsin.node.index import numbers_of
from tocsin.records.folding import folded
from tocsin.records.schemas import KINDS

_FEW = 4_000
_LOOKED_UP = 200
_WALKED = 4_000
_MOST_TRIGRAMS = 400
_LENGTH = 3
# What a moment asks of a record.
_NEEDED = ", ".join(
    f"r.{name}"
    for name in ["number", "topic", "id", "key", "source", "published", "released", "known", "withdrawn", "replaced"]
)


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics that fit: their numbers, or a condition on them where they are many."""

    kind: int
    condition: str
    parameters: Mapping[str, str]
    few: tuple[int, ...] | None

    def newest(
        self, connection: sqlite3.Connection, held: str, parameters: Mapping[str, int], limit: int, offset: int
    ) -> list[int]:
        """Numbers of the newest records of these topics that are held, newest first."""
        page = {**self.parameters, **parameters, "limit": limit, "offset": offset, "kind": self.kind}
        page |= {"few": json.dumps(self.few or ()), "walk": _WALKED}
        if self.few is None or len(self.few) > _LOOKED_UP:
            found = [number for (number,) in connection.execute(self._walk(held), page)]
            if self.few is None or len(found) == limit:
                return found
        query = f"""SELECT r.number FROM json_each(:few) AS t CROSS JOIN record AS r ON r.topic = t.value
            WHERE {held} ORDER BY r.published DESC, r.number DESC LIMIT :limit OFFSET :offset"""
        return [number for (number,) in connection.execute(query, page)]

    def _walk(self, held: str) -> str:
        newest = "ORDER BY r.published DESC, r.number DESC LIMIT"
        walked = "record AS r INDEXED BY record_newest WHERE r.kind = :kind AND r.published < :published"
        if self.few is None:
            fits = f"EXISTS (SELECT 1 FROM topic AS t WHERE t.number = r.topic AND {self.condition})"
            return f"SELECT r.number FROM {walked} AND {held} AND {fits} {newest} :limit OFFSET :offset"
        return f"""SELECT r.number FROM (SELECT {_NEEDED} FROM {walked} {newest} :walk) AS r
            WHERE {held} AND r.topic IN (SELECT value FROM json_each(:few)) {newest} :limit OFFSET :offset"""


def fitting_topics(connection: sqlite3.Connection, kind: int, words: Words, wanted: Mapping[str, str]) -> Topics:
    """The topics of a kind that hold all words, in any script and case, and have these values.

    What is rarer, the values or the words, is looked up first, and the topics found are asked for the other.
    """
    parameters = {f"w{place}": word for place, word in enumerate(words.folded)} | dict(wanted)
    fields = [f"t.{name} = :{name}{' COLLATE NOCASE' if name == 'substance' else ''}" for name in wanted]
    condition = " AND ".join([*fields, *(f"instr(t.text, :w{place})" for place in range(len(words.folded)))]) or "true"
    first, last = numbers_of(KINDS[kind])
    asked = {**parameters, "first": first, "last": last, "few": _FEW + 1, "match": words.match}
    within = "BETWEEN :first AND :last"
    found = None
    if wanted:
        query = f"SELECT t.number FROM topic AS t WHERE {' AND '.join(fields)} AND t.number {within} LIMIT :few"
        found = _few(connection, query, asked)
    if found is None and words.match is not None:
        query = f"SELECT rowid FROM words WHERE words MATCH :match AND rowid {within} LIMIT :few"
        found = _few(connection, query, asked)
    if found is None:
        return Topics(kind, condition, parameters, None)
    query = f"""SELECT t.number FROM json_each(:numbers) AS n CROSS JOIN topic AS t ON t.number = n.value
        WHERE {condition}"""
    rows = connection.execute(query, {**parameters, "numbers": json.dumps(found)})
    return Topics(kind, condition, parameters, tuple(number for (number,) in rows))


def _few(connection: sqlite3.Connection, query: str, asked: Mapping[str, object]) -> list[int] | None:
    """The numbers a query gives, or ``None`` where they are not few."""
    found = [number for (number,) in connection.execute(query, asked)]
    return found if len(found) <= _FEW else None


@dataclass(frozen=True, slots=True)
class Words:
    """Words as they are looked for: folded, and the full-text query that every text with them fits, if there is one."""

    folded: tuple[str, ...]
    match: str | None

    @classmethod
    def of(cls, connection: sqlite3.Connection, words: Sequence[str]) -> Words:
        """The words of a question."""
        looked_for = tuple(map(folded, words))
        if not all(looked_for):
            raise UsageError("a word has no sign to look for", mend="give letters or figures")
        parts = [part for word in looked_for if (part := _part(connection, word))]
        return cls(looked_for, " AND ".join(parts) or None)


def _part(connection: sqlite3.Connection, word: str) -> str | None:
    if len(word) >= _LENGTH:
        return " AND ".join(dict.fromkeys(_quoted(word[at : at + _LENGTH]) for at in range(len(word) - _LENGTH + 1)))
    terms = connection.execute(
        "SELECT term FROM trigram WHERE term >= ? AND term < ? LIMIT ?", [word, word + "\U0010ffff", _MOST_TRIGRAMS]
    ).fetchall()
    if len(terms) == _MOST_TRIGRAMS:
        return None
    # A word that begins no trigram stands nowhere.
    return f"({' OR '.join(_quoted(term) for (term,) in terms) or _quoted(word.ljust(_LENGTH, chr(1)))})"


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
