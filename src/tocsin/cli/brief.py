"""``tocsin brief``."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from tocsin.cli.options import AsOfOption, KnownByOption, NodeOption, day, open_node
from tocsin.errors import UsageError


class BriefFormat(StrEnum):
    """How the brief is written."""

    text = "text"
    html = "html"
    json = "json"


def brief(
    country: Annotated[
        str | None, typer.Option("--country", metavar="CC", help="Only this country: code or name.")
    ] = None,
    as_of: AsOfOption = None,
    known_by: KnownByOption = None,
    days: Annotated[int, typer.Option("--days", min=1, max=36525, help="How far back windows reach.")] = 90,
    form: Annotated[BriefFormat, typer.Option("--format", help="Text, one HTML page, or JSON.")] = BriefFormat.text,
    node: NodeOption = None,
) -> None:
    """One page: who was newly listed, what was newly identified, how many died, and how fresh that is."""
    from tocsin.brief import as_html, as_json, build, print_brief
    from tocsin.records.places import read_country

    if country is not None:
        country = read_country(country)
    asked = day(as_of)
    if asked is not None and asked.year < 1900:
        raise UsageError(f"{asked} is before anything held", mend="give a later day")
    page = build(open_node(node), as_of=asked, known_by=day(known_by), country=country, days=days)
    if form is BriefFormat.json:
        json.dump(as_json(page), sys.stdout, ensure_ascii=False, indent=1)
        print()
    elif form is BriefFormat.html:
        print(as_html(page))
    else:
        from rich.console import Console

        print_brief(page, Console())
