"""What is it? A name, CAS number, InChI, InChIKey, SMILES, mol file, UNII or customs code, whatever is given.

What fits several entries returns them all as candidates; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rdkit import Chem
from rdkit.Chem import Mol
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from tocsin.errors import InputError, NotFoundError
from tocsin.substances.cas import is_valid, meant, read_cas
from tocsin.substances.control import Subject
from tocsin.substances.names import NameMatch, find_names
from tocsin.substances.registry import Substance, by_skeleton, formulas, registry
from tocsin.substances.structures import Structure, full_key, read_inchi, read_molblock, read_smiles

_KEY = re.compile(r"(?:InChIKey=)?([A-Z]{14})(?:-([A-Z]{10})(?:-[A-Z])?)?")
_CUSTOMS = re.compile(r"(?:HS|HTS|CN)?\s*(\d{4}(?:\.?\d{2}){1,3}|\d{4}\.?\d{2,6})", re.IGNORECASE)
_UNII = re.compile(r"(?:UNII[:\s-]*)?([A-Z0-9]{10})")
_DEA = re.compile(r"DEA(?:\s*(?:NO\.?|#|code))?\s*(\d{4})", re.IGNORECASE)
_SHOWN = 80
_SMILES_SIGNS = re.compile(r"[A-Za-z0-9@+\-\[\]()=#$:/\\.%*~>{}|,;_^&]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry the query may mean: by what (name, CAS, structure …), and any doubt or note."""

    substance: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Identified:
    """What a query is: the entries it may mean, and the structure if one was given.

    One candidate is the answer; several are a collision; none with a structure is a structure nobody has entered.
    """

    query: str
    candidates: tuple[Candidate, ...]
    structure: Structure | None = None
    notes: tuple[str, ...] = ()

    def subjects(self) -> tuple[tuple[str, Subject], ...]:
        """What is to be judged: the structure as given, else each candidate by itself; each with its label."""
        if self.structure is not None:
            return ((self.query, subject_of(self.structure)),)
        return tuple((one.substance, subject_of_entry(one.substance)) for one in self.candidates)


def identify(query: str) -> Identified:
    """What ``query`` is.

    InputError: a wrong CAS number, or a structure that cannot be read; NotFoundError: nothing is known by that name.
    """
    text = query.strip()
    if not text:
        raise InputError("nothing was asked", mend="give a name, number or structure")
    if "M  END" in query:
        return identify_structure("mol file", read_molblock(query))
    for read in (_as_cas, _as_inchi, _as_key, _as_customs_code, _as_number, _as_exact_name, _as_smiles):
        found = read(text)
        if found is not None:
            return found
    return _as_misspelling(text)


def identify_structure(query: str, structure: Structure) -> Identified:
    """The entries a structure is."""
    candidates = [
        Candidate(entry, "structure", doubt)
        for mol in structure.components
        for entry, doubt in _likely(entries_of(mol))
    ]
    return Identified(query, tuple(dict.fromkeys(candidates)), structure, structure.notes)


def _likely(entries: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The entries without doubt, where there are any."""
    return tuple(pair for pair in entries if not pair[1]) or entries


def _as_cas(text: str) -> Identified | None:
    number = read_cas(text)
    if number is None:
        return None
    known = _by_number("CAS")
    if not is_valid(number):
        found = meant(number, known)
        mend = f"meant is {found[0]}, {_names(known[found[0]])}" if len(found) == 1 else "look at the label again"
        raise InputError(f"{number} is no CAS number: its check digit is wrong", mend=mend)
    if number not in known:
        raise NotFoundError(f"CAS {number} is valid but not in the registry", mend="give a name or a structure")
    return Identified(text, tuple(Candidate(entry, "CAS", form) for entry, form in known[number]))


def _names(entries: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(" ".join(filter(None, (registry().get(entry).name, form))) for entry, form in entries)


def _as_inchi(text: str) -> Identified | None:
    return identify_structure(text, read_inchi(text)) if text.startswith("InChI=") else None


def _as_key(text: str) -> Identified | None:
    match = _KEY.fullmatch(text)
    if match is None or (match[2] is None and match[1] not in by_skeleton()):
        return None
    entries = by_skeleton().get(match[1], ())
    if not entries:
        raise NotFoundError(f"no entry has the InChIKey {text}", mend="give the structure itself, as SMILES or InChI")
    exact = [entry for entry in entries if registry().get(entry).inchikey[:25] == text.removeprefix("InChIKey=")[:25]]
    note = "" if exact else "same skeleton; stereochemistry or labels differ"
    return Identified(text, tuple(Candidate(entry, "InChIKey", note) for entry in exact or entries))


def _as_customs_code(text: str) -> Identified | None:
    match = _CUSTOMS.fullmatch(text)
    if match is None:
        return None
    wanted = match[1].replace(".", "")
    rows = [code for code in registry().codes if _covers(code.code.replace(".", ""), wanted)]
    if not rows:
        raise NotFoundError(f"no customs code {text} is held", mend="give six digits, such as 2933.36")
    notes = tuple(f"{code.code} ({code.nomenclature}): {code.covers}" for code in rows)
    found = [
        Candidate(entry, "customs code", f"{code.code} {code.basis}")
        for code in rows
        for entry in filter(None, code.substances.split("; "))
    ]
    return Identified(text, tuple(dict.fromkeys(found)), None, notes)


def _covers(held: str, wanted: str) -> bool:
    return held.startswith(wanted) or wanted.startswith(held)


def _as_number(text: str) -> Identified | None:
    unii = _UNII.fullmatch(text.upper())
    if unii and (entries := _by_unii().get(unii[1])):
        return Identified(text, tuple(Candidate(entry, "UNII", "") for entry in entries))
    dea = _DEA.fullmatch(text)
    if dea and (numbered := _by_number("DEA").get(dea[1])):
        return Identified(text, tuple(Candidate(entry, "DEA number", form) for entry, form in numbered))
    return None


def _as_exact_name(text: str) -> Identified | None:
    found = [match for match in find_names(text) if not match.edits]
    return _by_names(text, found) if found else None


def _as_smiles(text: str) -> Identified | None:
    if not _SMILES_SIGNS.fullmatch(text):
        return None
    if Chem.MolFromSmiles(text, sanitize=False) is None and not _surely_smiles(text):
        return None
    return identify_structure(text, read_smiles(text))


def _surely_smiles(text: str) -> bool:
    """Whether it can be no name, so that a fault in it is worth telling."""
    return bool(re.search(r"[=#@\\/]|\[[^\]]+\]|>>|[a-zA-Z]\d[a-zA-Z(]|\)\(", text)) and not re.search(
        r"[a-z]{4}", text
    )


def _as_misspelling(text: str) -> Identified:
    found = find_names(text)
    if found:
        return _by_names(text, list(found))
    if not text.isascii() and not any(character.isalpha() for character in text):
        raise NotFoundError(f"{text!r} has no letters", mend="give a name, number or structure")
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    raise NotFoundError(f"nothing is known by the name {shown!r}", mend="give a CAS number or a structure")


def _by_names(text: str, found: list[NameMatch]) -> Identified:
    candidates: dict[str, Candidate] = {}
    for match in found:
        row = match.name
        told = [f"known as {row.name!r}"] if match.edits else []
        told += [f"{row.kind} name: {row.note}"] if row.note else [f"{row.kind} name"] if row.kind == "street" else []
        told += [f"{match.set_aside} set aside"] if match.set_aside else []
        candidates.setdefault(row.substance, Candidate(row.substance, "name", "; ".join(told)))
    return Identified(text, tuple(candidates.values()))


def subject_of(structure: Structure) -> Subject:
    """A structure as what is judged."""
    entries = [entry for mol in structure.components for entry in entries_of(mol)]
    return Subject(structure.components, tuple(dict.fromkeys(entries)))


@cache
def subject_of_entry(substance: str) -> Subject:
    """An entry as what is judged: its structure if it has one, and itself."""
    entry = registry().get(substance)
    if not entry.smiles:
        return Subject((), ((substance, ""),))
    mol = read_smiles(entry.smiles).components[0]
    others = [(other, doubt) for other, doubt in entries_of(mol) if other != substance]
    return Subject((mol,), ((substance, ""), *others))


def entries_of(mol: Mol) -> tuple[tuple[str, str], ...]:
    """The entries with this skeleton, each with the doubt that stereochemistry leaves, empty where none.

    An entry without stereochemistry stands for all its stereoisomers.
    """
    if CalcMolFormula(mol) not in formulas():
        return ()
    key = full_key(mol)
    held = by_skeleton().get(key[:14], ())
    same = [entry for entry in held if registry().get(entry).inchikey[:25] == key[:25]]
    found = [(entry, "") for entry in same]
    for entry in (registry().get(one) for one in held if one not in same):
        if not _has_stereo(entry):
            found.append((entry.id, ""))
        elif _is_flat(key):
            found.append((entry.id, f"it is {entry.name} only in one stereochemistry, which is not given"))
        elif not same:
            found.append((entry.id, f"it is a stereoisomer of {entry.name}"))
    return tuple(found)


def _has_stereo(entry: Substance) -> bool:
    return not _is_flat(entry.inchikey)


def _is_flat(key: str) -> bool:
    """Whether an InChIKey has no stereochemical or isotopic layer."""
    return key[15:23] == "UHFFFAOY"


@cache
def _by_number(scheme: str) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, dict[tuple[str, str], None]] = {}
    for many in registry().numbers.values():
        for number in many:
            if number.scheme == scheme:
                found.setdefault(number.value, {})[number.substance, number.form] = None
    return {value: tuple(entries) for value, entries in found.items()}


@cache
def _by_unii() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for entry in registry().substances.values():
        if entry.unii:
            found.setdefault(entry.unii, []).append(entry.id)
    return {unii: tuple(ids) for unii, ids in found.items()}
