"""How does a structure differ from fentanyl, N-phenyl-N-[1-(2-phenylethyl)piperidin-4-yl]propanamide?

The parts are those the definitions name: the acyl group, the aniline ring, the piperidine ring, the phenethyl group.
A structure can often be laid over fentanyl in several ways; each is a reading, and the rules take the one that fits
best. What has no 4-aminopiperidine, or whose amide nitrogen sits in a ring, has no reading at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from rdkit.Chem import Atom, BondType, Mol, MolFromSmarts

from tocsin.substances.differences import Difference, Reading
from tocsin.substances.groups import group_of, reach
from tocsin.substances.rings import ALKYLENEDIOXY, FUSED, FUSED_AROMATIC, PHENYL, ring_at

_CORE = MolFromSmarts("[#7;!R]-[#6;!a]1-[#6;!a]-[#6;!a]-[#7;!a]-[#6;!a]-[#6;!a]-1")
_NOT_MONOCYCLES = frozenset({FUSED_AROMATIC, FUSED, ALKYLENEDIOXY})


@dataclass(frozen=True, slots=True)
class _Core:
    """The amide nitrogen, the piperidine ring beginning at its position 4, and the ring's nitrogen."""

    amide: int
    ring: tuple[int, ...]
    nitrogen: int

    @property
    def atoms(self) -> frozenset[int]:
        return frozenset((self.amide, *self.ring))


def readings(mol: Mol) -> tuple[Reading, ...]:
    """Every way to lay ``mol`` over fentanyl; empty when it has no such skeleton. ``mol`` is neutral and sanitized."""
    found: dict[frozenset[int], tuple[int, list[Reading]]] = {}
    for amide, c4, c3, c2, nitrogen, c6, c5 in mol.GetSubstructMatches(_CORE, uniquify=False):
        core = _Core(amide, (c4, c3, c2, nitrogen, c6, c5), nitrogen)
        if core.atoms not in found or found[core.atoms][0] != core.amide:
            found[core.atoms] = (amide, list(_read(mol, core)))
    return tuple(reading for _, many in found.values() for reading in many)


def _read(mol: Mol, core: _Core) -> Iterator[Reading]:
    piperidine = tuple(_piperidine(mol, core))
    outer = [atom.GetIdx() for atom in mol.GetAtomWithIdx(core.amide).GetNeighbors() if atom.GetIdx() != core.ring[0]]
    if len(outer) > 2:
        return
    skeleton = (core.amide, *core.ring)
    for anilide in _anilides(mol, core, outer):
        for tail in _tails(mol, core):
            yield Reading(skeleton, (*anilide, *piperidine, *tail))


def _anilides(mol: Mol, core: _Core, outer: list[int]) -> Iterator[tuple[Difference, ...]]:
    """What the amide nitrogen bears, with each of its two groups in turn taken for the aniline ring."""
    if len(outer) < 2:
        for ring in outer or [-1]:
            aryl = tuple(_aryl(mol, core, ring)) if ring >= 0 else (Difference("aniline ring", "none", (core.amide,)),)
            yield (Difference("acyl", "hydrogen", (core.amide,)), *aryl)
        return
    for ring, acyl in permutations(outer):
        if mol.GetAtomWithIdx(ring).GetIsAromatic() or not mol.GetAtomWithIdx(acyl).GetIsAromatic():
            yield (*_acyl(mol, core, acyl), *_aryl(mol, core, ring))


def _acyl(mol: Mol, core: _Core, root: int) -> Iterator[Difference]:
    atoms = reach(mol, root, core.atoms)
    change = _acyl_kind(mol, mol.GetAtomWithIdx(root), core.amide)
    propionyl = change == "another acyl" and len(atoms) == 4 and _is_ethyl(mol, root, core.amide)
    if not propionyl:
        yield Difference("acyl", change, atoms)


def _acyl_kind(mol: Mol, root: Atom, amide: int) -> str:
    double = {
        other.GetAtomicNum()
        for other in root.GetNeighbors()
        if mol.GetBondBetweenAtoms(root.GetIdx(), other.GetIdx()).GetBondType() == BondType.DOUBLE
    }
    if root.GetAtomicNum() == 16 and 8 in double:
        return "sulfonyl"
    if root.GetAtomicNum() != 6 or root.GetIsAromatic() or not double & {8, 16}:
        return "not an acyl"
    if 16 in double:
        return "thioacyl"
    third = [o.GetAtomicNum() for o in root.GetNeighbors() if o.GetIdx() != amide and not _oxo(mol, root, o)]
    return {(): "formyl", (7,): "carbamoyl", (8,): "alkoxycarbonyl"}.get(tuple(third), "another acyl")


def _oxo(mol: Mol, root: Atom, other: Atom) -> bool:
    bond = mol.GetBondBetweenAtoms(root.GetIdx(), other.GetIdx())
    return bool(other.GetAtomicNum() == 8 and bond.GetBondType() == BondType.DOUBLE)


def _is_ethyl(mol: Mol, root: int, amide: int) -> bool:
    chain = [o for o in mol.GetAtomWithIdx(root).GetNeighbors() if o.GetIdx() != amide and o.GetAtomicNum() == 6]
    return (
        len(chain) == 1 and chain[0].GetTotalNumHs() == 2 and chain[0].GetDegree() == 2 and not _unsaturated(chain[0])
    )


def _unsaturated(atom: Atom) -> bool:
    return any(bond.GetBondType() not in (BondType.SINGLE,) for bond in atom.GetBonds())


def _aryl(mol: Mol, core: _Core, root: int) -> Iterator[Difference]:
    atoms = reach(mol, root, core.atoms)
    ring = ring_at(mol, root, core.amide) if mol.GetAtomWithIdx(root).GetIsAromatic() else None
    if ring is None or not ring.aromatic:
        yield Difference("aniline ring", "not aromatic", atoms)
    elif ring.kind != PHENYL:
        yield Difference("aniline ring", ring.kind, atoms)
    else:
        yield from _on_ring(mol, ring.atoms, root, core.atoms, "aniline ring substituent")


def _on_ring(mol: Mol, ring: tuple[int, ...], root: int, walls: frozenset[int], part: str) -> Iterator[Difference]:
    """What a benzene ring bears besides the bond it hangs on."""
    for index in ring:
        for other in mol.GetAtomWithIdx(index).GetNeighbors():
            if other.GetIdx() in ring or (index == root and other.GetIdx() in walls):
                continue
            group = group_of(mol, index, other.GetIdx(), set(ring) | walls)
            yield Difference(part, group.name, group.atoms, group.carbons)


def _piperidine(mol: Mol, core: _Core) -> Iterator[Difference]:
    """What the piperidine ring bears at its carbon atoms, and on its nitrogen besides one group."""
    ring = set(core.ring)
    for index in core.ring:
        atom = mol.GetAtomWithIdx(index)
        if index == core.nitrogen:
            yield from _charged_nitrogen(atom, ring)
            continue
        for other in atom.GetNeighbors():
            if other.GetIdx() in ring or other.GetIdx() == core.amide:
                continue
            group = group_of(mol, index, other.GetIdx(), core.atoms)
            part = "piperidine 4-position" if index == core.ring[0] else "piperidine"
            change = "bridge" if _touches(mol, group.atoms, ring - {index}) else group.name
            yield Difference(part, change, group.atoms, group.carbons)


def _touches(mol: Mol, atoms: tuple[int, ...], targets: set[int]) -> bool:
    return any(o.GetIdx() in targets for index in atoms for o in mol.GetAtomWithIdx(index).GetNeighbors())


def _charged_nitrogen(nitrogen: Atom, ring: set[int]) -> Iterator[Difference]:
    outer = [other for other in nitrogen.GetNeighbors() if other.GetIdx() not in ring]
    oxygens = [other for other in outer if other.GetAtomicNum() == 8 and other.GetDegree() == 1]
    if oxygens:
        yield Difference("piperidine nitrogen", "oxide", (oxygens[0].GetIdx(),))
    elif len(outer) > 1:
        yield Difference("piperidine nitrogen", "quaternary", (nitrogen.GetIdx(),))


def _tails(mol: Mol, core: _Core) -> Iterator[tuple[Difference, ...]]:
    """What the piperidine nitrogen bears: fentanyl's phenethyl, a changed one, or another group."""
    ring = set(core.ring)
    outer = [o for o in mol.GetAtomWithIdx(core.nitrogen).GetNeighbors() if o.GetIdx() not in ring]
    roots = [o.GetIdx() for o in outer if not (o.GetAtomicNum() == 8 and o.GetDegree() == 1)]
    if not roots:
        yield (Difference("phenethyl", "hydrogen", (core.nitrogen,)),)
        return
    for root in roots:
        atoms = reach(mol, root, core.atoms)
        if _touches(mol, atoms, {core.amide, *core.ring} - {core.nitrogen}):
            yield (Difference("phenethyl", "joined to the skeleton", atoms),)
            continue
        found = list(_phenethyls(mol, core, root))
        yield from found or [(Difference("phenethyl", "another group", atoms),)]


def _phenethyls(mol: Mol, core: _Core, first: int) -> Iterator[tuple[Difference, ...]]:
    """The group on the nitrogen read as nitrogen, carbon, carbon, ring."""
    if not _chain_carbon(mol, first):
        return
    for second in mol.GetAtomWithIdx(first).GetNeighbors():
        if second.GetIdx() == core.nitrogen or not _chain_carbon(mol, second.GetIdx()):
            continue
        if mol.GetBondBetweenAtoms(first, second.GetIdx()).GetBondType() != BondType.SINGLE:
            continue
        for third in second.GetNeighbors():
            if third.GetIdx() != first and ring_at(mol, third.GetIdx(), second.GetIdx()) is not None:
                yield tuple(_phenethyl(mol, core, first, second.GetIdx(), third.GetIdx()))


def _chain_carbon(mol: Mol, index: int) -> bool:
    atom = mol.GetAtomWithIdx(index)
    return bool(atom.GetAtomicNum() == 6 and not atom.GetIsAromatic())


def _phenethyl(mol: Mol, core: _Core, first: int, second: int, third: int) -> Iterator[Difference]:
    ring = ring_at(mol, third, second)
    assert ring is not None
    if {first, second} & {index for one in mol.GetRingInfo().AtomRings() for index in one}:
        yield Difference("phenethyl", "chain in a ring", (first, second))
        return
    walls = core.atoms | {first, second, *ring.atoms}
    for carbon, known in ((first, {core.nitrogen, second}), (second, {first, third})):
        for other in mol.GetAtomWithIdx(carbon).GetNeighbors():
            if other.GetIdx() not in known:
                group = group_of(mol, carbon, other.GetIdx(), walls)
                yield Difference("phenethyl chain substituent", group.name, group.atoms, group.carbons)
    if ring.kind == PHENYL:
        yield from _on_ring(mol, ring.atoms, third, frozenset({second}), "phenethyl ring substituent")
    else:
        where = reach(mol, third, {second})
        yield Difference("phenethyl ring", ring.kind, where)
