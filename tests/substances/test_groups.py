"""Substituents by the names definitions use."""

import pytest
from rdkit import Chem

from tocsin.substances.groups import group_of
from tocsin.substances.rings import ring_at


@pytest.mark.parametrize(
    ("substituent", "name", "carbons"),
    [
        ("C", "alkyl", 1), ("CC(C)C", "alkyl", 4), ("C=C", "alkenyl", 2), ("C#C", "alkynyl", 2), ("C1CC1", "cycloalkyl", 3),
        ("c1ccccc1", "aryl", 6), ("Cc1ccccc1", "aralkyl", 7), ("F", "halo", 0), ("Br", "halo", 0), ("O", "hydroxyl", 0),
        ("OC", "alkoxy", 1), ("OC(C)C", "alkoxy", 3), ("OC(F)(F)F", "trifluoromethoxy", 1), ("OCC(F)F", "haloalkoxy", 2),
        ("Oc1ccccc1", "ether", 6), ("OC(C)=O", "acyloxy", 2), ("C(=O)OC", "alkoxycarbonyl", 2), ("C(=O)O", "carboxyl", 1),
        ("C(N)=O", "carboxamide", 1), ("C(C)=O", "acyl", 2), ("C(F)(F)F", "trifluoromethyl", 1), ("CCl", "haloalkyl", 1),
        ("N", "amino", 0), ("N(C)C", "substituted amino", 2), ("NC(C)=O", "acylamino", 2), ("[N+](=O)[O-]", "nitro", 0),
        ("C#N", "cyano", 1), ("COC", "alkoxyalkyl", 2), ("CO", "hydroxyalkyl", 1), ("SC", "alkylthio", 1),
        ("S(C)(=O)=O", "alkylsulfonyl", 1), ("S", "thiol", 0), ("COC(C)=O", "acyloxyalkyl", 3), ("[Si](C)(C)C", "other", 3),
    ],
)  # fmt: skip
def test_a_group_has_its_name(substituent: str, name: str, carbons: int) -> None:
    mol = Chem.MolFromSmiles("[SiH3]" + substituent)
    group = group_of(mol, 0, 1, ())
    assert (group.name, group.carbons) == (name, carbons)
    assert group.atoms == tuple(range(1, mol.GetNumAtoms()))


def test_a_double_bond_makes_it_oxo_or_alkylidene() -> None:
    assert group_of(Chem.MolFromSmiles("C(=O)(C)C"), 0, 1, {2, 3}).name == "oxo"
    assert group_of(Chem.MolFromSmiles("C(=C)(C)C"), 0, 1, {2, 3}).name == "alkylidene"


@pytest.mark.parametrize(
    ("ring", "kind", "aromatic"),
    [
        ("c1ccccc1", "phenyl", True), ("c1cccs1", "heteromonocycle", True), ("C1CCCCC1", "carbomonocycle", False),
        ("C1CCOCC1", "heteromonocycle", False), ("c1ccc2ccccc2c1", "fused aromatic rings", True),
        ("c1ccc2c(c1)OCO2", "alkylenedioxy ring", True), ("c1ccc2c(c1)OCCO2", "alkylenedioxy ring", True),
        ("c1ccc2c(c1)OCC2", "fused rings", True), ("c1ccc2c(c1)CCC2", "fused rings", True),
    ],
)  # fmt: skip
def test_a_ring_has_its_kind(ring: str, kind: str, aromatic: bool) -> None:
    found = ring_at(Chem.MolFromSmiles("[SiH3]" + ring), 1, 0)
    assert found is not None and (found.kind, found.aromatic) == (kind, aromatic)


def test_an_atom_outside_rings_has_none() -> None:
    assert ring_at(Chem.MolFromSmiles("CCC"), 1, 0) is None
