"""``tocsin series``: any measure by place and period, as numbers or as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import AsOfOption, FormatOption, NodeOption, fresh_index, open_node
from tocsin.cli.output import Format, emit

if TYPE_CHECKING:
    from tocsin.console.chosen import Chosen


def series(
    definition: Annotated[str | None, typer.Argument(help="What is counted; without it, what is held.")] = None,
    place: Annotated[list[str] | None, typer.Option(help="A place's code, such as US-OH; may be given again.")] = None,
    substance: Annotated[str | None, typer.Option(help="A substance as its publisher names it.")] = None,
    dim: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="A dimension; NAME= for none.")] = None,
    length: Annotated[str, typer.Option(help="Periods of this length: month, quarter, half-year, year.")] = "",
    view: Annotated[str, typer.Option("--view", help="lines, or map for one period of many places.")] = "lines",
    period: Annotated[str, typer.Option(metavar="DATE", help="For a map: the first day of the period.")] = "",
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the numbers into this file.")] = None,
    as_of: AsOfOption = None,
    node: NodeOption = None,
    form: FormatOption = Format.table,
) -> None:
    """The numbers of a definition by place and period, each as last said; with --png as a picture."""
    from dataclasses import asdict

    from tocsin.console.asking import moment_of
    from tocsin.console.chosen import Wanted, choose
    from tocsin.node.series import definitions_held

    index = fresh_index(open_node(node))
    if definition is None:
        emit([asdict(one) for one in definitions_held(index, moment_of(as_of or ""))], form, "Numbers held")
        return
    wanted = Wanted.read(definition, place or [], substance or "", dim or [], length, view, period, as_of or "")
    chosen = choose(index, wanted)
    if png is not None:
        _draw(chosen, png)
        return
    emit(chosen.rows(), form, chosen.label)


def _draw(chosen: Chosen, path: Path) -> None:
    from tocsin.console.pictures import drawings_of
    from tocsin.errors import UsageError

    drawings = drawings_of(chosen)
    if not drawings:
        raise UsageError("there is no number to draw", mend="choose another place, substance or day")
    path.write_bytes(drawings[0].wide.png())
    print(f"{path}: {drawings[0].caption}")
