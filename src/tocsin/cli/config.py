"""``tocsin config``."""

from __future__ import annotations

from tocsin.cli.options import FormatOption, NodeOption
from tocsin.cli.output import Format, emit


def config(node: NodeOption = None, form: FormatOption = Format.table) -> None:
    """Every setting with its value and where it comes from: flag, environment, file or default."""
    from tocsin.node import read_settings

    settings = read_settings(node)
    emit([{"setting": n, "value": s.value, "origin": s.origin} for n, s in settings.origins.items()], form, "Settings")
