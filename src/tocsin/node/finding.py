"""Finding records through the index: by id, by the vintages of one key, and by words in any script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tocsin.errors import NotFoundError, UsageError
from tocsin.node.index import LATER, Index
from tocsin.node.index_rows import BODY_COLUMNS
from tocsin.node.view import end_of
from tocsin.node.words import Words, fitting_topics
from tocsin.records.jsonl import from_row
from tocsin.records.kinds import Claim, Record
from tocsin.records.schemas import KINDS

_SHORTEST_ID, _ID = 8, 32
_MOST_WORDS = 16
MOST_RECORDS = 100_000
FILTERS = {
    "source": KINDS,
    "subject": ("claim",),
    "name": KINDS,
    "place": ("claim", "event", "observation"),
    "substance": ("observation",),
}
"""The fields a search may ask for, and the kinds of record that have them. ``name`` is a claim's property, an
observation's definition, an event's kind, a document's part."""

_MOST_CLAIMS, _CLAIMS_SHOWN = 20_000, 5
_VALUE = BODY_COLUMNS["claim"].index("value")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = "r.kind, r.id, r.key, r.source, e.document, r.published, r.known, r.withdrawn, e.licence, e.marking, r.body"
_FROM = "record AS r JOIN envelope AS e ON e.number = r.envelope"
_AS_OF = "r.published < :published AND (r.replaced IS NULL OR r.replaced >= :published) AND NOT r.withdrawn"
_KNOWN_BY = f"""r.published < :published AND r.known < :known AND NOT r.withdrawn AND NOT EXISTS (
    SELECT 1 FROM record AS o WHERE o.key = r.key AND o.source = r.source
    AND o.published < :published AND o.known < :known AND {LATER})"""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: words that must all occur, and fields that must be equal.

    ``limit``: the most records of each kind; ``offset``: how many of each kind to pass over, newest first.
    """

    words: tuple[str, ...] = ()
    kind: str | None = None
    source: str | None = None
    subject: str | None = None
    name: str | None = None
    place: str | None = None
    substance: str | None = None
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """The day a reader stands on: ``as_of`` published by then, ``known_by`` in this node by then."""

    as_of: date | None = None
    known_by: date | None = None

    @property
    def held(self) -> str:
        """SQL: whether record ``r`` is what its source said of the thing at this moment."""
        return _AS_OF if self.known_by is None else _KNOWN_BY

    @property
    def parameters(self) -> dict[str, int]:
        """The values ``held`` needs."""
        return {"published": _microseconds(end_of(self.as_of)), "known": _microseconds(end_of(self.known_by))}


def find(index: Index, name: str, moment: Moment = Moment()) -> Record:
    """The record whose id is or begins with ``name``; NotFoundError when there is none, UsageError when several."""
    if len(name) < _SHORTEST_ID:
        raise UsageError(f"{name[:20]!r} is too short for an id", mend=f"give at least {_SHORTEST_ID} of its signs")
    found: list[Record] = []
    if re.fullmatch(f"[0-9a-f]{{{_SHORTEST_ID},{_ID}}}", name):
        first, last = (bytes.fromhex(name.ljust(_ID, sign)) for sign in "0f")
        condition = "r.id BETWEEN :first AND :last AND r.published < :published AND r.known < :known LIMIT 2"
        found = _records(index, condition, {**moment.parameters, "first": first, "last": last})
    if not found:
        raise NotFoundError(f"no record here has the id {name[:_ID]}", mend="look with: tocsin records search")
    if len(found) > 1:
        raise UsageError(f"several records begin with {name}", mend="give more of the id")
    return found[0]


def by_ids(index: Index, ids: Sequence[str]) -> list[Record]:
    """The records of these ids, of any kind, in the order of kinds and ids; ids nobody has are left out."""
    wanted = json.dumps([name for name in ids if re.fullmatch(f"[0-9a-f]{{{_ID}}}", name)])
    condition = "r.id IN (SELECT unhex(value) FROM json_each(:ids)) ORDER BY r.kind, r.id"
    return _records(index, condition, {"ids": wanted})


def vintages(index: Index, record: Record, moment: Moment = Moment()) -> list[Record]:
    """Every saying of the same thing by the same source, oldest first."""
    if record.body.record == "document":
        return [record]
    condition = """r.key = :key AND r.source = :source AND r.published < :published AND r.known < :known
        ORDER BY r.published, r.known, r.id"""
    return _records(index, condition, {**moment.parameters, "key": bytes.fromhex(record.key), "source": record.source})


def said_of(index: Index, subject: str, moment: Moment = Moment()) -> list[Record]:
    """All claims about a subject published by the moment, withdrawals too, newest first."""
    condition = """r.topic IN (SELECT number FROM topic WHERE subject = :subject)
        AND r.published < :published AND r.known < :known ORDER BY r.published DESC, r.id"""
    return _records(index, condition, {**moment.parameters, "subject": subject})


def facts_of(
    index: Index,
    subjects: Iterable[str],
    names: Sequence[str],
    moment: Moment = Moment(),
) -> dict[str, dict[str, list[str]]]:
    """Of each subject the values held of some properties, newest first: {subject: {property: values}}."""
    query = f"""SELECT t.subject, t.name, r.body FROM json_each(:subjects) AS s CROSS JOIN topic AS t ON t.subject = s.value
        CROSS JOIN record AS r ON r.topic = t.number
        WHERE t.name IN (SELECT value FROM json_each(:names)) AND {moment.held} ORDER BY r.published DESC, r.number DESC"""
    asked = {"subjects": json.dumps(sorted(set(subjects))), "names": json.dumps(list(names))}
    with index.reading() as connection:
        rows = connection.execute(query, {**moment.parameters, **asked}).fetchall()
    found: dict[str, dict[str, list[str]]] = {}
    for subject, name, body in rows:
        values = found.setdefault(subject, {}).setdefault(name, [])
        if (value := json.loads(body)[_VALUE]) not in values:
            values.append(value)
    return found


def search(index: Index, query: Query, moment: Moment = Moment()) -> list[Record]:
    """Records that held at the moment and match, newest first, at most ``limit`` of each kind.

    Words match as parts of words, in any script, case and accent, but never inside values that may only be shown masked.
    """
    numbers = _numbers(index, query, moment)
    return _numbered(index, numbers)


def parties(index: Index, query: Query, moment: Moment = Moment()) -> tuple[dict[str, list[Record]], bool]:
    """Parties that have a claim which matches, with those claims, the newest first: ``limit`` of them from ``offset`` on.

    Also whether there are more. The newest 20,000 claims that match are looked through.
    """
    numbers = _numbers(index, replace(query, kind="claim", limit=_MOST_CLAIMS, offset=0), moment)
    said = """SELECT t.subject, n.value FROM json_each(:numbers) AS n CROSS JOIN record AS r ON r.number = n.value
        JOIN topic AS t ON t.number = r.topic ORDER BY n.key"""
    found: dict[str, list[int]] = {}
    with index.reading() as connection:
        for subject, number in connection.execute(said, {"numbers": json.dumps(numbers)}):
            found.setdefault(subject, []).append(number)
    page = list(found.items())[query.offset : query.offset + query.limit]
    records = _numbered(index, [number for _, some in page for number in some[:_CLAIMS_SHOWN]])
    shown: dict[str, list[Record]] = {subject: [] for subject, _ in page}
    for record in records:
        assert isinstance(record.body, Claim)
        shown[record.body.subject].append(record)
    return shown, len(found) > query.offset + query.limit


def _numbers(index: Index, query: Query, moment: Moment) -> list[int]:
    """The numbers of the records that match, by kind, newest first."""
    _check(query)
    wanted = {name: getattr(query, name) for name in FILTERS if getattr(query, name) is not None}
    kinds = [kind for kind in ([query.kind] if query.kind else KINDS) if all(kind in FILTERS[name] for name in wanted)]
    numbers: list[int] = []
    with index.reading() as connection:
        words = Words.of(connection, query.words)
        for kind in kinds:
            topics = fitting_topics(connection, KINDS.index(kind), words, wanted)
            numbers += topics.newest(connection, moment.held, moment.parameters, query.limit, query.offset)
    return numbers


def _numbered(index: Index, numbers: Sequence[int]) -> list[Record]:
    condition = """r.number IN (SELECT value FROM json_each(:numbers))
        ORDER BY r.kind, r.published DESC, r.number DESC"""
    return _records(index, condition, {"numbers": json.dumps(numbers)})


def _check(query: Query) -> None:
    """UsageError for what no search could answer in time."""
    if query.kind and query.kind not in KINDS:
        raise UsageError(f"{query.kind[:20]!r} is no kind of record", mend=f"use one of {', '.join(KINDS)}")
    if len(query.words) > _MOST_WORDS:
        raise UsageError(f"{len(query.words)} words are too many", mend=f"give at most {_MOST_WORDS}")
    if not 1 <= query.limit <= MOST_RECORDS or not 0 <= query.offset <= MOST_RECORDS:
        raise UsageError(f"the limit is {query.limit}", mend=f"give a number from 1 to {MOST_RECORDS}")
    try:
        "".join((*query.words, *(getattr(query, name) or "" for name in FILTERS))).encode()
    except UnicodeEncodeError:
        raise UsageError("a word is not Unicode text", mend="give it in UTF-8") from None


def _records(index: Index, condition: str, parameters: dict[str, Any]) -> list[Record]:
    with index.reading() as connection:
        rows = connection.execute(f"SELECT {_COLUMNS} FROM {_FROM} WHERE {condition}", parameters).fetchall()
    return [_record(*row) for row in rows]


def _record(
    kind: int,
    name: bytes,
    key: bytes,
    source: str,
    document: str,
    published: int,
    known: int,
    withdrawn: int,
    licence: str,
    marking: str,
    body: str,
) -> Record:
    envelope = {
        "record": KINDS[kind],
        "id": name.hex(),
        "key": key.hex(),
        "source": source,
        "document": document,
        "published_at": (EPOCH + timedelta(microseconds=published)).isoformat(),
        "known_at": (EPOCH + timedelta(microseconds=known)).isoformat(),
        "withdrawn": bool(withdrawn),
        "licence": licence,
        "marking": json.loads(marking),
    }
    return from_row(envelope | dict(zip(BODY_COLUMNS[KINDS[kind]], json.loads(body), strict=True)))


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
