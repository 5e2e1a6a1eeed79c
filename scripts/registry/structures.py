"""What kind of drug a structure is, where that can be told from the structure itself."""

from __future__ import annotations

from rdkit import Chem

from tocsin.substances import fentanyl, nitazene
from tocsin.substances.differences import Reading

_CANNABINOID = Chem.MolFromSmarts("[CX4;!$([CH3])]-n1[c,n]c(-C(=O))c2[c,n]cccc12")
_SERIES = {"1": "stimulant", "2": "sedative", "4": "anabolic steroid", "7": "hallucinogen", "9": "other opioid"}
_NO_OPIOIDS = frozenset({"9040", "9041", "9180"})
"""Coca, cocaine and ecgonine, which the statute calls narcotics."""


def drug_class(mol: Chem.Mol, dea: list[str]) -> str:
    """The class by skeleton; else by the series of the DEA number (1 stimulants, 2 depressants, 7 hallucinogens, 9 narcotics)."""
    if any(_acylated(reading) for reading in fentanyl.readings(mol)):
        return "fentanyl"
    if nitazene.readings(mol):
        return "nitazene"
    if _is_benzodiazepine(mol):
        return "benzodiazepine"
    if mol.HasSubstructMatch(_CANNABINOID):
        return "cannabinoid"
    return series_class(dea[0]) if dea else ""


def series_class(number: str) -> str:
    """The class that the series of a DEA number stands for; nothing where it says nothing."""
    return "stimulant" if number in _NO_OPIOIDS else _SERIES.get(number[0], "")


def _acylated(reading: Reading) -> bool:
    changes = {(one.part, one.change) for one in reading.differences}
    bare = {("acyl", "hydrogen"), ("acyl", "not an acyl"), ("aniline ring", "not aromatic"), ("aniline ring", "none")}
    return not changes & (bare | {("aniline ring", "fused aromatic rings")})


def _is_benzodiazepine(mol: Chem.Mol) -> bool:
    """A seven-membered ring with two nitrogen atoms, fused to an aromatic ring and bearing another."""
    rings = [set(ring) for ring in mol.GetRingInfo().AtomRings()]
    aromatic = [ring for ring in rings if all(mol.GetAtomWithIdx(i).GetIsAromatic() for i in ring)]
    for ring in rings:
        nitrogens = sum(mol.GetAtomWithIdx(index).GetAtomicNum() == 7 for index in ring)
        if len(ring) != 7 or nitrogens != 2 or not any(len(ring & other) == 2 for other in aromatic):
            continue
        outer = {n.GetIdx() for i in ring for n in mol.GetAtomWithIdx(i).GetNeighbors()} - ring
        if any(outer & other and not ring & other for other in aromatic):
            return True
    return False
