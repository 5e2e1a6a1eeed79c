"""Options several commands share, and opening the node they name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import Format
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.node import Node

NodeOption = Annotated[str | None, typer.Option("--node", metavar="PATH", help="The node's folder.")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Only what was published by this day.")]
KnownByOption = Annotated[
    str | None, typer.Option("--known-by", metavar="DATE", help="Only what this node had learned by this day.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How the answer is written.")]


def day(text: str | None) -> date | None:
    """A day given by the user; UsageError when it is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a day", mend="write it like 2023-07-07") from None


def open_node(path: str | None) -> Node:
    """The node that is there."""
    from tocsin.node import Node, read_settings

    return Node.open(read_settings(path))
