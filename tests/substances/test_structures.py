"""Reading structures: what is set aside is said, what cannot be read is told in one line, and nothing hangs."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from tocsin.errors import InputError
from tocsin.substances.structures import read_inchi, read_molblock, read_smiles, skeleton_key

FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
KEY = "PJMPHNIQZUBGLI"


@pytest.mark.parametrize(
    ("smiles", "note"),
    [
        (FENTANYL + ".Cl", "chloride"),
        ("CCC(=O)N(c1ccccc1)C1CC[NH+](CCc2ccccc2)CC1.[Cl-]", "charge set aside"),
        (FENTANYL + ".OC(=O)CC(O)(C(=O)O)CC(=O)O", "citrate set aside (salt)"),
        (FENTANYL + ".O.O", "water set aside (solvate)"),
        ("[2H]C([2H])([2H])CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1".replace("CCC", "CC", 1), "isotope labels set aside"),
        ("CCC(=O)N(C1=CC=CC=C1)C1CCN(CCC2=CC=CC=C2)CC1", ""),
    ],
)
def test_every_form_of_fentanyl_is_fentanyl(smiles: str, note: str) -> None:
    structure = read_smiles(smiles)
    assert [skeleton_key(mol) for mol in structure.components] == [KEY]
    assert note in "; ".join(structure.notes)


def test_inchi_and_mol_block_are_read_too() -> None:
    mol = Chem.MolFromSmiles(FENTANYL)
    assert skeleton_key(read_inchi(Chem.MolToInchi(mol)).components[0]) == KEY
    assert skeleton_key(read_molblock(Chem.MolToMolBlock(mol)).components[0]) == KEY


def test_a_mixture_keeps_its_components_and_a_lone_counter_ion_is_itself() -> None:
    assert len(read_smiles(FENTANYL + ".Cc1cccc(C)c1NC1=NCCCS1").components) == 2
    assert len(read_smiles(f"{FENTANYL}.{FENTANYL}").components) == 1
    assert Chem.MolToSmiles(read_smiles("Cl").components[0]) == "Cl"


def test_a_quaternary_ammonium_keeps_its_charge_and_says_so() -> None:
    assert "a charge that no hydrogen explains is kept" in read_smiles("C[N+](C)(C)C.[I-]").notes


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("", "empty"),
        ("C1CC", "not a valid SMILES"),
        ("CCO>>CC=O", "a reaction"),
        ("C*", "open positions"),
        ("[R1]CC", "not a valid SMILES"),
        ("C" * 5000, "5,000 heavy atoms"),
        ("C" * 30_000, "30,000 characters"),
        ("C(C)(C)(C)(C)C", "not a possible structure"),
        ("c1cccc1", "not a possible structure"),
        ("CC |Sg:n:0,1::ht|", "a polymer"),
        ("{[$]CC[$]}", "a polymer"),
        ("芬太尼", "not a valid SMILES"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(smiles: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read_smiles(smiles)
    assert "\n" not in caught.value.line()


@pytest.mark.parametrize("text", ["", "M  END", "a\nb\nc\n  1  0  0\nM  END", "\n\n\n999999V2000\nM  END"])
def test_broken_mol_blocks_are_told(text: str) -> None:
    with pytest.raises(InputError):
        read_molblock(text)


@given(st.text(alphabet="CNOSclnos()[]=#123456789+-@/\\.%*H>{}|", max_size=60))
@settings(max_examples=500, deadline=None)
def test_no_text_crashes_or_hangs_the_reader(text: str) -> None:
    start, lines = time.monotonic(), [""]
    try:
        read_smiles(text)
    except InputError as error:
        lines = error.line().splitlines()
    assert len(lines) == 1
    assert time.monotonic() - start < 5


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_text_crashes_the_mol_block_reader(text: str) -> None:
    with pytest.raises(InputError):
        read_molblock(text + "\nM  END\n" if text.strip() else text)
