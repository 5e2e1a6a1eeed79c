"""``tocsin feed``: what publishers say, loaded with exact accounting."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import FormatOption, NodeOption, day, open_node
from tocsin.cli.output import Format, emit

if TYPE_CHECKING:
    from tocsin.node.differences import Differences

app = typer.Typer(help="Publishers' data: list, pull, load, status, diff.", no_args_is_help=True, rich_markup_mode=None)


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
def pull(
    feeds: Annotated[list[str] | None, typer.Argument(metavar="[FEED]...", help="Feeds; all with an address.")] = None,
    every: Annotated[str | None, typer.Option("--every", metavar="6h", help="Again and again: 30m, 6h or 1d.")] = None,
    base_url: Annotated[str | None, typer.Option("--base-url", metavar="URL", help="A mirror with FEED/FILE.")] = None,
    node: NodeOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Fetch what publishers offer and load what is new; what fails keeps the last good state, and the exit is 2."""
    import time

    from tocsin.feeds.pull import FAILED, period
    from tocsin.feeds.pull import pull as fetch_feeds

    opened = open_node(node)
    wait = period(every) if every else None
    while True:
        begin, rows = time.monotonic(), []
        for one in fetch_feeds(opened, feeds or (), opened.settings.base_url if base_url is None else base_url):
            rows.append({"feed": one.feed, "outcome": one.outcome, "line": one.line})
            if form is Format.table or one.outcome == FAILED:
                where = sys.stderr if one.outcome == FAILED else sys.stdout
                print(f"{one.feed}: {one.outcome}: {one.line}", file=where, flush=True)
        if form is not Format.table:
            emit(rows, form)
        if wait is None:
            break
        time.sleep(max(0.0, wait - (time.monotonic() - begin)))
    if any(row["outcome"] == FAILED for row in rows):
        raise typer.Exit(2)


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
        for one in held.pulls.all():
            print(f"pulled: {one.feed}/{one.file}, {one.checked_at}: {one.outcome}: {one.message}")


@app.command()
def diff(
    feed: Annotated[str | None, typer.Argument(help="Only this feed.")] = None,
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="From this day on.")] = "",
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Up to this day; today if not given.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="published: by publishers; known: to this node.")] = "published",
    node: NodeOption = None,
    form: FormatOption = Format.table,
) -> None:
    """What changed since a day: listed, delisted, claims new and gone, numbers new, revised and gone."""
    from datetime import UTC, datetime, timedelta

    from tocsin.feeds.load import feed as known_feed
    from tocsin.node.differences import Window, differences

    if feed is not None:
        known_feed(feed)
    today = datetime.now(UTC).date()
    window = Window(day(since or None) or today - timedelta(days=7), day(until) or today, by, feed)
    with open_node(node).view() as view:
        found = differences(view, window)
    if form is Format.table:
        _print_differences(found)
        return
    numbers = [{**row, "party": None, "name": None, "dims": dict(row["dims"])} for row in found.numbers]
    emit([*({name: row.get(name) for name in _DIFF} for row in (*found.parties, *numbers))], form)


_DIFF = (
    "source", "what", "party", "name", "date", "earliest", "measure", "definition", "place", "period_start", "period_end",
    "substance", "dims", "before", "now", "id",
)  # fmt: skip
_SHOWN = 20


def _print_differences(found: Differences) -> None:
    emit(found.sums, Format.table, "What changed")
    parties = [{name: row[name] for name in ("source", "what", "name", "party", "date")} for row in found.parties]
    numbers = [
        {
            "source": row["source"],
            "what": row["what"],
            "number": " ".join([row["definition"], row["place"], row["substance"] or "", *dict(row["dims"]).values()]),
            "period": f"{row['period_start']}/{row['period_end']}",
            "before": _number(row["before"]),
            "now": _number(row["now"]),
        }
        for row in found.numbers
    ]
    for title, rows in (("Parties", parties), ("Numbers, the largest change first", numbers)):
        if rows:
            emit(rows[:_SHOWN], Format.table, title)
            if len(rows) > _SHOWN:
                print(f"… and {len(rows) - _SHOWN:,} more: --format csv or json")


def _number(value: float | None) -> str:
    return "not given" if value is None else f"{value:,.10g}"
