"""The registry's data hold together: numbers, structures, ids, and what was promised of them."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

import tocsin.substances
from tocsin.substances.cas import is_valid
from tocsin.substances.structures import full_key, read_smiles

DATA = Path(tocsin.substances.__file__).parent / "data"
BASES = {"seen", "publication day", "inferred", "secondary", "unverified"}
NAME_KINDS = {
    "preferred", "INN", "synonym", "systematic", "abbreviation", "code", "street", "misspelling", "salt", "official",
    "trade",
}  # fmt: skip
UN_PRECURSORS = 51


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SUBSTANCES = table("substances.csv")
IDS = {row["id"] for row in SUBSTANCES}


def test_ids_are_unique_and_plain() -> None:
    assert len(IDS) == len(SUBSTANCES)
    assert all(row["id"] == row["id"].lower() and " " not in row["id"] for row in SUBSTANCES)


@pytest.mark.parametrize("name", ["names.csv", "numbers.csv", "potency.csv"])
def test_every_row_is_of_an_entry(name: str) -> None:
    assert {row["substance"] for row in table(name)} <= IDS


def test_every_customs_code_covers_entries() -> None:
    covered = {one for row in table("hs_codes.csv") for one in row["substances"].split("; ") if one}
    assert covered <= IDS


def test_every_row_tells_its_source_and_basis() -> None:
    rows = [*SUBSTANCES, *table("names.csv"), *table("numbers.csv"), *table("hs_codes.csv")]
    assert {row["basis"] for row in rows} <= BASES
    assert all(row["source"] for row in SUBSTANCES)
    assert not [row for row in rows if "file id" in row["source"] or "/work/" in row["source"]]


def test_keys_and_formulas_are_those_of_the_structures() -> None:
    wrong = []
    for row in SUBSTANCES:
        if row["smiles"]:
            mol = Chem.MolFromSmiles(row["smiles"])
            told = (Chem.MolToSmiles(mol), Chem.MolToInchiKey(mol), CalcMolFormula(mol))
            if told != (row["smiles"], row["inchikey"], row["formula"]):
                wrong.append(row["id"])
    assert wrong == []


def test_a_structure_read_by_the_program_has_the_key_of_its_entry() -> None:
    """Double bonds keep their side: crotonyl fentanyl is not its other isomer."""
    held = [row for row in SUBSTANCES if "/" in row["smiles"] or "@" in row["smiles"]]
    assert [r["id"] for r in held if full_key(read_smiles(r["smiles"]).components[0]) != r["inchikey"]] == []


def test_parents_are_neutral_and_without_salt() -> None:
    held = [(row["id"], Chem.MolFromSmiles(row["smiles"])) for row in SUBSTANCES if row["smiles"]]
    assert [one for one, mol in held if len(Chem.GetMolFrags(mol)) > 1] == []
    assert [one for one, mol in held if Chem.GetFormalCharge(mol)] == []


def test_one_structure_is_one_entry() -> None:
    keys = Counter(row["inchikey"] for row in SUBSTANCES if row["inchikey"])
    assert [key for key, count in keys.items() if count > 1] == []


def test_cas_numbers_are_valid_and_of_one_entry_each() -> None:
    owners = defaultdict(set)
    for row in table("numbers.csv"):
        if row["scheme"] == "CAS":
            owners[row["value"]].add(row["substance"])
    assert [value for value in owners if not is_valid(value)] == []
    assert [value for value, many in owners.items() if len(many) > 1] == []
    assert owners["1609-66-1"] == {"norfentanyl"}
    assert "1609-66-5" not in owners


@pytest.mark.parametrize(("drug_class", "least"), [("fentanyl", 350), ("nitazene", 40)])
def test_the_classes_are_well_covered(drug_class: str, least: int) -> None:
    assert sum(row["drug_class"] == drug_class and bool(row["smiles"]) for row in SUBSTANCES) >= least


def test_every_precursor_of_the_1988_convention_is_an_entry() -> None:
    told = {row["substance"] for row in table("names.csv") if row["source"] == "UN precursor table"}
    assert len(told) >= UN_PRECURSORS


def test_names_have_a_kind_and_say_something() -> None:
    names = table("names.csv")
    assert {row["kind"] for row in names} <= NAME_KINDS
    assert [
        row for row in names if row["name"].lower() in ("na", "n/a", "and", "unknown") or "\u200b" in row["name"]
    ] == []
    assert {row["substance"] for row in names if row["kind"] == "preferred"} == IDS


def test_synonyms_are_kept_to_a_measure() -> None:
    held = Counter(
        (row["substance"], row["kind"])
        for row in table("names.csv")
        if row["lang"] == "en" and row["kind"] in ("synonym", "systematic")
    )
    assert max(held.values()) <= 25


@pytest.mark.parametrize(
    ("substance", "name"),
    [
        ("dom", "STP"), ("lefetamine", "SPA"), ("3-4-5-trimethoxyamphetamine", "TMA"), ("alprazolam", "Alprazolam"),
        ("class-fentanyl-related", "芬太尼类物质"), ("fentanyl", "芬太尼"), ("fentanyl", "fentanilo"),
    ],
)  # fmt: skip
def test_a_name_is_of_the_entry_it_means(substance: str, name: str) -> None:
    assert {row["substance"] for row in table("names.csv") if row["name"].casefold() == name.casefold()} == {substance}


@pytest.mark.parametrize("entry", ["alprazolam", "buprenorphine", "procaine", "etorphine", "flurazepam", "xylazine"])
def test_well_known_drugs_have_a_structure(entry: str) -> None:
    assert next(row["smiles"] for row in SUBSTANCES if row["id"] == entry)


def test_no_potency_is_a_bare_multiple() -> None:
    for row in table("potency.csv"):
        assert row["reference"], row
        assert row["assay"], row
        assert row["species"], row
        assert row["quote"], row
