"""Can this structure meet any rule at all? A cheap test on a SMILES that is parsed but not yet perceived.

Perceiving rings and aromaticity costs five times the parse, and of a catalogue hardly one row in a hundred has the
ring system a definition speaks of. The gates (``data/gates.csv``) name atoms and any bond between them, so aromatic
and Kekulé forms, charges and labels pass alike. Entries of the registry pass by their molecular formula and then by
their graph of elements, which bond orders, charges and movable hydrogens leave alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rdkit import Chem
from rdkit.Chem import Mol
from rdkit.Chem.rdMolDescriptors import CalcMolFormula
from rdkit.Chem.rdMolHash import HashFunction, MolHash

from tocsin.records.data_files import data_rows
from tocsin.substances.registry import formulas, registry
from tocsin.substances.rules import Rule
from tocsin.substances.structures import MAX_ATOMS, MAX_TEXT, read_smiles

_PARTS, _HYDROGEN = re.compile(r"[A-Z][a-z]?\d*"), re.compile(r"H\d*")
_LABELLED = re.compile(r"\[\d|\[H\]")
_NEEDS_READING = frozenset(">*{|")
_PARSER = Chem.SmilesParserParams()
_PARSER.sanitize = False  # type: ignore[assignment]
_PARSER.removeHs = False  # type: ignore[assignment]


class Gate:
    """The gates of some rules, and the formulas of the registry when any of them goes by entry."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        many = tuple(rules)
        wanted = {rule.skeleton for rule in many} | {rule.rule for rule in many}
        self._patterns = tuple(gate for name, gate in _gates().items() if name in wanted)
        by_entry = any(rule.skeleton == "names" or rule.skeleton.startswith("class:") for rule in many)
        self._formulas = _formulas() if by_entry else frozenset()

    def passes(self, smiles: str) -> bool:
        """False only where no rule can be met; true where a full reading is needed, also to say what is wrong."""
        if len(smiles) > MAX_TEXT or not _NEEDS_READING.isdisjoint(smiles):
            return True
        mol = Chem.MolFromSmiles(smiles, _PARSER)
        if mol is None or not 0 < mol.GetNumHeavyAtoms() <= MAX_ATOMS:
            return True
        nitrogens = smiles.count("N") + smiles.count("n")
        if any(nitrogens >= least and mol.HasSubstructMatch(pattern) for pattern, least in self._patterns):
            return True
        try:
            mol.UpdatePropertyCache(strict=True)
        except ValueError:
            return True
        return bool(self._formulas) and self._may_be_entry(mol, smiles)

    def _may_be_entry(self, mol: Mol, smiles: str) -> bool:
        """Forms that differ from the entry in charge or hydrogen are compared without their hydrogens."""
        if _LABELLED.search(smiles):
            return any(_heavy(CalcMolFormula(one)) in self._formulas for one in _pieces(mol))
        if "." in smiles or ("[" in smiles and ("+" in smiles or "-" in smiles)):
            return any(_heavy(CalcMolFormula(one)) in self._formulas and _is_known(one) for one in _pieces(mol))
        return CalcMolFormula(mol) in self._formulas and _is_known(mol)


def _pieces(mol: Mol) -> tuple[Mol, ...]:
    return tuple(Chem.GetMolFrags(mol, asMols=True, sanitizeFrags=False))


def _is_known(mol: Mol) -> bool:
    return _graph(mol) in _graphs()


def _graph(mol: Mol) -> str:
    """Which element is bonded to which: all that is left without bond orders, charges and hydrogens."""
    mol.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(mol)
    return str(MolHash(mol, HashFunction.ElementGraph))


@cache
def _graphs() -> frozenset[str]:
    """The graphs of the registry's entries."""
    parents = (read_smiles(one.smiles).components[0] for one in registry().substances.values() if one.smiles)
    return frozenset(_graph(parent) for parent in parents)


def _heavy(formula: str) -> str:
    """A formula without its hydrogens and charge."""
    return "".join(part for part in _PARTS.findall(formula) if not _HYDROGEN.fullmatch(part))


@cache
def _gates() -> dict[str, tuple[Mol, int]]:
    """The pattern of each gate, and how many nitrogen atoms it needs."""
    return {
        row["skeleton"]: (Chem.MolFromSmarts(row["gate"]), int(row["nitrogens"]))
        for row in data_rows("substances", "gates.csv")
    }


@cache
def _formulas() -> frozenset[str]:
    """Formulas of the registry's entries, whole and without hydrogen."""
    return formulas() | {_heavy(formula) for formula in formulas()}
