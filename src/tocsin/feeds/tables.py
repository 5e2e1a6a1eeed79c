"""CSV tables by declared layouts: which columns a publisher's file has, by name, and its rows.

A file whose columns are not those of a declared layout is refused with the difference: a new column may change what a
row means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tocsin.errors import InputError
from tocsin.feeds.files import SourceFile, csv_rows
from tocsin.feeds.reading import Reading, read_rows
from tocsin.node import Draft

Lines = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout a publisher uses or used: its name, and the columns in any order."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, its layout's name, its cells by column, stripped."""

    line: int
    layout: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_table(
    file: SourceFile,
    layouts: Sequence[Layout],
    read: Callable[[Row], Iterable[Draft]],
    lines: Lines | None = None,
    summed: bool = False,
) -> tuple[Layout, Reading]:
    """The layout found and every row read through ``read``; InputError when the columns are of no declared layout.

    ``lines``: (line, fields) from the header on, where the header is not the first line. ``summed``: see Reading.
    """
    lines = csv_rows(file) if lines is None else lines
    line, header = next(lines, (1, []))
    names = [name.strip() for name in header]
    layout = _layout(file, line, names, layouts)

    def row(line: int, fields: list[str]) -> Iterable[Draft]:
        return read(Row(line, layout.name, dict(zip(names, fields, strict=True))))

    return layout, read_rows(Reading(file, summed), lines, len(names), row)


def _layout(file: SourceFile, line: int, names: Sequence[str], layouts: Sequence[Layout]) -> Layout:
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"column {name!r} stands twice", file=file.name, row=line, mend="get the file again")
    for layout in layouts:
        if set(layout.columns) == set(names):
            return layout
    nearest = min(layouts, key=lambda layout: len(set(layout.columns) ^ set(names)))
    missing, new = (sorted(set(a) - set(b)) for a, b in ((nearest.columns, names), (names, nearest.columns)))
    raise InputError(
        f"columns changed: missing {', '.join(missing) or 'none'}; new {', '.join(new) or 'none'}",
        file=file.name,
        row=line,
        mend="the last good state is kept; the feed must learn the new layout",
    )
