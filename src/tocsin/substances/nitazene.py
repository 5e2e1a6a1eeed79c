"""How does a structure differ from etonitazene, 2-[2-(4-ethoxybenzyl)-5-nitro-1H-benzimidazol-1-yl]-N,N-diethylethanamine?

The parts are those the definitions name: the benzimidazole, the bridge to the aromatic group, that group, the
two-carbon linker on nitrogen 1, and the amine at its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdkit.Chem import Atom, BondType, GetShortestPath, Mol, MolFromSmarts

from tocsin.substances.differences import Difference, Reading
from tocsin.substances.groups import Group, group_of, reach
from tocsin.substances.rings import PHENYL, Ring, ring_at

_CORE = MolFromSmarts("[#6;!$(C=O)]-[n]1:c(-[#6,#7,#8,#16]):[n;X2]:c2:c:c:c:c:c:2:1")
_FUSED_PHENYLS = {
    "methylenedioxyphenyl": MolFromSmarts("c1ccc2c(c1)-[O]-[CH2]-[O]-2"),
    "dihydrobenzofuran": MolFromSmarts("c1ccc2c(c1)-[CH2]-[CH2]-[O]-2"),
}
_LINKER = MolFromSmarts("[n;r5]-[#6;!a]-[#6;!a]-[#7,n]")


@dataclass(frozen=True, slots=True)
class _Core:
    """The atoms of benzimidazole, its nitrogen 1, what hangs on that and on carbon 2, and carbons 4 to 7 in order."""

    system: frozenset[int]
    nitrogen: int
    linker: int
    bridge: int
    benzo: tuple[int, ...]


def readings(mol: Mol) -> tuple[Reading, ...]:
    """Every way to lay ``mol`` over etonitazene; empty when it has no such skeleton. ``mol`` is neutral, sanitized."""
    found = []
    for match in mol.GetSubstructMatches(_CORE, uniquify=False):
        linker, nitrogen, _, bridge, _, _, *benzo, _ = match
        core = _Core(frozenset(match) - {linker, bridge}, nitrogen, linker, bridge, tuple(benzo))
        for chain in _chains(mol, core):
            for aryl in _aryls(mol, core):
                skeleton = tuple(sorted((*core.system, linker, bridge)))
                found.append(Reading(skeleton, (*_benzimidazole(mol, core), *aryl, *chain)))
    return tuple(dict.fromkeys(found))


def _benzimidazole(mol: Mol, core: _Core) -> Iterator[Difference]:
    """What the benzo carbons bear; etonitazene bears one nitro at position 5."""
    found = list(_on_benzo(mol, core))
    for place, group in found:
        if _is_fused(mol, core, group):
            yield Difference("benzimidazole", "fused rings", group.atoms)
        else:
            where = "benzimidazole 5- or 6-substituent" if place in (1, 2) else "benzimidazole 4- or 7-substituent"
            yield Difference(where, group.name, group.atoms, group.carbons, place == 1 and group.name == "nitro")
    if len(found) > 1:
        yield Difference("benzimidazole", _pattern(found), core.benzo)
    if not any(place == 1 and group.name == "nitro" for place, group in found):
        yield Difference("benzimidazole", "no 5-nitro", core.benzo)


def _on_benzo(mol: Mol, core: _Core) -> Iterator[tuple[int, Group]]:
    for place, index in enumerate(core.benzo):
        for other in mol.GetAtomWithIdx(index).GetNeighbors():
            if other.GetIdx() not in core.system:
                yield place, group_of(mol, index, other.GetIdx(), core.system)


def _is_fused(mol: Mol, core: _Core, group: Group) -> bool:
    ends = {o.GetIdx() for i in group.atoms for o in mol.GetAtomWithIdx(i).GetNeighbors() if o.GetIdx() in core.system}
    return len(ends) > 1


def _pattern(found: list[tuple[int, Group]]) -> str:
    places = sorted(place for place, _ in found)
    if len(places) > 2:
        return "three or more substituents"
    return "two adjacent substituents" if places[1] - places[0] == 1 else "two substituents apart"


def _aryls(mol: Mol, core: _Core) -> Iterator[tuple[Difference, ...]]:
    """The bridge from carbon 2 to an aromatic ring, of one or two carbon atoms, and the ring."""
    outside = core.system
    bridge = mol.GetAtomWithIdx(core.bridge)
    if bridge.GetIsAromatic():
        yield (Difference("bridge", "none", (core.bridge,)),)
        return
    for path in _paths(bridge, outside):
        for other in path[-1].GetNeighbors():
            if other.GetIsAromatic() and other.GetIdx() not in outside:
                yield (*_bridge(mol, core, path, other.GetIdx()), *_aromatic(mol, core, path, other.GetIdx()))


def _paths(bridge: Atom, outside: frozenset[int]) -> Iterator[tuple[Atom, ...]]:
    """Chains of one, two or three atoms from the bridge's first."""
    level: list[tuple[Atom, ...]] = [(bridge,)]
    for _ in range(3):
        yield from level
        level = [
            (*path, other)
            for path in level
            for other in path[-1].GetNeighbors()
            if not other.GetIsAromatic()
            and other.GetIdx() not in outside
            and other.GetIdx() not in {atom.GetIdx() for atom in path}
        ]


def _bridge(mol: Mol, core: _Core, path: tuple[Atom, ...], aryl: int) -> Iterator[Difference]:
    atoms = tuple(atom.GetIdx() for atom in path)
    groups = list(_beside(mol, core, path, aryl))
    if any(atom.GetAtomicNum() != 6 for atom in path):
        single = len(path) == 1 and not groups and path[0].GetAtomicNum() in (7, 8, 16)
        yield Difference("bridge", "one nitrogen, oxygen or sulfur" if single else "not hydrocarbyl", atoms)
        return
    if len(path) > 2:
        yield Difference("bridge", "three or more atoms", atoms)
        return
    if any(group.name == "oxo" for group in groups):
        yield Difference("bridge", "carbonyl", atoms)
    elif len(path) == 1 and [(g.name, g.carbons) for g in groups] == [("alkyl", 1)]:
        yield Difference("bridge", "methyl-substituted methylene", atoms)
    elif groups or len(path) == 2:
        yield Difference("bridge", "another C1-C2 hydrocarbyl", atoms)


def _beside(mol: Mol, core: _Core, path: tuple[Atom, ...], aryl: int) -> Iterator[Group]:
    walls = {*core.system, aryl, *(atom.GetIdx() for atom in path)}
    for atom in path:
        for other in atom.GetNeighbors():
            if other.GetIdx() not in walls:
                yield group_of(mol, atom.GetIdx(), other.GetIdx(), walls)


def _aromatic(mol: Mol, core: _Core, path: tuple[Atom, ...], root: int) -> Iterator[Difference]:
    ring = ring_at(mol, root, path[-1].GetIdx())
    atoms = reach(mol, root, {path[-1].GetIdx(), *core.system})
    if ring is None:
        return
    if ring.kind != PHENYL:
        yield Difference("aromatic group", _plain_fused(mol, atoms) or ring.kind, atoms)
        return
    groups = list(_on_phenyl(mol, ring, path[-1].GetIdx()))
    ethoxy = _is_ethoxy_at_four(mol, root, groups)
    yield from (Difference("aromatic group substituent", g.name, g.atoms, g.carbons, ethoxy) for _, g in groups)
    if not ethoxy:
        yield Difference("aromatic group", "not 4-ethoxyphenyl", atoms)


def _plain_fused(mol: Mol, atoms: tuple[int, ...]) -> str:
    """The name of an unsubstituted methylenedioxyphenyl or dihydrobenzofuran, or nothing."""
    for name, pattern in _FUSED_PHENYLS.items():
        if any(set(found) == set(atoms) for found in mol.GetSubstructMatches(pattern)):
            return name
    return ""


def _on_phenyl(mol: Mol, ring: Ring, before: int) -> Iterator[tuple[int, Group]]:
    for index in ring.atoms:
        for other in mol.GetAtomWithIdx(index).GetNeighbors():
            if other.GetIdx() not in ring.atoms and other.GetIdx() != before:
                yield index, group_of(mol, index, other.GetIdx(), {*ring.atoms, before})


def _is_ethoxy_at_four(mol: Mol, root: int, groups: list[tuple[int, Group]]) -> bool:
    if len(groups) != 1 or (groups[0][1].name, groups[0][1].carbons) != ("alkoxy", 2):
        return False
    return len(GetShortestPath(mol, root, groups[0][0])) == 4


def _chains(mol: Mol, core: _Core) -> Iterator[tuple[Difference, ...]]:
    """Nitrogen 1, two carbon atoms, and the amine."""
    for match in mol.GetSubstructMatches(_LINKER, uniquify=False):
        if match[0] == core.nitrogen and match[1] == core.linker:
            yield (*_linker(mol, core, match), *_amine(mol, match))


def _linker(mol: Mol, core: _Core, match: tuple[int, ...]) -> Iterator[Difference]:
    _, first, second, amine = match
    if any(mol.GetAtomWithIdx(index).IsInRing() for index in (first, second)):
        yield Difference("linker", "in a ring", (first, second))
        return
    walls = {*core.system, first, second, amine}
    for index in (first, second):
        for other in mol.GetAtomWithIdx(index).GetNeighbors():
            if other.GetIdx() not in walls:
                group = group_of(mol, index, other.GetIdx(), walls)
                yield Difference("linker", group.name, group.atoms)
    if mol.GetBondBetweenAtoms(first, second).GetBondType() != BondType.SINGLE:
        yield Difference("linker", "unsaturated", (first, second))


def _amine(mol: Mol, match: tuple[int, ...]) -> Iterator[Difference]:
    amine, before = mol.GetAtomWithIdx(match[3]), match[2]
    atoms = reach(mol, match[3], {before})
    outer = [o for o in amine.GetNeighbors() if o.GetIdx() != before]
    if amine.GetFormalCharge() or any(o.GetAtomicNum() != 6 for o in outer):
        yield Difference("amine", "not a plain amine", atoms)
        return
    if amine.GetIsAromatic() or any(_is_acyl(mol, o) for o in outer):
        yield Difference("amine", "acylated or aromatic", atoms)
        return
    if amine.IsInRing():
        ring = ring_at(mol, match[3], before)
        yield Difference("amine", _cycle(mol, ring), atoms)
        return
    groups = [group_of(mol, match[3], o.GetIdx(), {before}) for o in outer]
    diethyl = [(g.name, g.carbons) for g in groups] == [("alkyl", 2)] * 2
    yield from (Difference("amine substituent", g.name, g.atoms, g.carbons, diethyl) for g in groups)
    if not diethyl:
        yield Difference("amine", "another amine", atoms)


def _is_acyl(mol: Mol, other: Atom) -> bool:
    return any(
        mol.GetBondBetweenAtoms(other.GetIdx(), o.GetIdx()).GetBondType() == BondType.DOUBLE
        for o in other.GetNeighbors()
        if o.GetAtomicNum() in (7, 8, 16)
    )


def _cycle(mol: Mol, ring: Ring | None) -> str:
    """Whether the amine's ring is an unsubstituted pyrrolidine, piperidine or morpholine, or another."""
    if ring is None:
        return "another ring"
    atoms = [mol.GetAtomWithIdx(index) for index in ring.atoms]
    plain = all(o.GetIdx() in ring.atoms for a in atoms if a.GetAtomicNum() == 6 for o in a.GetNeighbors())
    elements = sorted(a.GetAtomicNum() for a in atoms)
    names = {(6, 6, 6, 6, 7): "pyrrolidine", (6, 6, 6, 6, 6, 7): "piperidine", (6, 6, 6, 6, 7, 8): "morpholine"}
    saturated = all(b.GetBondType() == BondType.SINGLE for a in atoms for b in a.GetBonds())
    return names.get(tuple(elements), "another ring") if plain and saturated else "another ring"
