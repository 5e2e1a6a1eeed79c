"""Options several commands share, and opening the node they name."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import Format
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.node import Node
    from tocsin.node.index import Index

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


def fresh_index(node: Node) -> Index:
    """The node's index with everything the lake has in it; a bar on stderr tells how far it is."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = None

        def tell(done: int, total: int) -> None:
            nonlocal task
            task = bar.add_task("Indexing", total=total) if task is None else task
            bar.update(task, completed=done)

        node.index.refresh(tell)
    return node.index
