"""The commands as a user runs them: answers clean on stdout, errors in one line, the right exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import T404_HEADER
from tocsin.node import Node

TOCSIN = [sys.executable, "-m", "tocsin"]


def run(*arguments: str, node: Node | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "COLUMNS": "200"} | ({"TOCSIN_NODE": str(node.settings.node)} if node else {})
    return subprocess.run([*TOCSIN, *arguments], capture_output=True, env=environment)


def test_the_brief_as_json_is_clean(starter: Node) -> None:
    done = run("brief", "--as-of", "2023-07-07", "--days", "60", "--format", "json", node=starter)
    assert (done.returncode, done.stderr) == (0, b"")
    held = json.loads(done.stdout)
    assert held["as_of"] == "2023-07-07"
    sentences = [s["text"] for section in held["sections"] for s in section["answer"]]
    assert any(s.startswith("17 parties first listed on 2023-05-30 under ILLICIT-DRUGS-EO14059") for s in sentences)


@pytest.mark.parametrize("form", ["text", "html"])
def test_the_brief_in_other_forms(starter: Node, form: str) -> None:
    done = run("brief", "--country", "China", "--format", form, node=starter)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "on China as of" in done.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["brief", "--as-of", "yesterday"], "tocsin: 'yesterday' is not a day; write it like 2023-07-07"),
        (
            ["brief", "--country", "Narnia"],
            "tocsin: 'Narnia' is no country; give an ISO 3166-1 code such as CN, or an English name",
        ),
        (
            ["records", "show", "ffffffffff"],
            "tocsin: no record here has the id ffffffffff; look with: tocsin records search",
        ),
        (
            ["feed", "load", "nope", "x.csv"],
            "tocsin: no feed is called 'nope'; use one of ca-gac-sanctions, ca-phac-harms, eu-fsf-sanctions, gb-fcdo-sanctions, gb-ons-drug-deaths, opensanctions, un-sc-sanctions, us-cbp-seizures, us-cdc-dose, us-cdc-t404, us-cdc-vsrr, us-cdc-wonder, us-census-population, us-ct-ocme, us-dea-nflis, us-nchs-rates, us-ofac-sdn",
        ),
        (
            ["feed", "load", "us-cdc-t404", "missing.csv"],
            "tocsin: missing.csv: cannot be read: No such file or directory; check the name and the rights",
        ),
        (
            ["node", "restore", "missing.tar"],
            "tocsin: missing.tar: cannot be read: No such file or directory; check name and rights",
        ),
    ],
)
def test_user_errors_are_one_line_and_exit_2(starter: Node, arguments: list[str], line: str) -> None:
    done = run(*arguments, node=starter)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode() == line + "\n"


def test_unknown_options_exit_2() -> None:
    assert run("brief", "--nonsense").returncode == 2


def test_a_node_from_nothing(tmp_path: Path) -> None:
    place = str(tmp_path / "node")
    assert b" 0 records added" in run("node", "init", "--no-starter", "--node", place).stdout
    months = tmp_path / "t404.csv"
    months.write_text(f"{T404_HEADER}\n2023,1,5,final\n2023,2,6,final\n2023,3,<b>,final\n")
    done = run("feed", "load", "us-cdc-t404", str(months), "--node", place, "--format", "json")
    (row,) = json.loads(done.stdout)
    assert (row["rows_read"], row["accepted"], row["skipped"], row["quarantined"]) == (3, 2, 0, 1)
    assert done.stderr.decode().startswith("quarantined: t404.csv, row 4: '<b>' is not a whole number")
    status = run("feed", "status", "--node", place).stdout.decode()
    assert "quarantined: us-cdc-t404: t404.csv, row 4" in status
    assert run("node", "backup", str(tmp_path / "b.tar"), "--node", place).returncode == 0
    assert run("node", "restore", str(tmp_path / "b.tar"), "--node", str(tmp_path / "copy")).returncode == 0
    assert b"3 records in 2 files" in run("node", "compact", "--node", place).stdout
    assert b" 0 records added" not in run("node", "init", "--node", place).stdout
    assert run("node", "migrate", "--node", place).stdout == b"schema 1: nothing to do\n"
    rows = json.loads(run("node", "status", "--node", place, "--format", "json").stdout)
    assert [row["kind"] for row in rows] == ["document", "claim", "event", "observation"]


def test_records_in_every_form(starter: Node) -> None:
    search = ["records", "search", "yason", "--kind", "claim"]
    lines = run(*search, "--format", "jsonl", node=starter).stdout.decode().splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row["record"] for row in rows} == {"claim"}
    assert json.loads(run(*search, "--format", "json", node=starter).stdout) == rows
    assert len(list(csv.DictReader(io.StringIO(run(*search, "--format", "csv", node=starter).stdout.decode())))) == len(
        rows
    )
    assert pq.read_table(io.BytesIO(run(*search, "--format", "parquet", node=starter).stdout)).num_rows == len(rows)
    shown = run("records", "show", rows[0]["id"][:12], node=starter).stdout.decode()
    assert rows[0]["id"] in shown and "Vintages, oldest first" in shown
    assert run("records", "search", "zzzzzz", "--format", "csv", node=starter).returncode == 0


def test_a_cell_that_looks_like_a_formula_is_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    from tocsin.cli.output import Format, emit

    emit([{"name": "=1+1", "n": -5}], Format.csv)
    assert capsys.readouterr().out == "name,n\n'=1+1,-5\n"


def test_config_says_where_each_value_comes_from(starter: Node) -> None:
    rows = json.loads(run("config", "--format", "json", node=starter).stdout)
    assert {row["setting"]: row["origin"] for row in rows}["node"] == "environment"


@pytest.mark.parametrize(
    "arguments", ["brief", "brief --format json", "records search a --kind claim --limit 5000 --format csv"]
)
def test_a_closed_pipe_is_no_error(starter: Node, arguments: str) -> None:
    command = f"{sys.executable} -m tocsin {arguments} --node {starter.settings.node} | head -c 10"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_empty_answer_says_when_only_a_part_is_held(starter: Node) -> None:
    done = run("records", "search", "HIZBALLAH", node=starter)
    assert b"only a part is held of us-ofac-sdn (programmes: ILLICIT-DRUGS-EO14059 SDNTK)" in done.stderr


def test_help_names_every_command() -> None:
    for arguments in ([], ["feed"], ["node"], ["records"]):
        done = run(*arguments, "--help")
        assert done.returncode == 0 and b"Usage: " in done.stdout


def test_the_version() -> None:
    from tocsin import __version__

    assert run("--version").stdout.decode() == f"tocsin {__version__}\n"
