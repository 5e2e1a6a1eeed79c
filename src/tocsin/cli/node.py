"""``tocsin node``: the installation itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import FormatOption, NodeOption, open_node
from tocsin.cli.output import Format, emit

app = typer.Typer(
    help="This node: init, status, backup, restore, migrate, compact.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def init(
    node: NodeOption = None,
    starter: Annotated[bool, typer.Option(help="Load the bundled starter set.")] = True,
) -> None:
    """Make a node, where there is none, and load the starter set."""
    from tocsin.feeds.starter_set import load_starter
    from tocsin.node import Node, read_settings

    made = Node.create(read_settings(node))
    added = load_starter(made) if starter else {}
    print(f"node {made.settings.node}: {sum(added.values()):,} records added")


@app.command()
def status(node: NodeOption = None, form: FormatOption = Format.table) -> None:
    """What the node holds, by kind of record."""
    from tocsin.node.keeping import holdings

    rows = [
        {
            "kind": h.kind,
            "records": h.records,
            "left_by_killed_loads": h.unlanded,
            "files": h.files,
            "snapshots": h.snapshots,
            "bytes": h.size,
        }
        for h in holdings(open_node(node))
    ]
    emit(rows, form, "Node")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The tar file to write.")], node: NodeOption = None) -> None:
    """Write all records, the ledger and the documents to one file."""
    from tocsin.node.keeping import backup as write

    print(f"{file}: {write(open_node(node), file):,} records")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file of: tocsin node backup")], node: NodeOption = None
) -> None:
    """Make a node from a backup, where there is none; the database may be of another kind."""
    from tocsin.node import read_settings
    from tocsin.node.keeping import restore as read

    print(f"{read(read_settings(node), file):,} records restored")


@app.command()
def migrate(node: NodeOption = None) -> None:
    """Bring a node that an older Tocsin wrote to this version."""
    from tocsin.node import read_settings
    from tocsin.node.keeping import migrate as bring

    before, after = bring(read_settings(node))
    print(f"schema {before} → {after}" if before != after else f"schema {after}: nothing to do")


@app.command()
def compact(node: NodeOption = None) -> None:
    """Put small files together and drop what killed loads left behind."""
    from tocsin.node.keeping import compact as tidy
    from tocsin.node.keeping import holdings

    opened = open_node(node)
    tidy(opened)
    print(f"{sum(h.records for h in holdings(opened)):,} records in {sum(h.files for h in holdings(opened))} files")
