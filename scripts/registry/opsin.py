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


def written(name: str) -> tuple[str, ...]:
    """A name in GSRS's capitals as OPSIN reads it: Greek letters spelled, fusion locants in square brackets."""
    plain = name.replace(".ALPHA.", "alpha").replace(".BETA.", "beta")
    fused = _FUSED.sub(r"[\1]", plain.lower())
    return (plain, fused) if fused != plain.lower() else (plain,)


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


def agreed(names: Iterable[str], read: Mapping[str, str]) -> tuple[str, int]:
    """The structure most of the names give, and how many do; empty where two skeletons are equally many."""
    votes: Counter[str] = Counter()
    for name in names:
        mol = Chem.MolFromSmiles(read.get(name, ""))
        if mol is not None and mol.GetNumAtoms():
            votes[Chem.MolToSmiles(mol)] += 1
    if not votes:
        return "", 0
    skeletons: Counter[str] = Counter()
    for smiles, count in votes.items():
        skeletons[Chem.MolToInchiKey(Chem.MolFromSmiles(smiles))[:14]] += count
    ranked = skeletons.most_common(2)
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return "", 0
    best = [s for s in votes if Chem.MolToInchiKey(Chem.MolFromSmiles(s))[:14] == ranked[0][0]]
    return max(best, key=lambda smiles: (votes[smiles], smiles.count("@"), smiles)), ranked[0][1]
