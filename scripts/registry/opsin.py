"""Systematic names to structures with OPSIN (Lowe et al. 2011), run once over all names; it needs Java."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from rdkit import Chem

_FUSED = re.compile(r"\(((?:\d'?,?)+(?:-[a-z]+)?|[a-z]|\d,\d-[a-z]{1,2})\)")
_SIDE = re.compile(r"(?<=\d-)alpha(?=\))|(?<=\()alpha(?=\))")
_LOCANT = re.compile(r"(?<![a-z])([nos])(?=[,'-])|(?<=[,(-])([nos])(?=\))")
_TRIVIAL = {"s-triazolo": "[1,2,4]triazolo", "as-triazolo": "[1,2,4]triazolo"}


def written(name: str) -> tuple[str, ...]:
    """A name in GSRS's capitals in the ways OPSIN may read it.

    Greek letters spelled out, fusion locants in square brackets with the ``a`` that GSRS turned into alpha, and in
    small letters, since O- is an oxygen atom and o- is ortho.
    """
    plain = re.sub(r"\.(ALPHA|BETA|GAMMA|DELTA|OMEGA)\.", lambda found: found[1].lower(), name)
    small = _SIDE.sub("a", plain.lower())
    for word, meant in _TRIVIAL.items():
        small = small.replace(f"-{word}(", f"-{meant}(")
    fused = _FUSED.sub(r"[\1]", small)
    upper = _LOCANT.sub(lambda found: found[0].upper() if found[0] == "n" else found[0], fused)
    closed = f"{upper}-" if re.search(r",.*\)$", upper) and not upper.endswith("-") else upper
    return tuple(dict.fromkeys((plain, small, fused, upper, closed)))


def structures(names: Iterable[str], folder: Path) -> dict[str, str]:
    """The SMILES of each name that OPSIN reads."""
    many = sorted(set(names))
    jar = next(folder.rglob("opsin-cli*.jar"))
    with tempfile.TemporaryDirectory() as place:
        asked, answered = Path(place) / "names", Path(place) / "smiles"
        asked.write_text("\n".join(many), encoding="utf-8")
        command = ["java", "-jar", str(jar), "-osmi", str(asked), str(answered)]
        subprocess.run(command, check=True, capture_output=True)
        smiles = answered.read_text(encoding="utf-8").splitlines()
    return {name: one for name, one in zip(many, smiles, strict=True) if one}


def telling(names: Iterable[str]) -> list[str]:
    """The names that tell a structure: those with locants if there are any, since OPSIN reads parts into trade names."""
    many = list(dict.fromkeys(names))
    located = [name for name in many if re.search(r"\d[a-z]?'?[-,]", name, re.IGNORECASE) and len(name) > 12]
    return located or many


def agreed(names: Iterable[str], read: Mapping[str, str]) -> tuple[str, int]:
    """The structure most of the names give, and how many do; empty where two skeletons are equally many.

    Of two names that differ, one half as long again is the chemical name, and the other a short form misread.
    """
    votes: Counter[str] = Counter()
    longest: Counter[str] = Counter()
    for name in dict.fromkeys(names):
        told = {smiles for form in written(name) if (smiles := _parent(read.get(form, "")))}
        votes.update(told)
        longest |= Counter({_skeleton(smiles): len(name) for smiles in told})
    skeletons: Counter[str] = Counter()
    for smiles, count in votes.items():
        skeletons[_skeleton(smiles)] += count
    ranked = sorted(skeletons, key=lambda key: (-skeletons[key], -longest[key], key))
    if not ranked or (len(ranked) > 1 and _as_good(skeletons, longest, ranked[0], ranked[1])):
        return "", 0
    best = [smiles for smiles in votes if _skeleton(smiles) == ranked[0]]
    return max(best, key=lambda smiles: (votes[smiles], smiles.count("@"), smiles)), skeletons[ranked[0]]


def _as_good(votes: Counter[str], longest: Counter[str], first: str, second: str) -> bool:
    return votes[first] == votes[second] and 2 * longest[first] < 3 * longest[second]


def _skeleton(smiles: str) -> str:
    return str(Chem.MolToInchiKey(Chem.MolFromSmiles(smiles)))[:14]


def _parent(smiles: str) -> str:
    """The canonical SMILES without counter-ions; nothing where OPSIN left a charge: it took an ester for an acid."""
    mol = Chem.MolFromSmiles(smiles)
    if mol is None or not mol.GetNumAtoms() or Chem.GetFormalCharge(mol):
        return ""
    return Chem.MolToSmiles(mol)
