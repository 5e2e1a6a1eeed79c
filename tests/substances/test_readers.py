"""The class definitions against readings made from their words alone, by a reader who had not seen the program.

``data/class_readings.csv``: 233 known structures (fentanyls, nitazenes, precursors, medicines) under five definitions,
each verdict with its reason; rows that were plainly of no such skeleton are left out, and so are those on UK paragraph
1(ea) that were read before its words from (iii) on were held.
"""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.substances.control import Subject, judge
from tocsin.substances.structures import read_smiles

READINGS = Path(__file__).parent / "data" / "class_readings.csv"
DAY = date(2025, 9, 1)
OURS = {"controlled": "in", "not controlled": "out", "uncertain": "uncertain"}


def rows() -> list[dict[str, str]]:
    with READINGS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def verdicts(smiles: str) -> dict[str, str]:
    subject = Subject(read_smiles(smiles).components)
    return {
        one.rule: OURS[one.answer.value]
        for place in judge(subject, ["US", "CN", "GB", "DE"], DAY)
        for one in place.verdicts
    }


def test_no_definite_reading_is_contradicted() -> None:
    wrong = [
        (row["name"], row["rule"], row["verdict"], verdicts(row["smiles"])[row["rule"]], row["reason"])
        for row in rows()
        if {row["verdict"], verdicts(row["smiles"])[row["rule"]]} == {"in", "out"}
    ]
    assert wrong == []


def test_what_the_reader_left_open_is_uncertain() -> None:
    left_open = [row for row in rows() if row["verdict"] == "uncertain"]
    assert len(left_open) > 15
    assert [row["name"] for row in left_open if verdicts(row["smiles"])[row["rule"]] != "uncertain"] == []


def test_hardly_anything_is_uncertain_that_the_reader_found_clear() -> None:
    clear = [row for row in rows() if row["verdict"] != "uncertain"]
    open_here = [(row["name"], row["rule"]) for row in clear if verdicts(row["smiles"])[row["rule"]] == "uncertain"]
    assert len(clear) > 500 and len(open_here) <= 2, open_here
