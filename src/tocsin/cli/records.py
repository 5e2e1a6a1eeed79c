"""``tocsin records``: the records behind every figure."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli.options import AsOfOption, FormatOption, KnownByOption, NodeOption, day, fresh_index, open_node
from tocsin.cli.output import Format, emit

if TYPE_CHECKING:
    from tocsin.records import Record

app = typer.Typer(help="Records: show, search.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A record's id, or its first 8 signs or more.")],
    node: NodeOption = None,
    form: FormatOption = Format.table,
) -> None:
    """One record: every field, its document, and all vintages of the same thing."""
    from tocsin.node.finding import by_ids, find, vintages
    from tocsin.records.display import displayed
    from tocsin.records.jsonl import to_row

    index = fresh_index(open_node(node))
    record = find(index, name)
    others = vintages(index, record)
    document = by_ids(index, [record.document])
    row = to_row(displayed(record))
    if form is not Format.table:
        emit([row], form)
        return
    emit(
        [{"field": field, "value": _text(value)} for field, value in row.items() if value not in (None, [], {})],
        form,
        "Record",
    )
    for held in document:
        emit(
            [{"field": n, "value": _text(v)} for n, v in to_row(held).items() if v not in (None, [], {})],
            form,
            "Document",
        )
    emit([_vintage(displayed(one)) for one in others], form, "Vintages, oldest first")


@app.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words that must all occur, in any script.")] = None,
    kind: Annotated[str | None, typer.Option(help="document, claim, event or observation.")] = None,
    source: Annotated[str | None, typer.Option(help="A feed's name.")] = None,
    subject: Annotated[str | None, typer.Option(help="The subject of claims, such as ofac-40223.")] = None,
    name: Annotated[
        str | None, typer.Option(help="A claim's property, a number's definition, an event's kind.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="A place's code, such as US-OH.")] = None,
    substance: Annotated[str | None, typer.Option(help="A substance as its publisher names it.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="The most records of each kind.")] = 50,
    as_of: AsOfOption = None,
    known_by: KnownByOption = None,
    node: NodeOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Records that hold all words and equal all fields."""
    from tocsin.node.finding import Moment, Query
    from tocsin.node.finding import search as look
    from tocsin.records.display import displayed
    from tocsin.records.jsonl import to_row
    from tocsin.records.places import read_place

    query = Query(
        tuple(words or ()), kind, source, subject, name, read_place(place) if place else None, substance, limit
    )
    opened = open_node(node)
    moment = Moment(day(as_of), day(known_by))
    found = [displayed(record) for record in look(fresh_index(opened), query, moment)]
    for scope in sorted(
        {f"{e.source} ({e.scope})" for e in opened.ledger() if e.scope != "complete"} if not found else ()
    ):
        print(f"only a part is held of {scope}: what is not found here may still be listed", file=sys.stderr)
    if form is Format.table:
        emit([_line(record) for record in found], form, f"{len(found)} records")
    else:
        emit([to_row(record) for record in found], form)


def _line(record: Record) -> dict[str, Any]:
    from tocsin.records.summary import summary

    return {
        "id": record.id[:12],
        "kind": record.body.record,
        "says": summary(record),
        "published": f"{record.published_at:%Y-%m-%d}",
        "source": record.source,
    }


def _vintage(record: Record) -> dict[str, Any]:
    return _line(record) | {
        "known": f"{record.known_at:%Y-%m-%d}",
        "withdrawn": "withdrawn" if record.withdrawn else "",
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
