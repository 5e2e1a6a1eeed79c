"""How far a load in pieces has come, kept in a folder of its own: a line per piece, and the pieces that are staged."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.node.state import Accounting, Quarantined


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where the next piece of a file begins: bytes before it, and the number of its first row."""

    offset: int = 0
    row: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """The claims of a stretch of a file, where each of its rows went, and where the next piece begins."""

    table: pa.Table
    accounting: Accounting
    end: Stretch


class Progress:
    """The progress of one document's load."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines = folder / "pieces.jsonl"
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, pieces: int) -> None:
        """Forget every piece after the first so many: they were read and never committed."""
        lines = self._read()[:pieces]
        part = self._lines.with_suffix(".part")
        part.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        os.replace(part, self._lines)

    def reached(self) -> Stretch:
        """Where the next piece begins."""
        lines = self._read()
        return Stretch(lines[-1]["offset"], lines[-1]["row"]) if lines else Stretch()

    def add(self, piece: Piece) -> None:
        """Note a piece; it counts once the caller has committed it."""
        line = {"offset": piece.end.offset, "row": piece.end.row, "accounting": _as_json(piece.accounting)}
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def stage(self, piece: Piece) -> None:
        """Keep a piece's claims in a file, then note it."""
        target = self.folder / f"{len(self._read()):06d}.parquet"
        pq.write_table(piece.table, target.with_suffix(".part"), compression="zstd")
        os.replace(target.with_suffix(".part"), target)
        self.add(piece)

    def staged(self) -> list[Path]:
        """The files of the pieces noted, in order."""
        return [self.folder / f"{number:06d}.parquet" for number in range(len(self._read()))]

    def accounting(self) -> Accounting:
        """Where every row of the pieces noted went."""
        total = Accounting()
        for line in self._read():
            counts = line["accounting"]
            total.read += counts["read"]
            total.accepted += counts["accepted"]
            total.skipped.update(Counter(counts["skipped"]))
            total.quarantined += [Quarantined(**bad) for bad in counts["quarantined"]]
            total.not_understood += counts["not_understood"]
        return total

    def _read(self) -> list[dict[str, Any]]:
        """Whole lines only: a kill may have cut the last one."""
        if not self._lines.exists():
            return []
        text = self._lines.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def _as_json(counts: Accounting) -> dict[str, Any]:
    return asdict(counts) | {"skipped": dict(counts.skipped)}
