"""What is this substituent called in a definition's words: alkyl, alkoxy, halo, ester …?

Names follow IUPAC's Glossary of Class Names (1995). A name says what the group is, never whether a law means it: that
is the table ``data/clauses.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rdkit.Chem import Atom, BondType, Mol

_HALOGENS = frozenset({9, 17, 35, 53})
_CARBON, _NITROGEN, _OXYGEN, _SULFUR = 6, 7, 8, 16


@dataclass(frozen=True, slots=True)
class Group:
    """A substituent: its name, how many carbon atoms it has, and its atoms in the structure."""

    name: str
    carbons: int
    atoms: tuple[int, ...]


def reach(mol: Mol, root: int, walls: Iterable[int]) -> tuple[int, ...]:
    """The atoms that hang on ``root`` without passing one of ``walls``, ``root`` included, in rising order."""
    seen, todo = {root, *walls}, [root]
    found = [root]
    while todo:
        for neighbour in mol.GetAtomWithIdx(todo.pop()).GetNeighbors():
            index = neighbour.GetIdx()
            if index not in seen:
                seen.add(index)
                found.append(index)
                todo.append(index)
    return tuple(sorted(found))


def group_of(mol: Mol, anchor: int, root: int, walls: Iterable[int]) -> Group:
    """The substituent that begins at ``root``, bonded to ``anchor``; it does not pass ``walls``."""
    atoms = reach(mol, root, {anchor, *walls})
    members = _Members(mol, anchor, root, atoms)
    return Group(members.name(), members.count(_CARBON), atoms)


class _Members:
    """The atoms and bonds of one substituent, seen from where it is attached."""

    def __init__(self, mol: Mol, anchor: int, root: int, atoms: tuple[int, ...]) -> None:
        self.mol, self.anchor, self.inside = mol, anchor, frozenset(atoms)
        self.root: Atom = mol.GetAtomWithIdx(root)
        self.atoms: list[Atom] = [mol.GetAtomWithIdx(index) for index in atoms]
        self.elements = {atom.GetAtomicNum() for atom in self.atoms}

    def count(self, element: int) -> int:
        return sum(atom.GetAtomicNum() == element for atom in self.atoms)

    def name(self) -> str:
        if self.mol.GetBondBetweenAtoms(self.anchor, self.root.GetIdx()).GetBondType() != BondType.SINGLE:
            return {_OXYGEN: "oxo", _CARBON: "alkylidene"}.get(self.root.GetAtomicNum(), "other")
        if self.root.GetAtomicNum() in _HALOGENS:
            return "halo"
        by_root = {_CARBON: self._on_carbon, _NITROGEN: self._on_nitrogen, _OXYGEN: self._on_oxygen}
        by_root[_SULFUR] = self._on_sulfur
        return by_root.get(self.root.GetAtomicNum(), lambda: "other")()

    def _next(self, atom: Atom) -> list[Atom]:
        return [other for other in atom.GetNeighbors() if other.GetIdx() in self.inside]

    def _double_oxygen(self, atom: Atom) -> bool:
        return any(
            other.GetAtomicNum() == _OXYGEN
            and self.mol.GetBondBetweenAtoms(atom.GetIdx(), other.GetIdx()).GetBondType() == BondType.DOUBLE
            for other in self._next(atom)
        )

    def _bonds(self) -> set[BondType]:
        return {
            bond.GetBondType()
            for bond in self.mol.GetBonds()
            if bond.GetBeginAtomIdx() in self.inside and bond.GetEndAtomIdx() in self.inside
        }

    def _saturated_chain(self) -> bool:
        return self._bonds() <= {BondType.SINGLE} and not any(atom.IsInRing() for atom in self.atoms)

    def _on_carbon(self) -> str:
        if self.elements == {_CARBON}:
            return self._hydrocarbyl()
        if self.elements <= {_CARBON, *_HALOGENS}:
            return self._halogenated("trifluoromethyl", "haloalkyl") if self._saturated_chain() else "other"
        if self.root.GetIsAromatic():
            return "aryl"
        if self._double_oxygen(self.root):
            return self._carbonyl()
        if BondType.TRIPLE in self._bonds() and self.elements == {_CARBON, _NITROGEN}:
            return "cyano" if len(self.atoms) == 2 else "other"
        return self._chain_with_oxygen() if self.elements == {_CARBON, _OXYGEN} else "other"

    def _halogenated(self, all_fluorine: str, otherwise: str) -> str:
        return all_fluorine if self.count(_CARBON) == 1 and self.count(9) == 3 else otherwise

    def _hydrocarbyl(self) -> str:
        bonds = self._bonds()
        if BondType.AROMATIC in bonds:
            return "aryl" if self.root.GetIsAromatic() else "aralkyl"
        if any(atom.IsInRing() for atom in self.atoms):
            return "cycloalkyl" if bonds <= {BondType.SINGLE} else "other"
        if BondType.TRIPLE in bonds:
            return "alkynyl"
        return "alkenyl" if BondType.DOUBLE in bonds else "alkyl"

    def _carbonyl(self) -> str:
        partners = [
            o for o in self._next(self.root) if o.GetAtomicNum() != _OXYGEN or o.GetTotalNumHs() or o.GetDegree() > 1
        ]
        others = [o for o in partners if o.GetAtomicNum() != _CARBON]
        if not others:
            return "acyl"
        if others[0].GetAtomicNum() == _OXYGEN:
            return "carboxyl" if others[0].GetTotalNumHs() else "alkoxycarbonyl"
        return "carboxamide" if others[0].GetAtomicNum() == _NITROGEN else "other"

    def _chain_with_oxygen(self) -> str:
        if any(self._double_oxygen(atom) for atom in self.atoms if atom.GetAtomicNum() == _CARBON):
            return "acyloxyalkyl" if self._has_ester() else "other"
        if not self._saturated_chain():
            return "ether" if self._has_ether() else "other"
        return "alkoxyalkyl" if self._has_ether() else "hydroxyalkyl"

    def _has_ether(self) -> bool:
        return any(atom.GetAtomicNum() == _OXYGEN and atom.GetDegree() == 2 for atom in self.atoms)

    def _has_ester(self) -> bool:
        return any(
            atom.GetAtomicNum() == _OXYGEN
            and atom.GetDegree() == 2
            and any(self._double_oxygen(other) for other in self._next(atom))
            for atom in self.atoms
        )

    def _on_nitrogen(self) -> str:
        if len(self.atoms) == 1:
            return "amino"
        if self.count(_OXYGEN) == 2 and len(self.atoms) == 3:
            return "nitro"
        if any(self._double_oxygen(other) for other in self._next(self.root)):
            return "acylamino"
        plain = self.elements == {_CARBON, _NITROGEN} and self.count(_NITROGEN) == 1
        return "substituted amino" if plain and self._bonds() <= {BondType.SINGLE} else "other"

    def _on_oxygen(self) -> str:
        if len(self.atoms) == 1:
            return "hydroxyl" if self.root.GetTotalNumHs() else "oxide"
        after = self._next(self.root)[0]
        if self._double_oxygen(after):
            return "acyloxy"
        if self.elements == {_OXYGEN, _CARBON} and self.count(_OXYGEN) == 1 and self._saturated_chain():
            return "alkoxy"
        if self.elements <= {_OXYGEN, _CARBON, *_HALOGENS} and self.count(_OXYGEN) == 1 and self._saturated_chain():
            return self._halogenated("trifluoromethoxy", "haloalkoxy")
        return "ether" if after.GetAtomicNum() == _CARBON else "other"

    def _on_sulfur(self) -> str:
        if self.elements == {_SULFUR, _CARBON} and self._saturated_chain():
            return "alkylthio"
        sulfonyl = self.count(_OXYGEN) == 2 and self.elements == {_SULFUR, _CARBON, _OXYGEN}
        if (
            sulfonyl
            and self.root.GetDegree() == 4
            and all(a.GetDegree() == 1 for a in self.atoms if a.GetAtomicNum() == _OXYGEN)
        ):
            return "alkylsulfonyl"
        return "thiol" if len(self.atoms) == 1 else "other"
