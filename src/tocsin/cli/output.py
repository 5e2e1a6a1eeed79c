"""Answers as people or programs want them: a table to read; JSON, JSON Lines, CSV or Parquet clean on stdout."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Any


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"


def emit(rows: Sequence[dict[str, Any]], form: Format, title: str = "") -> None:
    """Write rows of equal keys. An empty answer is an empty table, list or file, never an error."""
    if form is Format.json:
        json.dump(list(rows), sys.stdout, ensure_ascii=False, indent=1, default=str)
        print()
    elif form is Format.jsonl:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False, default=str))
    elif form is Format.csv:
        writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _flat(value) for name, value in row.items()} for row in rows)
    elif form is Format.parquet:
        _parquet(rows)
    else:
        _table(rows, title)


def _flat(value: Any) -> Any:
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value
    # A spreadsheet would run what begins like a formula.
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@", "\t") else text


def _parquet(rows: Sequence[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    flat = [{name: _text(value) for name, value in row.items()} for row in rows]
    pq.write_table(pa.Table.from_pylist(flat), sys.stdout.buffer, compression="zstd")


def _text(value: Any) -> Any:
    return (
        value
        if isinstance(value, str | int | float | bool | None)
        else json.dumps(value, ensure_ascii=False, default=str)
    )


def _table(rows: Sequence[dict[str, Any]], title: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not rows:
        console.print(f"{title}: nothing" if title else "nothing")
        return
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name, value in rows[0].items():
        table.add_column(
            name.replace("_", " "), justify="right" if isinstance(value, int | float) else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(
            *(
                Text("" if value is None else f"{value:,}" if type(value) is int else str(value))
                for value in row.values()
            )
        )
    console.print(table)
