"""Writing many lines to stdout as they come, and counting what was read and what was not."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from tocsin.cli.output import Format, emit
from tocsin.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa


class LineWriter:
    """The lines of a screening, written batch by batch; nothing is held back."""

    def __init__(self, form: Format) -> None:
        if form is Format.json:
            raise UsageError("a catalogue's lines are not written as one JSON list", mend="use --format jsonl")
        self._form = Format.csv if form is Format.table else form
        self._writer: Any = None
        self.rows, self.unread = 0, Counter[str]()

    def write(self, lines: pa.RecordBatch) -> None:
        """Write the lines of a batch and count its rows."""
        import pyarrow.compute as pc

        from tocsin.substances.screening import NOT_READ

        self.rows += len(pc.unique(lines.column("row")))
        bad = lines.filter(pc.equal(lines.column("verdict"), NOT_READ))
        self.unread.update(str(reason).partition(";")[0] for reason in bad.column("basis").to_pylist())
        if self._form is Format.jsonl:
            emit(lines.to_pylist(), Format.jsonl)
            return
        if self._writer is None:
            self._writer = _opened(self._form, lines.schema)
        self._writer.write_batch(_spreadsheet_safe(lines) if self._form is Format.csv else lines)

    def close(self) -> None:
        """Finish the file; an empty catalogue still has its header."""
        if self._writer is None and self._form is not Format.jsonl:
            from tocsin.substances.screening import LINES

            self._writer = _opened(self._form, LINES)
        if self._writer is not None:
            self._writer.close()
        sys.stdout.flush()

    def summary(self) -> str:
        """How many rows were read, and why the others were not, most frequent first."""
        unread = sum(self.unread.values())
        told = "".join(f"\n  {count:,} × {reason}" for reason, count in self.unread.most_common(12))
        return f"rows {self.rows:,} = judged {self.rows - unread:,} + not read {unread:,}{told}"


def _opened(form: Format, schema: pa.Schema) -> Any:
    if form is Format.parquet:
        import pyarrow.parquet as pq

        return pq.ParquetWriter(sys.stdout.buffer, schema, compression="zstd")
    import pyarrow.csv as csv

    return csv.CSVWriter(sys.stdout.buffer, schema, write_options=csv.WriteOptions(quoting_style="needed"))


def _spreadsheet_safe(lines: pa.RecordBatch) -> pa.RecordBatch:
    """A spreadsheet would run what begins like a formula."""
    import pyarrow as pa
    import pyarrow.compute as pc

    place = lines.schema.get_field_index("query")
    texts = lines.column(place)
    risky = pc.match_substring_regex(texts, "^[=+@\\t-]")
    quoted = pc.binary_join_element_wise(pa.scalar("'"), texts, "")
    return lines.set_column(place, lines.schema.field(place), pc.if_else(risky, quoted, texts))
