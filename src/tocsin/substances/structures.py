"""Reading a structure as people and catalogues write it, and setting aside what is not the substance itself.

Counter-ions and solvents (``data/counter_ions.csv``), isotope labels and charges are set aside, and each is said in
``notes``: the laws held here cover salts, and labelled and charged forms, with the parent. Work per structure is
bounded: what is larger than ``MAX_ATOMS`` heavy atoms is refused, not tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from rdkit import Chem, RDLogger
from rdkit.Chem import Mol
from rdkit.Chem.inchi import InchiToInchiKey
from rdkit.Chem.MolStandardize import rdMolStandardize

from tocsin.errors import InputError
from tocsin.records.data_files import data_rows

RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]  # its lines name no row; every failure is told in our own words

MAX_ATOMS = 250
"""Heavy atoms of the largest structure that is read; the largest in any control list held has under 80."""
MAX_RINGS = 40
MAX_TEXT = 20_000
_DUMMY = re.compile(r"\*|\[R\d*\]|\[[A-Z]?R#?\d*\]")


@dataclass(frozen=True, slots=True)
class Structure:
    """What was drawn: its components without counter-ions, neutral and unlabelled, and what was set aside.

    ``components`` has more than one member only for a mixture. ``stereo`` says whether a stereochemistry was drawn.
    """

    components: tuple[Mol, ...]
    notes: tuple[str, ...]
    stereo: bool


def read_smiles(text: str) -> Structure:
    """The structure a SMILES describes; InputError says in one line what cannot be read."""
    text = text.strip()
    _refuse_by_look(text)
    return _read(lambda: Chem.MolFromSmiles(text, sanitize=False), "SMILES")


def read_inchi(text: str) -> Structure:
    """The structure an InChI describes; InputError says in one line what cannot be read."""
    _refuse_by_look(text)
    return _read(lambda: Chem.MolFromInchi(text.strip(), sanitize=False, removeHs=False), "InChI")


def read_molblock(text: str) -> Structure:
    """The structure of a mol file (V2000 or V3000) or one SDF entry; InputError where it cannot be read."""
    if len(text) > 100 * MAX_TEXT:
        raise InputError("the mol block is too long", mend=f"give structures of at most {MAX_ATOMS} heavy atoms")
    return _read(lambda: Chem.MolFromMolBlock(text, sanitize=False, removeHs=False), "mol block")


def skeleton_key(mol: Mol) -> str:
    """The first block of the standard InChIKey: the same for all stereoisomers, labels and movable hydrogens."""
    return full_key(mol)[:14]


def full_key(mol: Mol) -> str:
    """The standard InChIKey; empty where InChI has no name for the structure."""
    return str(InchiToInchiKey(Chem.MolToInchi(mol, options="/WarnOnEmptyStructure")) or "")


def _refuse_by_look(text: str) -> None:
    """What can be told from the text alone, before any parser works on it."""
    if not text:
        raise InputError("empty", mend="give a structure")
    if len(text) > MAX_TEXT:
        raise InputError(f"{len(text):,} characters", mend=f"structures of at most {MAX_ATOMS} heavy atoms are read")
    if ">" in text:
        raise InputError("a reaction, not a substance", mend="give each substance on its own row")
    if "{" in text or re.search(r"\|[^|]*Sg:", text):
        raise InputError("a polymer", mend="give the structure of one unit under its name")


def _read(parse: Callable[[], Mol | None], form: str) -> Structure:
    try:
        mol = parse()
    except (RuntimeError, ValueError):
        mol = None
    if mol is None:
        raise InputError(f"not a valid {form}", mend="check it in a structure editor")
    _refuse_by_size(mol)
    try:
        Chem.SanitizeMol(mol)
    except (ValueError, RuntimeError) as error:
        raise InputError(f"not a possible structure: {_said(error)}", mend="check the drawing") from None
    Chem.AssignStereochemistry(mol, cleanIt=True, force=True)
    return cleaned(mol)


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120].rstrip(".")


def _refuse_by_size(mol: Mol) -> None:
    heavy = sum(atom.GetAtomicNum() > 1 for atom in mol.GetAtoms())
    if heavy > MAX_ATOMS:
        raise InputError(f"{heavy:,} heavy atoms", mend=f"structures of at most {MAX_ATOMS} are read")
    if heavy == 0:
        raise InputError("no atoms", mend="give a structure")
    if any(atom.GetAtomicNum() == 0 for atom in mol.GetAtoms()):
        raise InputError("has open positions (R groups or *)", mend="give one definite structure")
    if mol.GetNumBonds() - mol.GetNumAtoms() > MAX_RINGS:
        raise InputError("more rings than are read", mend=f"structures of at most {MAX_RINGS} rings are read")


def cleaned(mol: Mol) -> Structure:
    """A sanitized structure without counter-ions, labels and charges, and the notes that say what was there."""
    notes: dict[str, None] = {}
    stereo = _has_stereo(mol)
    labelled = [atom for atom in mol.GetAtoms() if atom.GetIsotope()]
    for atom in labelled:
        atom.SetIsotope(0)
    if labelled:
        notes["isotope labels set aside"] = None
    if labelled or any(atom.GetAtomicNum() == 1 for atom in mol.GetAtoms()):
        mol = Chem.RemoveAllHs(mol)
    kept = list(_without_counter_ions(mol, notes))
    if len(kept) > 1:
        notes[f"a mixture of {len(kept)} components, each judged"] = None
    return Structure(tuple(kept), tuple(notes), stereo)


def _has_stereo(mol: Mol) -> bool:
    return any(atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED for atom in mol.GetAtoms()) or any(
        bond.GetStereo() > Chem.BondStereo.STEREOANY for bond in mol.GetBonds()
    )


def _without_counter_ions(mol: Mol, notes: dict[str, None]) -> list[Mol]:
    fragments = Chem.GetMolFrags(mol, asMols=True) if len(Chem.GetMolFrags(mol)) > 1 else (mol,)
    pieces = [_neutral(piece, notes) for piece in fragments]
    if len(pieces) == 1:
        return pieces
    named = [(piece, Chem.MolToSmiles(piece, isomericSmiles=False)) for piece in pieces]
    substances = {smiles: piece for piece, smiles in named if smiles not in counter_ions()}
    if not substances:
        return [max(pieces, key=lambda piece: piece.GetNumHeavyAtoms())]
    for _, smiles in named:
        if smiles in counter_ions():
            name, kind = counter_ions()[smiles]
            notes[f"{name} set aside ({kind})"] = None
    return list(substances.values())


def _neutral(piece: Mol, notes: dict[str, None]) -> Mol:
    if all(atom.GetFormalCharge() == 0 for atom in piece.GetAtoms()):
        return piece
    neutral = rdMolStandardize.Uncharger(canonicalOrder=True).uncharge(piece)
    if Chem.GetFormalCharge(neutral) != Chem.GetFormalCharge(piece) and piece.GetNumHeavyAtoms() > 1:
        notes["charge set aside"] = None
    if Chem.GetFormalCharge(neutral):
        notes["a charge that no hydrogen explains is kept"] = None
    return neutral


@cache
def counter_ions() -> dict[str, tuple[str, str]]:
    """Counter-ions and solvents by the SMILES of their neutral form, with name and kind."""
    found = {}
    for row in data_rows("substances", "counter_ions.csv"):
        mol = Chem.MolFromSmiles(row["smiles"])
        found[Chem.MolToSmiles(mol, isomericSmiles=False)] = (row["name"], row["kind"])
    return found


def mass(mol: Mol) -> float:
    """The average molecular mass in atomic mass units."""
    # Loading all descriptors takes longer than all else a single question needs.
    from rdkit.Chem.Descriptors import MolWt  # type: ignore[attr-defined]

    return float(MolWt(mol))
