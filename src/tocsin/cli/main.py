"""The command ``tocsin``: exit 0 done, 1 a finding that asks for action, 2 bad usage or input in one line."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Annotated

import typer

from tocsin import __version__
from tocsin.cli import brief, config, feed, node, records, series, substance, up
from tocsin.errors import TocsinError

_INTERRUPTED, _BY_SIGNAL = "interrupted; what was committed stays", 130
app = typer.Typer(
    name="tocsin",
    help="Early warning against synthetic drugs: who was newly listed, what was newly identified, how many died.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("brief")(brief.brief)
app.command("series")(series.series)
app.command("substance")(substance.substance)
app.command("up")(up.up)
app.command("config")(config.config)
app.add_typer(feed.app, name="feed")
app.add_typer(node.app, name="node")
app.add_typer(records.app, name="records")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"tocsin {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; errors on purpose end in one line on stderr and exit 2."""
    warnings.simplefilter("ignore")
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
        if status == _BY_SIGNAL:
            status = _say(_INTERRUPTED, _BY_SIGNAL)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except SystemExit as stop:
        # Libraries turn a closed pipe into exit 1, which here means a finding that asks for action.
        status = 0 if isinstance(stop.__context__, BrokenPipeError) else stop.code
        if status == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        status = _say(_INTERRUPTED, _BY_SIGNAL)
    except TocsinError as error:
        status = _say(error.line(), 2)
    except OSError as error:
        status = _say(f"cannot write the answer: {error.strerror}", 2)
    except Exception as error:
        # Typer's own errors of usage; anything else is a bug and keeps its traceback.
        if not hasattr(error, "format_message"):
            raise
        status = _say(f"{error.format_message().rstrip('.')}; see: tocsin --help", 2)
    sys.exit(status)


def _say(line: str, status: int) -> int:
    print("tocsin: " + " ".join(line.split()), file=sys.stderr)
    return status
