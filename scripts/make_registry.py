"""Makes the registry's tables from published lists: names, numbers and structures, each with its source.

    python -m scripts.make_registry SHARED/substances UNII_Names.txt OPSIN_FOLDER

SHARED holds the compiled lists of fentanyls, nitazenes and precursors; ``UNII_Names.txt`` is FDA's file of GSRS names;
OPSIN_FOLDER holds OPSIN's jar. What a list of law names (``registry/law``) is looked up in GSRS, too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rdkit import Chem

from scripts.registry import gsrs, opsin
from scripts.registry.books import Book, is_cas, rows, write
from scripts.registry.structures import drug_class, series_class

HERE = Path(__file__).parent / "registry"
CATALOGUE = "Cayman catalogue scrape"
_SALTS = "hydrochloride|hcl|citrate|maleate|oxalate|fumarate|trifluoroacetate"
_NOISE = re.compile(rf"\s*\((?:{_SALTS}|exempt preparation|CRM)\)\s*|\s+(?:{_SALTS})$", re.IGNORECASE)
_FAMILY = re.compile("fentan|nitazen", re.IGNORECASE)


def main(shared: Path, names: Path, folder: Path) -> None:
    """Write the tables."""
    entries = gsrs.read(names)
    index = gsrs.by_name(entries)
    law = [row for file in sorted((HERE / "law").glob("*.csv")) for row in rows(file) if row["schedule"] != "class"]
    law += list(_reported(shared))
    wanted = list(rows(HERE / "wanted.csv"))
    targets = _targets(entries, index, law, wanted, shared)
    asked = [name for unii in targets for name in (*entries[unii].systematic, *entries[unii].common)]
    asked += [name for row in law for name in printed(row)]
    read = opsin.structures((form for name in asked for form in opsin.written(name)), folder)
    book = Book()
    _precursors(book, shared)
    _published(book, shared, "fentanyls.csv", "fentanyl")
    _published(book, shared, "nitazenes.csv", "nitazene")
    _extra(book)
    for row in rows(HERE / "aliases.csv"):
        book.name(book.find(row["entry"]), row["name"], "en", "synonym", "name as listed", "seen")
    _wanted(book, entries, index, read, wanted)
    _from_gsrs(book, entries, read, targets)
    _by_unii(book, entries)
    _from_law(book, law, read)
    _languages(book, shared, law)
    _by_dea_number(book, law)
    write(book, shared)


def _reported(shared: Path) -> Iterator[dict[str, str]]:
    """What laboratories report, as if it were a list."""
    names = {
        row["BASE_DESCRIPTION"].strip() for file in (shared.parent / "nflis").glob("NFLIS*.csv") for row in rows(file)
    }
    blank = dict.fromkeys(("schedule", "item", "other_names", "cas", "from", "from_precision", "to", "quote"), "")
    for name in sorted(names):
        same = {"jurisdiction": "US", "list": "NFLIS-Drug, as laboratories report it", "lang": "en", "basis": "seen"}
        yield blank | same | {"name": name, "source": "DEA NFLIS-Drug, query of 2026-03-03"}


def printed(row: dict[str, str]) -> Iterator[str]:
    """The English names a list prints for an item."""
    for name in [row["name"] if row["lang"] in ("en", "de") else "", *re.split("[;；]", row["other_names"])]:
        bare = re.sub(r",?\s+(?:and |or |including )?(?:its|their) .*$", "", name.strip())
        if len(bare) > 2 and bare.isascii():
            yield bare
            if row["lang"] == "de":
                yield f"{bare}e"  # Morphin, propanamid: German leaves off what English and OPSIN write


def _targets(
    entries: dict[str, gsrs.Entry],
    index: dict[str, list[str]],
    law: list[dict[str, str]],
    wanted: list[dict[str, str]],
    shared: Path,
) -> list[str]:
    """UNIIs of everything with a DEA number, on a list of law, or reported by laboratories."""
    found = {unii for unii, entry in entries.items() if entry.dea}
    asked = [name for row in law for name in printed(row)] + [row["name"] for row in wanted]
    asked += [
        row["BASE_DESCRIPTION"] for file in sorted((shared.parent / "nflis").glob("NFLIS*.csv")) for row in rows(file)
    ]
    taken = {gsrs.key(name) for row in rows(shared / "precursors_un1988.csv") for name in _both(row["name"])}
    for name in set(asked):
        if gsrs.key(name) not in taken:
            found |= set(index.get(gsrs.key(name), ()))
    return sorted(found)


def _both(name: str) -> tuple[str, ...]:
    """A name, and apart from each other what stands before and within its brackets."""
    short = re.search(r"\(([^()]*)\)\s*$", name)
    return (name, name[: short.start()].strip(), short[1]) if short else (name,)


def _precursors(book: Book, shared: Path) -> None:
    for row in rows(shared / "precursors_un1988.csv"):
        short = re.search(r"\(([^()]*)\)\s*$", row["name"])
        bare = row["name"][: short.start()].strip() if short else row["name"]
        fentanyls = (
            row["un_effective"] in ("2017-10-18", "2022-11-23", "2024-12-03")
            and "iperidin" in row["smiles"] + row["name"]
        )
        near = fentanyls or row["name"].startswith(("4-Anilino", "N-Phenethyl", "1-boc", "Norfent", "4-Piperidone"))
        ident = short[1] if short and re.fullmatch(r"[A-Z0-9-]{2,6}", short[1]) else bare
        made = book.add(
            ident,
            bare,
            "precursor",
            "fentanyl precursor" if near else "precursor",
            row["smiles"],
            "UN precursor table",
            "seen",
        )
        for name in filter(None, (bare, short[1] if short else "", row["name"])):
            book.name(made, name, "en", "preferred" if name == bare else "synonym", "UN precursor table", "seen")
        book.number(made, "CAS", row["cas"], "", "UN precursor table", "seen")


def _published(book: Book, shared: Path, file: str, kind: str) -> None:
    """Compiled lists; a row whose only source is a seller's catalogue is left out."""
    listed = {row["inchikey"][:14]: row["instrument"] for row in rows(shared / "controls.csv") if row["inchikey"]}
    for row in rows(shared / file):
        sources = [one.split(" (")[0] for one in row["sources"].split(" | ")]
        if set(sources) == {CATALOGUE + " 2024-06"}:
            if row["inchikey"][:14] not in listed:
                continue
            sources = [f"named by a control list: {listed[row['inchikey'][:14]]}"]
        source = "; ".join(dict.fromkeys(one for one in sources if not one.startswith(CATALOGUE)))
        basis = "seen" if "FDA-GSRS" in source else "secondary"
        name = _title(row)
        made = book.add(
            name, name, "drug", kind, row["smiles"], source.replace("FDA-GSRS UNII_Names", gsrs.SOURCE), basis
        )
        book.unii(made, row["unii"])
        for one in [name, *row["synonyms"].split(";")]:
            bare = _NOISE.sub("", one.replace("\u200b", "")).replace("_", " ").strip()
            book.name(made, gsrs.tidy(bare), "en", "preferred" if one is name else "synonym", source, basis)
        for column, form in (("cas_base", "base"), ("cas_salt", "salt")):
            for value in re.findall(r"\d{2,7}-\d\d-\d", row[column]):
                book.number(made, "CAS", value, form, source, basis)
        if row["dea_code"]:
            book.number(made, "DEA", row["dea_code"], "", gsrs.SOURCE, "seen")


def _title(row: dict[str, str]) -> str:
    """The name a row goes by: without its salt, and spelled out where a synonym does so."""
    many = [
        gsrs.tidy(_NOISE.sub("", one.replace("\u200b", "")).replace("_", " ").strip())
        for one in [row["name"], *row["synonyms"].split(";")]
    ]
    spelled = [one for one in many if _FAMILY.search(one) and len(one) < 50]
    return many[0] if _FAMILY.search(many[0]) or not spelled else spelled[0]


def _extra(book: Book) -> None:
    for row in rows(HERE / "extra.csv"):
        made = book.add(row["id"], row["name"], row["kind"], row["drug_class"], row["smiles"], "name as listed", "seen")
        book.note(made, row["note"])
        for name in filter(None, [row["name"], *(one.strip() for one in row["names"].split(";"))]):
            book.name(made, name, "en", "preferred" if name == row["name"] else "synonym", "name as listed", "seen")


def _wanted(
    book: Book,
    entries: dict[str, gsrs.Entry],
    index: dict[str, list[str]],
    read: dict[str, str],
    wanted: list[dict[str, str]],
) -> None:
    """Drugs and adulterants asked for by name."""
    for row in wanted:
        for unii in index.get(gsrs.key(row["name"]), ())[:1]:
            made = _gsrs_entry(book, entries[unii], read, row["kind"])
            if made:
                book.classify(made, row["drug_class"], row["medical_use"])


def _from_gsrs(book: Book, entries: dict[str, gsrs.Entry], read: dict[str, str], targets: Iterable[str]) -> None:
    for unii in sorted(targets, key=lambda unii: (not entries[unii].inn, len(entries[unii].display), unii)):
        _gsrs_entry(book, entries[unii], read, "drug")


def _gsrs_entry(book: Book, entry: gsrs.Entry, read: dict[str, str], kind: str) -> str:
    """The entry of a UNII whose systematic names agree on a structure without counter-ion; its id, or nothing."""
    names = [form for one in (*entry.systematic, *entry.common) for form in opsin.written(one)]
    smiles, votes = opsin.agreed(names, read)
    if entry.unii in book.known_uniis:
        return book.known_uniis[entry.unii]
    mol = Chem.MolFromSmiles(smiles)
    if "." in smiles or any(atom.GetIsotope() for atom in mol.GetAtoms()) or 0 < mol.GetNumHeavyAtoms() < 4:
        return ""
    shortest = min((one for one in entry.common if len(one) > 3), key=len, default=entry.display)
    title = gsrs.tidy(entry.inn or (entry.display if len(entry.display) < 60 else shortest))
    same = book.find(title)
    if same and (not smiles or book.has_skeleton(same, smiles)):
        book.unii(same, entry.unii)
        return same
    source = f"{gsrs.SOURCE}, {votes} of its names read by OPSIN" if smiles else gsrs.SOURCE
    made = book.add(
        title, title, kind, drug_class(mol, entry.dea), smiles, source, "seen" if votes > 1 else "secondary"
    )
    book.unii(made, entry.unii)
    return made


def _from_law(book: Book, law: list[dict[str, str]], read: dict[str, str]) -> None:
    """Items of law lists that are not entries yet, where their printed chemical name reads as a structure."""
    for row in law:
        short = [re.sub(r"\s*\(.*$", "", name) for name in printed(row)]
        if any(book.find(name) for name in (*printed(row), *short)) or book.by_cas(row["cas"]):
            continue
        smiles, _ = opsin.agreed(printed(row), read)
        title = next(printed(row), "")
        if not title or len(title) > 90 or "preparation" in title:
            continue
        mol = Chem.MolFromSmiles(smiles)
        held = "." not in smiles and mol.GetNumHeavyAtoms() >= 4
        source = f"{row['jurisdiction']} {row['list']}" + (", chemical name read by OPSIN" if held else "")
        kind = "precursor" if "recursor" in row["list"] or row["jurisdiction"] == "EU" else "drug"
        made = book.add(title, title, kind, drug_class(mol, []) if held else "", smiles if held else "", source, "seen")
        if not held:
            book.note(made, "isomer or structure not specified" if "NFLIS" in row["list"] else "structure not held")


def _by_unii(book: Book, entries: dict[str, gsrs.Entry]) -> None:
    """GSRS's names and DEA numbers of every entry with a UNII."""
    for unii, made in book.known_uniis.items():
        entry = entries.get(unii)
        if entry is None:
            continue
        many = [(gsrs.tidy(one), "synonym") for one in dict.fromkeys(entry.common)][:25]
        many += [(gsrs.tidy(one), "systematic") for one in dict.fromkeys(entry.systematic)][:4]
        many += [(one, "code") for one in entry.codes if not one.startswith("DEA NO.")][:4]
        if entry.inn:
            many.insert(0, (gsrs.tidy(entry.inn), "INN"))
        for name, kind in many:
            if len(name) <= 160:
                book.name(made, name, "en", kind, gsrs.SOURCE, "seen")
        for number in entry.dea:
            book.number(made, "DEA", number, "", gsrs.SOURCE, "seen")


def _by_dea_number(book: Book, law: list[dict[str, str]]) -> None:
    """The DEA number that US schedules print with an item, and the class its series stands for."""
    for row in law:
        code = re.search(r"\b(\d{4})$", row["item"])
        made = next(filter(None, map(book.find, printed(row))), "")
        if row["jurisdiction"] == "US" and "1308" in row["list"] and code and made:
            book.number(made, "DEA", code[1], "", f"US {row['list']}", row["basis"])
            book.classify(made, "" if book.entries[made]["drug_class"] else series_class(code[1]), "")


def _languages(book: Book, shared: Path, law: list[dict[str, str]]) -> None:
    """Names in other languages, from lists of law and from the compiled list; CAS numbers that lists print."""
    english = {
        (row["jurisdiction"], row["schedule"], row["item"]): row for row in law if row["lang"] == "en" and row["item"]
    }
    for row in law:
        same = english.get((row["jurisdiction"], row["schedule"], row["item"]), row) if row["lang"] == "fr" else row
        made = book.by_cas(row["cas"]) or next(filter(None, map(book.find, printed(same))), "")
        if not made:
            continue
        for value in re.findall(r"\d{2,7}-\d\d-\d", row["cas"]):
            if is_cas(value):
                book.number(made, "CAS", value, "", f"{row['jurisdiction']} {row['list']}", row["basis"])
        kind = "official" if row["basis"] == "seen" else "synonym"
        book.name(made, row["name"], row["lang"], kind, row["source"][:160], row["basis"])
    for file in (HERE / "names_by_language.csv", shared / "names_multilingual.csv"):
        for row in rows(file):
            made = book.find(row["substance"])
            if made:
                basis = row["basis"].replace("recall", "unverified")
                for name in row["name"].split("; "):
                    book.name(
                        made,
                        name,
                        row["lang"],
                        row["kind"].split(" (")[0].strip("-") or "synonym",
                        row.get("source", ""),
                        basis,
                    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
