"""Reading the catalogues that are screened: SMILES files, CSV, SDF and Parquet, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.errors import InputError

ROWS = 4096
"""Rows of a batch."""
QUERIES = pa.schema([("row", pa.int64()), ("query", pa.string())])
_SMILES_NAMES = ("smiles", "canonical_smiles", "structure", "smi")
_LONGEST_ENTRY = 4_000_000


def form_of(path: Path, column: str | None) -> str:
    """What the rows of a catalogue are: ``smiles``, ``mol`` blocks, or ``any`` kind of query."""
    if path.suffix.lower() in (".sdf", ".sd", ".mol"):
        return "mol"
    if path.suffix.lower() in (".smi", ".smiles", ".ism", ".can"):
        return "smiles"
    return "smiles" if column is None or "smi" in column.lower() or column.lower() == "structure" else "any"


def batches(path: Path, column: str | None = None) -> Iterator[pa.RecordBatch]:
    """The queries of a catalogue with their row numbers, from 1, counting data rows. InputError: it cannot be read."""
    readers = {".csv": _csv, ".tsv": _csv, ".txt": _csv, ".parquet": _parquet}
    suffix = path.suffix.lower()
    if not path.is_file():
        raise InputError("no such file", file=str(path), mend="give a .smi, .csv, .sdf or .parquet file")
    if form_of(path, column) == "mol":
        queries = _entries(path)
    elif suffix in (".smi", ".smiles", ".ism", ".can"):
        queries = _first_words(path)
    elif suffix in readers:
        queries = readers[suffix](path, column)
    else:
        raise InputError(f"{suffix or 'no suffix'} is no kind of catalogue that is read", file=str(path),
                         mend="give a .smi, .csv, .sdf or .parquet file")  # fmt: skip
    numbered = enumerate(queries, start=1)
    while block := list(islice(numbered, ROWS)):
        rows, texts = zip(*block, strict=True)
        yield pa.RecordBatch.from_arrays([pa.array(rows, pa.int64()), pa.array(texts, pa.string())], schema=QUERIES)


def _first_words(path: Path) -> Iterator[str]:
    """A SMILES file: the structure, then perhaps a name, on each line."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            yield line.split(maxsplit=1)[0] if line.strip() else ""


def _csv(path: Path, column: str | None) -> Iterator[str]:
    import csv

    csv.field_size_limit(_LONGEST_ENTRY)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
        place = _place(path, next(reader, []), column)
        try:
            for row in reader:
                yield row[place].strip() if len(row) > place else ""
        except csv.Error as error:
            raise InputError(str(error), file=str(path), row=reader.line_num, mend="mend the quoting") from None


def _place(path: Path, header: list[str], column: str | None) -> int:
    """Where the wanted column stands in the header."""
    names = [name.strip().lower() for name in header]
    for wanted in [column.lower()] if column else _SMILES_NAMES:
        if wanted in names:
            return names.index(wanted)
    missing = f"no column {column!r}" if column else "no column of structures"
    raise InputError(missing, file=str(path), mend=f"name one of its columns with --column: {', '.join(header)[:200]}")


def _parquet(path: Path, column: str | None) -> Iterator[str]:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"no Parquet file: {error}", file=str(path), mend="write it again") from None
    header = file.schema_arrow.names
    name = header[_place(path, header, column)]
    for batch in file.iter_batches(batch_size=ROWS, columns=[name]):
        yield from ("" if value is None else str(value) for value in batch.column(0).to_pylist())


def first_entry(path: Path) -> str:
    """The first mol block of a mol file or SDF."""
    return next(_entries(path), "")


def _entries(path: Path) -> Iterator[str]:
    """The mol blocks of an SDF, or the one of a mol file."""
    lines: list[str] = []
    size = 0
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("$$$$"):
                yield "".join(lines)
                lines, size = [], 0
            elif size <= _LONGEST_ENTRY:
                lines.append(line)
                size += len(line)
    if "".join(lines).strip():
        yield "".join(lines)
