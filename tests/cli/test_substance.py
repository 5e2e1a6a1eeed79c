"""``tocsin substance`` as its users run it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rdkit import Chem

from tests.cli.test_cli import run
from tocsin.node import Node

ACETYL = "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
LINE = ["row", "query", "jurisdiction", "rule", "verdict", "clause", "basis"]


def lines(*arguments: str) -> list[dict[str, str]]:
    done = run("substance", *arguments)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout.decode())))


def test_it_says_what_something_is_and_whether_it_is_controlled() -> None:
    done = run("substance", "acetylfentanyl", "--in", "CN,UK", "--on", "2019-05-01")
    told = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Acetylfentanyl (acetylfentanyl): fentanyl" in told and "China: controlled on 2019-05-01" in told
    assert "United Kingdom: controlled" in told and "Not legal advice" in told


def test_a_set_is_answered_by_row_jurisdiction_and_rule(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text(f"id,smiles\n1,{ACETYL}\n2,C1CC\n3,CCO\n", encoding="utf-8")
    found = lines(
        "--file", str(path), "--column", "smiles", "--in", "US,CN,GB", "--on", "2025-09-01", "--format", "csv"
    )
    assert list(found[0]) == LINE
    by_rule = {(row["row"], row["rule"]): row["verdict"] for row in found}
    assert by_rule["1", "US-FRS"] == by_rule["1", "CN-FENT-2019"] == "controlled"
    assert by_rule["1", "UK-1d"] == "controlled" and by_rule["3", "US-FRS"] == "not controlled"
    assert [(row["verdict"], row["basis"]) for row in found if row["row"] == "2"] == [
        ("not read", "not a valid SMILES; check it in a structure editor")
    ]


def test_counts_add_up_on_stderr(tmp_path: Path) -> None:
    path = tmp_path / "set.smi"
    path.write_text(f"{ACETYL} a\n\nC1CC b\nCC>>CO c\n", encoding="utf-8")
    done = run("substance", "--file", str(path), "--in", "US")
    assert done.returncode == 0
    assert done.stderr.decode().startswith("rows 4 = judged 1 + not read 3")


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_lines_in_other_forms(tmp_path: Path, form: str) -> None:
    path = tmp_path / "set.smi"
    path.write_text(f"{ACETYL}\nCCO\n", encoding="utf-8")
    done = run("substance", "--file", str(path), "--in", "US", "--format", form)
    rows = _read(form, done.stdout)
    assert list(rows[0]) == LINE and {row["row"] for row in rows} == {1, 2}


def _read(form: str, answer: bytes) -> list[dict[str, object]]:
    if form == "jsonl":
        return [json.loads(line) for line in answer.splitlines()]
    return list(pq.read_table(io.BytesIO(answer)).to_pylist())


def test_a_mol_file_is_a_query(tmp_path: Path) -> None:
    path = tmp_path / "a.mol"
    path.write_text(Chem.MolToMolBlock(Chem.MolFromSmiles(ACETYL)))
    assert b"Acetylfentanyl" in run("substance", str(path)).stdout


def test_a_route_tells_what_is_owed() -> None:
    told = run("substance", "4-AP", "--route", "CN,MX,US", "--on", "2026-03-01").stdout.decode()
    assert "export: China: controlled" in told and "owed: pre-export notification" in told


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "tocsin: nothing was asked; give a name, number or structure, or --file"),
        (
            ["fentanyl", "--in", "Narnia"],
            "tocsin: 'NARNIA' is no jurisdiction; give two-letter codes, such as US,CN,GB,EU,UN",
        ),
        (["fentanyl", "--on", "today"], "tocsin: 'today' is not a day; write it like 2023-07-07"),
        (
            ["--file", "none.csv", "--in", "US"],
            "tocsin: none.csv: no such file; give a .smi, .csv, .sdf or .parquet file",
        ),
        (["--file", "none.csv"], "tocsin: no jurisdiction was named; add --in, such as --in US,CN,GB"),
        (
            ["x", "--file", "none.csv", "--in", "US"],
            "tocsin: a catalogue is screened by itself; leave out the query and --route",
        ),
        (
            ["1609-66-5"],
            "tocsin: 1609-66-5 is no CAS number: its check digit is wrong; meant is 1609-66-1, Norfentanyl",
        ),
    ],
)
def test_errors_are_one_line(arguments: list[str], line: str) -> None:
    done = run("substance", *arguments)
    assert (done.returncode, done.stdout, done.stderr.decode().strip()) == (2, b"", line)


def test_there_is_no_way_to_ask_for_what_is_not_controlled() -> None:
    told = run("substance", "--help").stdout.decode()
    assert "not controlled" not in told and "--sort" not in told and "--filter" not in told


def test_the_names_a_node_uses_are_resolved_or_listed_first(starter: Node) -> None:
    done = run("substance", "--names", "--format", "csv", node=starter)
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert [row["resolved"] for row in rows] == sorted(row["resolved"] for row in rows)
    assert {"name": "Fentanyl", "entries": "fentanyl", "resolved": "True"}.items() <= {
        key: value for row in rows if row["name"] == "Fentanyl" for key, value in row.items()
    }.items()
