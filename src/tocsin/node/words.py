"""Which topics of the index hold all words and equal all fields, and their newest records.

Few topics are looked up one by one. When very many fit, the newest records are walked instead: where every hundredth
record fits, fifty are soon found. Each way is cheap where the other is not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.node.index import TOPICS_OF_A_KIND
from tocsin.records.folding import folded

_FEW = 4_000
_MOST_TRIGRAMS = 400
_LENGTH = 3


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
        if self.few is not None:
            page["few"] = json.dumps(self.few)
            query = f"""SELECT r.number FROM json_each(:few) AS t CROSS JOIN record AS r ON r.topic = t.value
                WHERE {held} ORDER BY r.published DESC, r.id LIMIT :limit OFFSET :offset"""
        else:
            query = f"""SELECT r.number FROM record AS r INDEXED BY record_newest
                CROSS JOIN topic AS t ON t.number = r.topic
                WHERE r.kind = :kind AND {held} AND {self.condition}
                ORDER BY r.published DESC LIMIT :limit OFFSET :offset"""
        return [number for (number,) in connection.execute(query, page)]


def fitting_topics(
    connection: sqlite3.Connection, kind: int, words: Sequence[str], wanted: Mapping[str, str]
) -> Topics:
    """The topics of a kind that hold all words, in any script and case, and have these values."""
    looked_for = [word for word in (folded(one) for one in words) if word]
    parameters = {f"w{place}": word for place, word in enumerate(looked_for)} | dict(wanted)
    conditions = [f"instr(t.text, :w{place})" for place in range(len(looked_for))]
    conditions += [f"t.{name} = :{name}" for name in wanted]
    condition = " AND ".join(conditions) or "true"
    first = kind * TOPICS_OF_A_KIND
    bounds = {"first": first, "last": first + TOPICS_OF_A_KIND - 1, "few": _FEW + 1}
    match = _match(connection, looked_for)
    if match is None:
        query = f"SELECT t.number FROM topic AS t WHERE t.number BETWEEN :first AND :last AND {condition} LIMIT :few"
        if not wanted:
            return Topics(kind, condition, parameters, None)
    else:
        query = f"""SELECT t.number FROM words CROSS JOIN topic AS t ON t.number = words.rowid
            WHERE words MATCH :match AND words.rowid BETWEEN :first AND :last AND {condition} LIMIT :few"""
    found = connection.execute(query, {**parameters, **bounds, "match": match}).fetchall()
    few = tuple(number for (number,) in found) if len(found) <= _FEW else None
    return Topics(kind, condition, parameters, few)


def _match(connection: sqlite3.Connection, words: Sequence[str]) -> str | None:
    """The full-text query that every text with these words fits, or ``None`` where no word is fit for one."""
    parts = [part for word in words if (part := _part(connection, word))]
    return " AND ".join(parts) or None


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
