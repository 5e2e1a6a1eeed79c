"""What kind of ring is bonded here: phenyl, another monocycle, or one that is fused to a further ring?"""

from __future__ import annotations

from dataclasses import dataclass

from rdkit.Chem import Mol

PHENYL, HETERO, CARBO = "phenyl", "heteromonocycle", "carbomonocycle"
FUSED_AROMATIC, FUSED, ALKYLENEDIOXY = "fused aromatic rings", "fused rings", "alkylenedioxy ring"


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring by kind, whether it is aromatic, and its atoms."""

    kind: str
    aromatic: bool
    atoms: tuple[int, ...]


def ring_at(mol: Mol, atom: int, without: int) -> Ring | None:
    """The smallest ring that ``atom`` is in and ``without`` is not; None where there is none."""
    rings = [frozenset(ring) for ring in mol.GetRingInfo().AtomRings()]
    here = [ring for ring in rings if atom in ring and without not in ring]
    if not here:
        return None
    ring = min(here, key=lambda one: (not _aromatic(mol, one), len(one), sorted(one)))
    others = [other for other in rings if other != ring and other & ring]
    return Ring(_kind(mol, ring, others), _aromatic(mol, ring), tuple(sorted(ring)))


def _aromatic(mol: Mol, ring: frozenset[int]) -> bool:
    return all(mol.GetAtomWithIdx(index).GetIsAromatic() for index in ring)


def _kind(mol: Mol, ring: frozenset[int], others: list[frozenset[int]]) -> str:
    if others:
        if all(_aromatic(mol, other) for other in others) and _aromatic(mol, ring):
            return FUSED_AROMATIC
        return ALKYLENEDIOXY if all(_dioxy(mol, other, ring) for other in others) else FUSED
    elements = {mol.GetAtomWithIdx(index).GetAtomicNum() for index in ring}
    if elements != {6}:
        return HETERO
    return PHENYL if len(ring) == 6 and _aromatic(mol, ring) else CARBO


def _dioxy(mol: Mol, other: frozenset[int], ring: frozenset[int]) -> bool:
    """Whether the fused ring is O-(CH2)n-O on two neighbouring ring atoms."""
    bridge = [mol.GetAtomWithIdx(index) for index in other - ring]
    oxygens = [atom for atom in bridge if atom.GetAtomicNum() == 8]
    on_ring = [o for o in oxygens if any(n.GetIdx() in ring for n in o.GetNeighbors())]
    return len(on_ring) == len(oxygens) == 2 and all(a.GetAtomicNum() in (6, 8) for a in bridge)
