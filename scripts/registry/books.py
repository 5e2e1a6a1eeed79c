"""The registry while it is made: entries by structure, names and numbers each once, and the tables written from it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from scripts.registry.gsrs import key
from tocsin.substances.cas import is_valid
from tocsin.substances.structures import full_key, read_smiles

TARGET = Path(__file__).parents[2] / "src" / "tocsin" / "substances" / "data"
_FILE_ID = re.compile(r"(?:GitHub )?file ids? \d+(?:, \d+)*", re.IGNORECASE)
_NO_NAMES = {"na", "none", "unknown", "notapplicable"}
_ATC = {"fentanyl": "N01AH01 N02AB03"}
_MEDICAL = {
    "fentanyl": "anaesthesia, pain",
    "alfentanil": "anaesthesia",
    "sufentanil": "anaesthesia",
    "remifentanil": "anaesthesia",
}


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def is_cas(value: str) -> bool:
    """Whether the check digit is right."""
    return is_valid(value)


@dataclass(slots=True)
class Book:
    """Entries, names and numbers; the same structure is one entry, the same number one entry's."""

    entries: dict[str, dict[str, str]] = field(default_factory=dict)
    names: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)
    numbers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    known_uniis: dict[str, str] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)
    _by_name: dict[str, str] = field(default_factory=dict)

    def add(self, ident: str, name: str, kind: str, drug_class: str, smiles: str, source: str, basis: str) -> str:
        """The id of a new entry, or of the one that has this structure already."""
        smiles, inchikey, formula = _structure(smiles)
        if inchikey and inchikey in self._by_key:
            return self._by_key[inchikey]
        ident = slug(ident)
        while ident in self.entries:
            ident += "-2"
        facts = {"id": ident, "name": name[:1].upper() + name[1:], "kind": kind, "drug_class": drug_class}
        facts |= {"medical_use": _MEDICAL.get(ident, ""), "smiles": smiles, "inchikey": inchikey, "formula": formula}
        self.entries[ident] = facts | {
            "unii": "",
            "atc": _ATC.get(ident, ""),
            "source": source,
            "basis": basis,
            "note": "",
        }
        if inchikey:
            self._by_key[inchikey] = ident
        self.name(ident, name, "en", "preferred", source, basis)
        return ident

    def has_skeleton(self, ident: str, smiles: str) -> bool:
        """Whether an entry has the skeleton of this structure."""
        inchikey = self.entries[ident]["inchikey"]
        return bool(inchikey) and inchikey[:14] == _structure(smiles)[1][:14]

    def note(self, ident: str, note: str) -> None:
        """Say something of an entry."""
        self.entries[ident]["note"] = note

    def unii(self, ident: str, unii: str) -> None:
        """Give an entry its UNII; GSRS may have several for one structure, of which the first is shown."""
        if unii and unii not in self.known_uniis:
            self.entries[ident]["unii"] = self.entries[ident]["unii"] or unii
            self.known_uniis[unii] = ident

    def classify(self, ident: str, drug_class: str, medical_use: str) -> None:
        """Say what kind of drug an entry is and what it is used for."""
        self.entries[ident]["drug_class"] = drug_class or self.entries[ident]["drug_class"]
        self.entries[ident]["medical_use"] = medical_use or self.entries[ident]["medical_use"]

    def name(self, ident: str, name: str, lang: str, kind: str, source: str, basis: str, note: str = "") -> None:
        """Add a name; the same name in the same language stands once for an entry."""
        name = " ".join(name.replace("\u200b", "").split()).rstrip(" ,;")
        if len(name) < 2 or key(name) in _NO_NAMES or (ident, key(name) or name, lang) in self.names:
            return
        row = {
            "substance": ident,
            "name": name,
            "lang": lang,
            "kind": kind,
            "note": note,
            "source": _FILE_ID.sub("public copy", source),
            "basis": basis,
        }
        self.names[ident, key(name) or name, lang] = row
        self._by_name.setdefault(key(name) or name, ident)

    def number(self, ident: str, scheme: str, value: str, form: str, source: str, basis: str) -> None:
        """Add a number; a CAS number with a wrong check digit is left out, and one belongs to one entry only."""
        if value and (scheme != "CAS" or is_valid(value)):
            row = {"substance": ident, "scheme": scheme, "value": value, "form": form, "source": source, "basis": basis}
            self.numbers.setdefault((scheme, value if scheme == "CAS" else f"{value} {ident}"), row)

    def find(self, name: str) -> str:
        """The entry that has this name, or nothing."""
        return self._by_name.get(key(name) or name, "")

    def by_cas(self, text: str) -> str:
        """The entry of the first CAS number in a text, or nothing."""
        found = (self.numbers.get(("CAS", value)) for value in re.findall(r"\d{2,7}-\d\d-\d", text))
        return next((row["substance"] for row in found if row), "")


_LETTERS: dict[str, str | int | None] = {"α": "alpha", "β": "beta", "γ": "gamma", "'": "p", "ʹ": "p"}


def slug(text: str) -> str:
    """An id: lower case, hyphens, no other signs."""
    plain = text.lower().translate(str.maketrans(_LETTERS))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70]


def _structure(smiles: str) -> tuple[str, str, str]:
    if not smiles:
        return "", "", ""
    mol = Chem.MolFromSmiles(Chem.MolToSmiles(read_smiles(smiles).components[0]))
    return Chem.MolToSmiles(mol), full_key(mol), CalcMolFormula(mol)


def write(book: Book, shared: Path) -> None:
    """Write substances, names and numbers, and the tables that follow from the compiled lists."""
    _join_twins(book)
    _drop_strays(book)
    _doubt_third_parties(book)
    _keep_to(book, 25)
    _street_names(book, shared)
    _table("substances.csv", sorted(book.entries.values(), key=lambda row: row["id"]))
    _table(
        "names.csv",
        sorted(book.names.values(), key=lambda row: (row["substance"], row["lang"], row["kind"], row["name"])),
    )
    _table(
        "numbers.csv", sorted(book.numbers.values(), key=lambda row: (row["substance"], row["scheme"], row["value"]))
    )
    _table("hs_codes.csv", list(_customs_codes(book, shared)))


def _join_twins(book: Book) -> None:
    """An entry without structure, or a third party's stereoisomer, joins the entry that has the same title."""
    titled: dict[str, list[dict[str, str]]] = {}
    for row in book.entries.values():
        titled.setdefault(key(row["name"]), []).append(row)
    for twins in titled.values():
        best = max(twins, key=lambda row: (bool(row["smiles"]), row["basis"] == "seen", row["id"]))
        for row in twins:
            mirrored = (
                all(re.search(r"[@/]", one["smiles"]) for one in (row, best))
                and row["inchikey"][:14] == best["inchikey"][:14]
            )
            alike = not row["smiles"] or (row["basis"] != "seen" and mirrored)
            if row is not best and alike and best["smiles"]:
                _move(book, row["id"], best["id"])
                if best["id"].removesuffix("-2") == row["id"]:
                    _rename(book, best["id"], row["id"])


def _move(book: Book, old: str, new: str) -> None:
    """Give all that an entry has to another, and drop it."""
    gone = book.entries.pop(old)
    book.entries[new]["unii"] = book.entries[new]["unii"] or gone["unii"]
    for place, row in list(book.names.items()):
        if row["substance"] == old:
            del book.names[place]
            if row["kind"] != "preferred":
                book.name(new, row["name"], row["lang"], row["kind"], row["source"], row["basis"], row["note"])
    for row in book.numbers.values():
        row["substance"] = new if row["substance"] == old else row["substance"]


def _rename(book: Book, old: str, new: str) -> None:
    book.entries[new] = book.entries.pop(old) | {"id": new}
    for row in (*book.names.values(), *book.numbers.values()):
        row["substance"] = new if row["substance"] == old else row["substance"]


def _drop_strays(book: Book) -> None:
    """Synonyms of third parties that GSRS, or an entry's own title, gives to another entry."""
    owners: dict[str, set[str]] = {}
    for row in book.names.values():
        if row["kind"] in ("preferred", "INN") or "GSRS" in row["source"]:
            owners.setdefault(key(row["name"]), set()).add(row["substance"])
    for place, row in list(book.names.items()):
        others = owners.get(key(row["name"]), set()) - {row["substance"]}
        own = row["kind"] in ("preferred", "INN") or "GSRS" in row["source"]
        titled = {one for one in others if key(book.entries[one]["name"]) == key(row["name"])}
        if (others and not own and row["basis"] == "secondary") or (titled and row["kind"] not in ("preferred", "INN")):
            del book.names[place]


def _doubt_third_parties(book: Book) -> None:
    """Say so where the name of a third party's structure is one that GSRS or law gives to another skeleton."""
    sure: dict[str, set[str]] = {}
    for row in book.names.values():
        if row["basis"] == "seen":
            sure.setdefault(key(row["name"]), set()).add(book.entries[row["substance"]]["inchikey"][:14])
    for row in book.names.values():
        others = sure.get(key(row["name"]), set()) - {book.entries[row["substance"]]["inchikey"][:14], ""}
        if row["basis"] == "secondary" and row["kind"] != "street" and others:
            row["note"] = row["note"] or "a third party's structure for this name"


def _keep_to(book: Book, most: int) -> None:
    """At most so many synonyms and so many systematic names an entry: GSRS's longest go first."""
    many: dict[tuple[str, str], list[tuple[bool, int, tuple[str, str, str]]]] = {}
    for place, row in book.names.items():
        if row["lang"] == "en" and row["kind"] in ("synonym", "systematic"):
            rank = ("GSRS" in row["source"], len(row["name"]), place)
            many.setdefault((row["substance"], row["kind"]), []).append(rank)
    for ranked in many.values():
        for _, _, place in sorted(ranked)[most:]:
            del book.names[place]


def _street_names(book: Book, shared: Path) -> None:
    means = {"counterfeit oxycodone tablet, often fentanyl": "counterfeit-m30", "counterfeit M30": "counterfeit-m30"}
    means |= {"fentanyl + xylazine": "fentanyl-xylazine-mixture", "nitazenes": "class-nitazenes"}
    for row in rows(shared / "slang.csv"):
        basis = "unverified" if row["source"].startswith("recall") else "secondary"
        source = (
            "DEA slang list of 2018, not read" if basis == "unverified" else "pages that quote DEA's slang list of 2017"
        )
        ident = means.get(row["substance"], row["substance"])
        book.name(ident, row["term"], row["lang"], "street", source, basis, row["ambiguity"])


def _customs_codes(book: Book, shared: Path) -> Iterator[dict[str, str]]:
    """Codes with the entries they cover: those the compiled table names, and those of the precursor table."""
    covers: dict[str, set[str]] = {}
    for row in rows(shared / "precursors_un1988.csv"):
        ident = book.find(row["name"])
        if ident and row["hs2022"]:
            covers.setdefault(row["hs2022"], set()).add(ident)
    more = {
        "2933.33": "fentanyl alfentanil carfentanil remifentanil",
        "8479.89": "tablet-press",
        "8422.30": "encapsulating-machine",
    }
    more |= {
        "2934.91": "sufentanil",
        "8479.90": "die punch",
        "8480": "mould",
        "2933399073": "4-ap 1-boc-4-ap norfentanyl",
    }
    more |= {
        "2915.90": "propionyl-chloride propionic-anhydride",
        "2933.34": "class-fentanyl-related",
        "2934.92": "class-fentanyl-related",
    }
    more |= {"2933.99": "class-nitazenes"}
    for code, idents in more.items():
        covers.setdefault(code, set()).update(one for one in idents.split() if one in book.entries)
    known = {row["code"]: row for row in rows(shared / "hs_codes.csv")}
    for code in sorted({*known, *covers}):
        row = known.get(
            code, {"nomenclature": "HS2022", "covers": "precursors of the 1988 tables", "basis": "seen", "source": ""}
        )
        source = (
            "public copy of the HS 2022 table"
            if "file id" in row["source"] or not row["source"].strip("-")
            else row["source"]
        )
        yield {
            "code": code, "nomenclature": row["nomenclature"], "covers": row["covers"],
            "substances": "; ".join(sorted(covers.get(code, ()))), "source": source,
            "basis": row["basis"].replace("recall", "unverified"),
        }  # fmt: skip


def _table(name: str, many: list[dict[str, str]]) -> None:
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(many[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(many)
