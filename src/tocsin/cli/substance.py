"""``tocsin substance``: what is it, and is it controlled here, on this route, on that day?"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import FormatOption, NodeOption, day, fresh_index, open_node
from tocsin.cli.output import Format, emit
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.substances.identify import Identified


def substance(
    query: Annotated[
        list[str] | None, typer.Argument(help="A name, CAS, InChI, SMILES, mol file, customs code.")
    ] = None,
    places: Annotated[str, typer.Option("--in", metavar="CC,CC", help="Jurisdictions, such as US,CN,GB,EU,UN.")] = "",
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day; today without it.")] = None,
    route: Annotated[str, typer.Option(metavar="CC,CC,CC", help="From, through, to: what a shipper owes.")] = "",
    file: Annotated[Path | None, typer.Option(help="A catalogue: .smi, .csv, .sdf or .parquet.")] = None,
    column: Annotated[str | None, typer.Option(help="The catalogue's column to read.")] = None,
    names: Annotated[bool, typer.Option("--names", help="The names the node's sources use, unresolved first.")] = False,
    node: NodeOption = None,
    form: FormatOption = Format.table,
) -> None:
    """What a substance is, whether it is controlled in a jurisdiction on a day, and by which words of which text."""
    when = day(on) or date.today()
    if names:
        _tell_names(node, form)
        return
    if file is not None:
        if query or route:
            raise UsageError("a catalogue is screened by itself", mend="leave out the query and --route")
        _screen(file, column, _codes(places), when, form)
        return
    if not query:
        raise UsageError("nothing was asked", mend="give a name, number or structure, or --file")
    found = [_identified(text) for text in query]
    if route:
        _tell_route(found, _codes(route), when, form)
    elif places:
        _tell_verdicts(found, _codes(places), when, form)
    else:
        _tell_what(found, form)


def _tell_names(node: str | None, form: Format) -> None:
    from tocsin.node.finding import Moment
    from tocsin.node.series import substances_named
    from tocsin.substances.resolving import resolved

    named = substances_named(fresh_index(open_node(node)), Moment())
    sources = {name: " ".join(one.source for one in named if one.name == name) for name in {one.name for one in named}}
    rows = [
        {
            "name": one.name,
            "sources": sources[one.name],
            "entries": " ".join(one.substances),
            "resolved": one.is_resolved,
        }
        for one in resolved(sources)
    ]
    emit(rows, form, "Names of substances")


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip().upper() for code in text.split(",") if code.strip()))
    wrong = [code for code in codes if not (len(code) == 2 and code.isalpha())]
    if wrong:
        raise UsageError(f"{wrong[0]!r} is no jurisdiction", mend="give two-letter codes, such as US,CN,GB,EU,UN")
    return tuple("GB" if code == "UK" else code for code in codes)


def _identified(text: str) -> Identified:
    from tocsin.substances import identify
    from tocsin.substances.catalogue import first_entry

    path = Path(text)
    if path.suffix.lower() in (".mol", ".sdf") and path.is_file():
        return identify(first_entry(path))
    return identify(text)


def _tell_what(found: list[Identified], form: Format) -> None:
    from tocsin.substances.told import what_lines, what_rows

    if form is not Format.table:
        emit([row for one in found for row in what_rows(one)], form)
        return
    for one in found:
        print("\n".join(what_lines(one)))


def _tell_verdicts(found: list[Identified], places: tuple[str, ...], when: date, form: Format) -> None:
    from tocsin.substances.screening import verdict_rows
    from tocsin.substances.told import DISCLAIMER, verdict_lines, what_lines

    if form is not Format.table:
        emit([row for number, one in enumerate(found, 1) for row in verdict_rows(number, one, places, when)], form)
        return
    for one in found:
        print("\n".join((*what_lines(one), *verdict_lines(one, places, when))))
    print(DISCLAIMER)


def _tell_route(found: list[Identified], route: tuple[str, ...], when: date, form: Format) -> None:
    from tocsin.substances.told import DISCLAIMER, route_lines, route_rows

    if form is not Format.table:
        emit([row for one in found for row in route_rows(one, route, when)], form)
        return
    for one in found:
        print("\n".join(route_lines(one, route, when)))
    print(DISCLAIMER)


_SMALL = 2_000_000


def _workers(path: Path) -> int | None:
    """One process for a small catalogue, which is read before others have started; else one for each core."""
    return 1 if path.is_file() and path.stat().st_size < _SMALL else None


def _screen(path: Path, column: str | None, places: tuple[str, ...], when: date, form: Format) -> None:
    from tocsin.cli.lines import LineWriter
    from tocsin.engine import map_stream
    from tocsin.substances.catalogue import batches, form_of
    from tocsin.substances.screening import Screen

    if not places:
        raise UsageError("no jurisdiction was named", mend="add --in, such as --in US,CN,GB")
    writer = LineWriter(form)
    screen = Screen(places, when, form_of(path, column))
    for lines in map_stream(screen, batches(path, column), workers=_workers(path)):
        writer.write(lines)
    writer.close()
    print(writer.summary(), file=sys.stderr)
