"""Catalogues of every kind, and what is wrong with some."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rdkit import Chem

from tocsin.errors import InputError
from tocsin.substances.catalogue import ROWS, batches, form_of


def queries(path: Path, column: str | None = None) -> list[str]:
    return [text for batch in batches(path, column) for text in batch.column("query").to_pylist()]


def test_a_smiles_file_gives_its_first_words(tmp_path: Path) -> None:
    path = tmp_path / "a.smi"
    path.write_text("CCO ethanol\n\nc1ccccc1\tbenzene\n")
    assert queries(path) == ["CCO", "", "c1ccccc1"]
    assert form_of(path, None) == "smiles"


def test_a_csv_gives_the_column_asked_for_or_the_one_of_structures(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\ufeffname,SMILES\n"a, b",CCO\nshort\nc,\n', encoding="utf-8")
    assert queries(path) == ["CCO", "", ""] == queries(path, "smiles")
    assert queries(path, "name") == ["a, b", "short", "c"]
    assert (form_of(path, None), form_of(path, "name")) == ("smiles", "any")
    with pytest.raises(InputError, match="no column 'cas'"):
        queries(path, "cas")


def test_an_sdf_gives_its_entries(tmp_path: Path) -> None:
    block = Chem.MolToMolBlock(Chem.MolFromSmiles("CCO"))
    path = tmp_path / "a.sdf"
    path.write_text(f"{block}> <ID>\n1\n\n$$$$\n{block}$$$$\n")
    assert len(queries(path)) == 2 and all("M  END" in text for text in queries(path))


def test_parquet_is_read_in_batches_and_rows_count_from_one(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"smiles": ["CCO", None] * ROWS}), path)
    read = list(batches(path))
    assert [batch.num_rows for batch in read] == [ROWS, ROWS]
    assert read[1].column("row")[0].as_py() == ROWS + 1
    assert read[0].column("query").to_pylist()[:2] == ["CCO", ""]


@pytest.mark.parametrize(
    ("name", "text"), [("none.csv", None), ("a.xls", "x"), ("a.parquet", "no parquet"), ("a.csv", "")]
)
def test_what_cannot_be_read_says_which_file(tmp_path: Path, name: str, text: str | None) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=name):
        queries(path)
