"""Facts as rows: reading the CSV files a room keeps under ``data/``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from importlib.resources import files


def data_rows(room: str, name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file of a room, by column name."""
    text = files(f"tocsin.{room}").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(io.StringIO(text, newline=""))
