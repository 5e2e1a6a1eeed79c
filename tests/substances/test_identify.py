"""What people type, and what it is: names in every script, numbers, structures, codes; collisions are told."""

import csv
import re
from pathlib import Path

import pytest
from rdkit import Chem

from tocsin.errors import InputError, NotFoundError
from tocsin.substances import identify, registry
from tocsin.substances.cas import is_valid
from tocsin.substances.resolving import resolved

SHARED = Path(__file__).parents[3] / "shared" / "data"
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the publishers' files are not beside the checkout")


def entries(query: str) -> set[str]:
    return {one.substance for one in identify(query).candidates}


@pytest.mark.parametrize(
    "query",
    ["fentanyl", "FENTANYL", " Fentanyl ", "phentanyl", "fentynal", "芬太尼", "fentanilo", "фентанил", "fentanyl citrate",
     "fentanyl hydrochloride", "437-38-7", "CAS 437‐38‐7", "PJMPHNIQZUBGLI-UHFFFAOYSA-N", "PJMPHNIQZUBGLI", FENTANYL,
     FENTANYL + ".Cl", "UF599785JZ", Chem.MolToInchi(Chem.MolFromSmiles(FENTANYL)),
     Chem.MolToMolBlock(Chem.MolFromSmiles(FENTANYL))],
)  # fmt: skip
def test_fentanyl_by_any_name(query: str) -> None:
    assert entries(query) == {"fentanyl"}


@pytest.mark.parametrize(
    ("query", "entry"),
    [("4-AP", "4-ap"), ("NPP", "npp"), ("ANPP", "anpp"), ("乙酰芬太尼", "acetylfentanyl"), ("carfentanyl", "carfentanil"),
     ("pill press", "tablet-press"), ("压片机", "tablet-press"), ("2933.36", "anpp"), ("HS 2933.37", "npp"), ("DEA 2789", "2-chlorodiazepam")],
)  # fmt: skip
def test_other_names_and_codes(query: str, entry: str) -> None:
    assert entry in entries(query)


def test_traditional_han_characters_are_read_as_simplified_ones() -> None:
    assert entries("壓片機") == entries("压片机") == {"tablet-press"}
    assert entries("鹽酸芬太尼") == entries("盐酸芬太尼") == {"fentanyl"}


def test_a_collision_returns_every_entry_and_guesses_none() -> None:
    assert len({registry().get(one).inchikey[:14] for one in entries("3-methylthiofentanyl")}) >= 3
    white = identify("China White")
    assert len(white.candidates) > 1 and "fentanyl" in entries("China White")


def test_street_names_carry_their_ambiguity() -> None:
    assert "common word" in identify("Apache").candidates[0].note


def test_short_names_are_not_repaired() -> None:
    with pytest.raises(NotFoundError, match="nothing is known"):
        identify("MDMX")


def test_a_wrong_cas_number_is_refused_with_the_right_one() -> None:
    with pytest.raises(InputError, match="1609-66-1"):
        identify("1609-66-5")
    with pytest.raises(InputError, match="check digit is wrong"):
        identify("999-99-9")


@pytest.mark.parametrize(
    "query", ["", "   ", "nosuchsubstance", "никакое", "ありません", "7732-18-5", "AAAAAAAAAAAAAA-UHFFFAOYSA-N"]
)
def test_what_is_not_known_is_said_in_one_line(query: str) -> None:
    with pytest.raises((InputError, NotFoundError)) as caught:
        identify(query)
    assert "\n" not in caught.value.line()


def test_a_new_structure_is_told_as_such_with_what_was_set_aside() -> None:
    found = identify("CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1.CCCCCCCCN")
    assert len(found.structure.components if found.structure else ()) == 2
    new = identify("CCCCCCCCCCCCCCCCCN.Cl")
    assert new.candidates == () and "hydrochloride set aside (salt)" in new.notes


def test_stereochemistry_that_is_not_given_is_a_doubt() -> None:
    flat = identify("CNC(C)C(O)c1ccccc1")
    assert flat.candidates and all(one.note for one in flat.candidates)


def test_names_of_sources_are_resolved_or_listed() -> None:
    found = resolved(["Fentanyl", "no such thing", "3-Methylthiofentanyl"])
    assert [one.is_resolved for one in found] == [False, False, True]
    assert found[-1].substances == ("fentanyl",)


@needs_shared
def test_every_precursor_of_the_1988_tables_is_one_entry_by_name_and_number() -> None:
    with (SHARED / "substances" / "precursors_un1988.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 51
    assert [(row["name"], entries(row["name"])) for row in rows if len(entries(row["name"])) != 1] == []
    assert [row["name"] for row in rows if row["cas"] and entries(row["cas"]) != entries(row["name"])] == []


@needs_shared
def test_every_multilingual_name_is_one_entry() -> None:
    with (SHARED / "substances" / "names_multilingual.csv").open(encoding="utf-8") as file:
        names = [name for row in csv.DictReader(file) for name in row["name"].split("; ")]
    assert [(name, entries(name)) for name in names if len(entries(name)) != 1] == []


@needs_shared
def test_every_right_cas_number_is_one_entry() -> None:
    wrong = []
    for path in sorted((SHARED / "substances").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                scraped = row.get("sources", "").startswith("Cayman") and " | " not in row.get("sources", "")
                cells = [value for name, value in row.items() if name.startswith("cas") and name != "cas_check"]
                for number in re.findall(r"\d{2,7}-\d\d-\d", " ".join(filter(None, cells))):
                    if not scraped and is_valid(number) and len(entries(number)) != 1:
                        wrong.append((number, row))
    assert wrong == []


@needs_shared
def test_names_of_the_laboratories_are_resolved_but_for_a_few_collisions() -> None:
    names = set()
    for path in (SHARED / "nflis").glob("NFLIS*.csv"):
        with path.open(encoding="utf-8") as file:
            names |= {row["BASE_DESCRIPTION"].strip() for row in csv.DictReader(file)}
    unresolved = [one for one in resolved(names) if not one.is_resolved]
    assert len(names) > 120 and len(unresolved) <= 6 and all(one.substances for one in unresolved)
