"""FollowTheMoney's names: which schema has which property, of which type, and whether its values may be shown.

The rows are ``data/ftm_schemata.csv`` and ``data/ftm_properties.csv`` (followthemoney 4, MIT): ``shown = masked`` marks
contact data and identity numbers, which are matched on but never displayed in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from tocsin.errors import RecordError
from tocsin.records.data_files import data_rows

_VISIBLE_ENDS = 2
_SHORTEST_WITH_ENDS = 8


@dataclass(frozen=True, slots=True)
class Property:
    """One property: the schema that declares it, its FollowTheMoney type, and whether values are shown masked."""

    schema: str
    name: str
    type: str
    masked: bool


@cache
def schemata() -> dict[str, tuple[str, ...]]:
    """Each schema with itself and all schemata it extends, nearest first."""
    parents = {row["schema"]: tuple(row["extends"].split()) for row in data_rows("records", "ftm_schemata.csv")}

    def line(schema: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((schema, *(up for parent in parents[schema] for up in line(parent)))))

    return {schema: line(schema) for schema in parents}


@cache
def _declared() -> dict[tuple[str, str], Property]:
    return {
        (row["schema"], row["property"]): Property(
            row["schema"], row["property"], row["type"], row["shown"] == "masked"
        )
        for row in data_rows("records", "ftm_properties.csv")
    }


@cache
def property_of(schema: str, name: str) -> Property:
    """The property a schema has or inherits; RecordError when FollowTheMoney knows no such name."""
    for ancestor in schemata().get(schema, ()):
        if (ancestor, name) in _declared():
            return _declared()[ancestor, name]
    raise RecordError(f"FollowTheMoney's {schema} has no property {name!r}", mend="use a name of its vocabulary")


@cache
def names_of_type(kind: str) -> tuple[str, ...]:
    """The names of all properties of one of FollowTheMoney's types, such as ``country``."""
    return tuple(sorted({name for (_, name), one in _declared().items() if one.type == kind}))


def is_masked(schema: str | None, name: str) -> bool:
    """Whether values of this property are shown masked: contact data, identity numbers, and what is not known here.

    ``id`` is no property of FollowTheMoney but the name of an entity, and is shown.
    """
    if schema is None or name == "id":
        return False
    try:
        return property_of(schema, name).masked
    except RecordError:
        return True


def masked(text: str) -> str:
    """Contact data or an identity number as it may be shown: the two last signs, the rest as dots.

    Short values show nothing, so that what is left cannot be tried out.
    """
    if len(text) < _SHORTEST_WITH_ENDS:
        return "•" * len(text)
    return "•" * (len(text) - _VISIBLE_ENDS) + text[-_VISIBLE_ENDS:]


@cache
def shown_properties() -> pa.Table:
    """Every (schema, property) whose values are shown as they are, inherited ones included, as a table."""
    pairs = [
        (schema, name)
        for schema, ancestors in schemata().items()
        for name in ("id", *(name for declared, name in _declared() if declared in ancestors))
        if not is_masked(schema, name)
    ]
    return pa.table({"schema": [schema for schema, _ in pairs], "property": [name for _, name in pairs]})
