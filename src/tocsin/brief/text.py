"""The brief in a terminal: sentences, tables, small lines of blocks, and what each mark means."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from tocsin.brief.model import MEANINGS, Brief, Cell, Chart, Mark, Section, Table, marks_of

_BLOCKS = "▁▂▃▄▅▆▇█"
_LETTERS = {
    Mark.RETROSPECTIVE: "ʳ",
    Mark.INCOMPLETE: "ⁱ",
    Mark.PROVISIONAL: "ᵖ",
    Mark.SUPPRESSED: "ˢ",
    Mark.SECONDARY: "²",
}
_ROWS = 20


def print_brief(brief: Brief, console: Console) -> None:
    """Write the brief to a console."""
    console.print(Text(brief.title, style="bold"))
    for section in brief.sections:
        console.print()
        console.print(Text(section.title.upper(), style="bold cyan"))
        _print_section(section, console)
    used = [mark for mark in Mark if any(mark in marks for section in brief.sections for marks in _marks(section))]
    if used:
        console.print()
        console.print(Text("; ".join(f"{_LETTERS[mark]} {mark.value}: {MEANINGS[mark]}" for mark in used), style="dim"))
    console.print(
        Text("The records behind a figure: tocsin brief --format json, then tocsin records show ID", style="dim")
    )


def spark(values: Sequence[float | None]) -> str:
    """A line of blocks; a missing value is a dot, for it is not a zero."""
    top = max((value for value in values if value is not None), default=0) or 1
    return "".join("·" if v is None else _BLOCKS[min(7, int(v / top * 7.999))] for v in values)


def _print_section(section: Section, console: Console) -> None:
    for sentence in section.answer:
        letters = "".join(_LETTERS[mark] for mark in marks_of(section, sentence))
        console.print(Padding(Text(sentence.text + letters), (0, 0, 0, 2)))
    for chart in section.charts:
        if chart.kind == "bars_by_year":
            console.print(Padding(Text(_bars(chart)), (0, 0, 0, 2)))
    for table in section.tables:
        console.print(Padding(_table(table), (0, 0, 0, 2)))
    for caveat in section.caveats:
        console.print(Padding(Text(caveat, style="dim"), (0, 0, 0, 2)))


def _bars(chart: Chart) -> str:
    values = [float(row[1]) if isinstance(row[1], int | float) else None for row in chart.rows]
    return f"{chart.rows[0][0]} {spark(values)} {chart.rows[-1][0]}"


def _table(table: Table) -> RichTable:
    shown = RichTable(
        title=table.title, title_justify="left", title_style="italic", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for column in table.columns:
        shown.add_column(column.strip(), justify="right" if column in table.numeric else "left", overflow="fold")
    for row in table.rows[:_ROWS]:
        shown.add_row(*map(_cell, row))
    rest = len(table.rows) - _ROWS
    shown.caption = " ".join([table.note, *([f"… and {rest} more: --format html or json"] if rest > 0 else [])])
    shown.caption_justify = "left"
    return shown


def _cell(cell: Cell) -> Text:
    return Text((spark(cell.series) if cell.series else cell.text) + "".join(_LETTERS[mark] for mark in cell.marks))


def _marks(section: Section) -> list[tuple[Mark, ...]]:
    cells = [cell.marks for table in section.tables for row in table.rows for cell in row]
    return cells + [figure.marks for figure in section.figures]
