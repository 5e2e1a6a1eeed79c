"""A catalogue row by row: every row answered or told, in its order, and nothing of the gate lost."""

from datetime import date

import pyarrow as pa
import pytest
from bench.substances import forms
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.substances import Screen, registry
from tocsin.substances.gate import Gate
from tocsin.substances.identify import subject_of
from tocsin.substances.rules import rules, rules_of
from tocsin.substances.screening import LINES, NOT_READ
from tocsin.substances.structures import read_smiles

DAY = date(2025, 9, 1)
PLACES = ("US", "CN", "GB")
FENTANYL, ACETYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
BAD = ["", "C1CC", "CC>>CO", "C*", "C" * 5000, "C(C)(C)(C)(C)C", "{[$]CC[$]}", "芬太尼"]


def lines(queries: list[str], form: str = "smiles", places: tuple[str, ...] = PLACES) -> list[dict[str, object]]:
    rows = pa.array(range(1, len(queries) + 1), pa.int64())
    batch = pa.RecordBatch.from_arrays([rows, pa.array(queries, pa.string())], names=["row", "query"])
    answer = Screen(places, DAY, form)(batch)
    assert answer.schema == LINES
    return list(answer.to_pylist())


def frame() -> int:
    return sum(len(rules_of(place)) for place in PLACES)


@given(st.lists(st.sampled_from([*BAD, FENTANYL, ACETYL, "CCO", "c1ccccc1"]), max_size=12))
@settings(max_examples=60, deadline=None)
def test_every_row_is_answered_once_for_each_rule_or_told_once(queries: list[str]) -> None:
    found = lines(queries)
    assert len(found) == sum(1 if query in BAD else frame() for query in queries)
    assert [row["row"] for row in found] == sorted(row["row"] for row in found)  # type: ignore[type-var]
    for row in found:
        assert row["query"] == queries[int(str(row["row"])) - 1]
        assert (row["verdict"] == NOT_READ) == (row["query"] in BAD)
        assert row["verdict"] != NOT_READ or row["basis"]


def test_the_batch_and_the_single_answer_agree() -> None:
    structures = [one.smiles for one in registry().substances.values() if one.smiles][::9]
    together = lines(structures)
    singly = [row for smiles in structures for row in lines([smiles])]
    assert [(row["rule"], row["verdict"], row["clause"]) for row in together] == [
        (row["rule"], row["verdict"], row["clause"]) for row in singly
    ]


def test_rows_of_any_kind_may_be_named_and_collisions_are_no_guess() -> None:
    found = lines(["acetylfentanyl", "21409-26-7", "nosuchsubstance", ACETYL], "any", ("CN",))
    by_row = {number: [row for row in found if row["row"] == number] for number in (1, 2, 3, 4)}
    assert [row["verdict"] for row in by_row[1]] == [row["verdict"] for row in by_row[4]]
    assert [row["verdict"] for row in by_row[3]] == [NOT_READ]


def test_the_gate_loses_no_fentanyl_and_no_nitazene_in_any_form() -> None:
    gate = Gate([rules()["US-FRS"], rules()["CN-NITAZ-2025"]])
    known = [one for one in registry().substances.values() if one.smiles and one.drug_class in ("fentanyl", "nitazene")]
    laid = [one for one in known if any(row["verdict"] != "not controlled" for row in lines([one.smiles]))]
    assert len(laid) > 300
    assert [(one.id, form) for one in laid for form in forms(one.smiles) if not gate.passes(form)] == []


def test_the_gate_loses_no_entry_of_a_list_in_any_form() -> None:
    gate = Gate([rules()["US-CSA"]])
    known = [one for one in registry().substances.values() if one.smiles]
    assert [(one.id, form) for one in known for form in forms(one.smiles) if not gate.passes(form)] == []


def test_all_forms_of_a_structure_are_one_subject() -> None:
    for form in forms(ACETYL):
        assert subject_of(read_smiles(form)).entries == subject_of(read_smiles(ACETYL)).entries


@pytest.mark.parametrize("words", ["safe", "legal", "allowed", "permitted", "nearest", "similar"])
def test_no_line_comforts_or_hints(words: str) -> None:
    for row in lines([FENTANYL, "CCO", "CC(=O)Nc1ccc(O)cc1"]):
        assert row["verdict"] != "not controlled" or words not in str(row["clause"])
        assert row["verdict"] != "not controlled" or row["clause"] == ""
