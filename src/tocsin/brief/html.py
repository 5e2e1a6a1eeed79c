"""The brief as one self-contained page: no script, nothing from outside, two A4 sides when printed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from tocsin import __version__
from tocsin.brief.model import MEANINGS, Brief, Cell, Chart, Mark, marks_of

if TYPE_CHECKING:
    from jinja2 import Template

LETTERS = {
    Mark.RETROSPECTIVE: "R",
    Mark.INCOMPLETE: "I",
    Mark.PROVISIONAL: "P",
    Mark.SUPPRESSED: "S",
    Mark.SECONDARY: "2",
}


def as_html(
    brief: Brief,
    link: Callable[[tuple[str, ...]], str] | None = None,
    fragment: bool = False,
    translate: Callable[[str], str] = str,
) -> str:
    """The page. ``link`` turns the ids of records into an address; without it evidence is named, not linked.

    ``fragment``: only what goes into a page of the console. ``translate``: titles, headings and marks in another
    language; sentences stay as they are.
    """
    used = [mark for mark in Mark if any(mark in marks for marks in _all_marks(brief))]
    return _template().render(
        brief=brief,
        link=link,
        fragment=fragment,
        draw=_draw,
        spark=_spark,
        letters=LETTERS,
        marks_of=marks_of,
        legend=[(LETTERS[mark], translate(mark.value), translate(MEANINGS[mark])) for mark in used],
        t=translate,
        style=Markup(style()),  # noqa: S704  our own file
        version=__version__,
    )


@cache
def style() -> str:
    """The style sheet of brief and console."""
    return files("tocsin.brief").joinpath("templates", "brief.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tocsin.brief"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("brief.html")


@cache
def _draw(chart: Chart) -> Markup:
    from tocsin import charts

    function = {"bars_by_year": charts.bars_by_year, "small_lines": charts.small_lines}[chart.kind]
    picture = function(chart.rows, chart.title, chart.description)
    return Markup(picture.svg())  # noqa: S704  made by us, text escaped there


def _spark(cell: Cell) -> Markup:
    """A small line; gaps where there is no row."""
    values, width, height = cell.series, 110, 18
    top = max((value for value in values if value is not None), default=0) or 1
    step = width / max(len(values) - 1, 1)
    points: list[str] = []
    for place, value in enumerate(values):
        if value is not None:
            at = f"{place * step:.1f} {height - 1 - value / top * (height - 2):.1f}"
            # A value between two gaps is a dot.
            points.append(f"L{at}" if points and values[place - 1] is not None else f"M{at}h.01")
    path = "".join(points)
    return Markup(  # noqa: S704  numbers only
        f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">'
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round"/></svg>'
    )


def _all_marks(brief: Brief) -> list[tuple[Mark, ...]]:
    cells = [cell.marks for section in brief.sections for table in section.tables for row in table.rows for cell in row]
    return cells + [figure.marks for section in brief.sections for figure in section.figures]
