"""What kind of drug a structure is, where that can be told from the structure itself."""

from __future__ import annotations

import re

from rdkit import Chem

from tocsin.substances import fentanyl, nitazene
from tocsin.substances.differences import Reading

_CANNABINOID = Chem.MolFromSmarts("[CX4;!$([CH3])]-n1[c,n]c(-C(=O))c2[c,n]cccc12")
_DISSOCIATIVE = Chem.MolFromSmarts("c[CX4]1([NX3])[CH2,$(C=O)][CH2][CH2][CH2][CH2]1")
_SERIES = {"1": "stimulant", "2": "sedative", "4": "anabolic steroid", "9": "other opioid"}
_PARAGRAPHS = {
    ("I", "b"): "9", ("I", "c"): "9", ("I", "d"): "7", ("I", "e"): "2", ("I", "f"): "1", ("I", "g"): "7",
    ("II", "b"): "9", ("II", "c"): "9", ("II", "d"): "1", ("II", "e"): "2", ("III", "b"): "1", ("III", "c"): "2",
    ("III", "e"): "9", ("III", "f"): "4", ("IV", "b"): "9", ("IV", "c"): "2", ("IV", "f"): "1",
}  # fmt: skip
_CODES = dict.fromkeys(("7350", "7360", "7365", "7369", "7370", "7379"), "cannabinoid")
_CODES |= dict.fromkeys(("9040", "9041", "9180"), "stimulant") | {"9400": ""}
"""Cannabis and its relatives; coca, cocaine and ecgonine, which the statute calls narcotics; opiate antagonists."""


def drug_class(mol: Chem.Mol, dea: list[str]) -> str:
    """The class by skeleton; else by the series of the DEA number (1 stimulants, 2 depressants, 9 narcotics)."""
    if any(_acylated(reading) for reading in fentanyl.readings(mol)):
        return "fentanyl"
    if nitazene.readings(mol):
        return "nitazene"
    if _is_benzodiazepine(mol):
        return "benzodiazepine"
    if mol.HasSubstructMatch(_CANNABINOID):
        return "cannabinoid"
    if mol.HasSubstructMatch(_DISSOCIATIVE):
        return "dissociative"
    return _CODES.get(dea[0], _SERIES.get(dea[0][0], "")) if dea else ""


def listed_class(schedule: str, item: str) -> tuple[str, str]:
    """DEA number and drug class told by an item of 21 CFR 1308, as ``(b)(1) 9815``.

    The class is told where the paragraph, such as opiates or stimulants, and the number's series say the same: the
    series of hallucinogens holds the cannabimimetic agents and some stimulants, too.
    """
    found = re.match(r"\((\w)\).* (\d{4})$", item)
    if found is None:
        return "", ""
    series = _PARAGRAPHS.get((schedule, found[1]), "none")
    meant = _SERIES.get(series, "cannabinoid" if found[1] == "g" else "hallucinogen")
    return found[2], _CODES.get(found[2], meant if found[2].startswith(series) else "")


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
