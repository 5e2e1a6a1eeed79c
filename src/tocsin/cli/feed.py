"""``tocsin feed``: what publishers say, loaded with exact accounting."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import FormatOption, NodeOption, day, open_node
from tocsin.cli.output import Format, emit

app = typer.Typer(help="Publishers' data: list, load, status.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_feeds(form: FormatOption = Format.table) -> None:
    """The feeds there are, with publisher, licence and rhythm."""
    from tocsin.feeds.catalogue import SOURCES

    emit(
        [
            {
                "feed": s.id,
                "name": s.name,
                "publisher": s.publisher,
                "licence": s.licence,
                "rhythm": s.rhythm,
                "page": s.page,
            }
            for s in SOURCES.values()
        ],
        form,
        "Feeds",
    )


@app.command()
def load(
    feed: Annotated[str, typer.Argument(help="A feed of: tocsin feed list")],
    files: Annotated[list[Path], typer.Argument(help="The publisher's files, plain, gzip or zip.")],
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="DATE", help="The release day, where neither file nor name says."),
    ] = None,
    may_shrink: Annotated[
        bool, typer.Option("--may-shrink", help="Accept a list that lost more than a third of itself.")
    ] = False,
    node: NodeOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Load files; every row is accepted, skipped for a reason, or quarantined for a reason."""
    from tocsin.feeds import load as load_files

    landed = load_files(open_node(node), feed, files, day(published), may_shrink)
    rows = [
        {
            "file": e.file_name,
            "part": e.part,
            "released": str(e.published_at.date()),
            "rows_read": e.accounting.read,
            "accepted": e.accounting.accepted,
            "skipped": e.accounting.skipped.total(),
            "quarantined": len(e.accounting.quarantined),
            "records_added": e.records_added,
        }
        for e in landed.entries
    ]
    emit(rows, form, "Loaded")
    for entry in landed.entries:
        for bad in entry.accounting.quarantined[:5]:
            print(f"quarantined: {bad.file_name}, row {bad.row}: {bad.reason}", file=sys.stderr)


@app.command()
def status(node: NodeOption = None, form: FormatOption = Format.table) -> None:
    """Every release held: where its rows went, and what was quarantined."""
    held = open_node(node)
    rows = [
        {
            "feed": e.source,
            "part": e.part,
            "file": e.file_name,
            "released": str(e.published_at.date()),
            "loaded": f"{e.loaded_at:%Y-%m-%d %H:%M}",
            "rows_read": e.accounting.read,
            "accepted": e.accounting.accepted,
            "skipped": "; ".join(f"{reason} {number:,}" for reason, number in sorted(e.accounting.skipped.items())),
            "quarantined": len(e.accounting.quarantined),
            "not_understood": e.accounting.not_understood,
            "held": e.scope,
        }
        for e in held.ledger()
    ]
    emit(rows, form, "Releases held")
    if form is Format.table:
        for source, bad in held.quarantine():
            print(f"quarantined: {source}: {bad.file_name}, row {bad.row}: {bad.reason}")
