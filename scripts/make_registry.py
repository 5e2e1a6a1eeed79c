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
from scripts.registry.printed import described, printed, without_salt
from scripts.registry.structures import drug_class, listed_class
from tocsin.substances.structures import read_smiles

HERE = Path(__file__).parent / "registry"
PUBLISHED = {"fentanyls.csv": "fentanyl", "nitazenes.csv": "nitazene"}
CATALOGUE = "Cayman catalogue scrape"
_MISREAD = "FDA GSRS, a name that reads as another structure than its other names and those in law"
_SALTS = "hydrochloride|hcl|citrate|maleate|oxalate|fumarate|trifluoroacetate"
_NOISE = re.compile(rf"\s*\((?:{_SALTS}|exempt preparation|CRM)\)\s*|\s+(?:{_SALTS})$", re.IGNORECASE)
_SALT_TITLE = re.compile(r" (?:hydrochloride|hydrobromide|citrate|sulfate|tartrate|sodium)$", re.IGNORECASE)
_FAMILY = re.compile("fentan|nitazen", re.IGNORECASE)


def main(shared: Path, names: Path, folder: Path) -> None:
    """Write the tables."""
    entries = gsrs.read(names)
    index = gsrs.by_name(entries)
    law = [row for file in sorted((HERE / "law").glob("*.csv")) for row in rows(file) if row["schedule"] != "class"]
    law += list(_reported(shared))
    wanted = list(rows(HERE / "wanted.csv"))
    _forget_what_is_not_meant(entries, index)
    targets = _targets(entries, index, law, wanted, shared)
    for unii in targets:
        entries[unii].of_salts = gsrs.salts(entries[unii], entries, index)
    _read_in_law(entries, index, law)
    for row in rows(HERE / "corrections.csv"):
        for entry in (entries[unii] for unii in targets if entries[unii].display == row["display"]):
            entry.corrected = row["name"]
    asked = [name for unii in targets for names in entries[unii].told() for name in names]
    asked += [name for row in law for name in printed(row)]
    asked += [row["name"] for row in rows(HERE / "corrections.csv")]
    asked += [name for file in PUBLISHED for row in rows(shared / file) for name in _titles(row)]
    read = opsin.structures((form for name in asked for form in opsin.written(name)), folder)
    book = Book()
    _precursors(book, shared)
    for file in PUBLISHED:
        _published(book, shared, file, read)
    _extra(book)
    _aliases(book)
    _wanted(book, entries, index, read, wanted)
    _from_gsrs(book, entries, read, targets)
    _by_unii(book, entries)
    _aliases(book)
    _from_law(book, law, read)
    _languages(book, shared, law)
    _by_dea_number(book, law)
    write(book, shared)


def _forget_what_is_not_meant(entries: dict[str, gsrs.Entry], index: dict[str, list[str]]) -> None:
    """Abbreviations that GSRS gives to something else than what a list means by them."""
    for row in rows(HERE / "not_meant.csv"):
        key = gsrs.key(row["name"])
        index[key] = [unii for unii in index.get(key, ()) if entries[unii].display != row["display"]]


def _read_in_law(entries: dict[str, gsrs.Entry], index: dict[str, list[str]], law: list[dict[str, str]]) -> None:
    """The chemical names that lists print for what GSRS knows by the same item's common name."""
    for row in law:
        for name in printed(row):
            found = index.get(gsrs.key(name), ())
            if len(found) == 1:
                entries[found[0]].of_law += [other for other in printed(row) if other != name]


def _aliases(book: Book) -> None:
    for row in rows(HERE / "aliases.csv"):
        made = book.find(row["entry"])
        if made:
            book.name(made, row["name"], "en", "synonym", "name as listed", "seen")


def _reported(shared: Path) -> Iterator[dict[str, str]]:
    """What laboratories report, as if it were a list: each base, and the descriptions reported under it."""
    names: dict[str, set[str]] = {}
    whole: dict[str, set[str]] = {}
    for file in (shared.parent / "nflis").glob("NFLIS*.csv"):
        for row in rows(file):
            many = names.setdefault(row["BASE_DESCRIPTION"].strip(), set())
            many.update(described(row["SUBSTANCE_DESCRIPTION"]))
            whole.setdefault(row["BASE_DESCRIPTION"].strip(), set()).add(without_salt(row["SUBSTANCE_DESCRIPTION"]))
    blank = dict.fromkeys(("schedule", "item", "cas", "from", "from_precision", "to", "quote"), "")
    for name in sorted(names):
        same = {"jurisdiction": "US", "list": "NFLIS-Drug, as laboratories report it", "lang": "en", "basis": "seen"}
        others = "; ".join(sorted(names[name] - {name}))
        source = "DEA NFLIS-Drug, query of 2026-03-03"
        yield (
            blank
            | same
            | {"name": name, "other_names": others, "source": source, "whole": "\t".join(sorted(whole[name]))}
        )


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


def _titles(row: dict[str, str]) -> list[str]:
    """A compiled row's name and synonyms without its salts."""
    return [
        gsrs.tidy(_NOISE.sub("", one.replace("\u200b", "")).replace("_", " ").strip())
        for one in [row["name"], *row["synonyms"].split(";")]
    ]


def _published(book: Book, shared: Path, file: str, read: dict[str, str]) -> None:
    """Compiled lists; a row whose only source is a seller's catalogue is left out."""
    corrected = {row["display"]: opsin.agreed([row["name"]], read)[0] for row in rows(HERE / "corrections.csv")}
    listed = {row["inchikey"][:14]: row["instrument"] for row in rows(shared / "controls.csv") if row["inchikey"]}
    for row in rows(shared / file):
        sources = [one.split(" (")[0] for one in row["sources"].split(" | ")]
        if set(sources) == {CATALOGUE + " 2024-06"}:
            if row["inchikey"][:14] not in listed:
                continue
            sources = [f"named by a control list: {listed[row['inchikey'][:14]]}"]
        source = "; ".join(dict.fromkeys(one for one in sources if not one.startswith(CATALOGUE)))
        basis = "seen" if "FDA-GSRS" in source else "secondary"
        misread = ""
        if row["name"].upper() in corrected and row["sources"].startswith("FDA-GSRS"):
            misread, row["smiles"] = row["smiles"], corrected[row["name"].upper()]
        told, _ = opsin.agreed(opsin.telling(_titles(row)), read)
        if row["n_sources"] == "1" and told and _contradicts(told, row["inchikey"]):
            continue  # the one source's drawing is not what its own chemical name says
        name = _title(row)
        made = book.add(
            name,
            name,
            "drug",
            PUBLISHED[file],
            row["smiles"],
            source.replace("FDA-GSRS UNII_Names", gsrs.SOURCE),
            basis,
        )
        book.unii(made, row["unii"])
        if misread:
            book.add(f"{name} misread", name, "drug", PUBLISHED[file], misread, _MISREAD, "secondary")
        for one in [name, *row["synonyms"].split(";")]:
            bare = _NOISE.sub("", one.replace("\u200b", "")).replace("_", " ").strip()
            book.name(made, gsrs.tidy(bare), "en", "preferred" if one is name else "synonym", source, basis)
        for column, form in (("cas_base", "base"), ("cas_salt", "salt")):
            for value in re.findall(r"\d{2,7}-\d\d-\d", row[column]):
                book.number(made, "CAS", value, form, source, basis)
        if row["dea_code"]:
            book.number(made, "DEA", row["dea_code"], "", gsrs.SOURCE, "seen")


def _contradicts(smiles: str, inchikey: str) -> bool:
    """Whether a structure has another skeleton, or another stereochemistry where both tell one."""
    told = Chem.MolToInchiKey(Chem.MolFromSmiles(smiles))
    flat = "UHFFFAOYSA" in (told[15:25], inchikey[15:25])
    return told[:14] != inchikey[:14] or (not flat and told != inchikey)


def _title(row: dict[str, str]) -> str:
    """The name a row goes by: without its salt, and spelled out where a synonym does so."""
    many = _titles(row)
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
    smiles, votes, told = _structure(entry, read)
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
    base = book.find(_SALT_TITLE.sub("", title))
    if not smiles and base and _SALT_TITLE.search(title):
        return base
    source = f"{gsrs.SOURCE}, {votes} {told} read by OPSIN" if smiles else gsrs.SOURCE
    made = book.add(
        title, title, kind, drug_class(mol, entry.dea), smiles, source, "seen" if votes > 1 else "secondary"
    )
    book.unii(made, entry.unii)
    return made


def _structure(entry: gsrs.Entry, read: dict[str, str]) -> tuple[str, int, str]:
    """What OPSIN reads in an entry's own names, else in those of its salts, else in those that law prints."""
    if entry.corrected:
        return opsin.agreed([entry.corrected], read)[0], 1, "name chosen by hand"
    ways = ("of its names", "names of its salts", "names printed in law")
    for names, told in zip(entry.told(), ways, strict=True):
        smiles, votes = opsin.agreed(opsin.telling(names), read)
        parts = read_smiles(smiles).components if smiles else ()
        if parts and parts[0].GetNumHeavyAtoms() < 4:
            break
        if len(parts) == 1:
            return (Chem.MolToSmiles(parts[0]) if told != ways[0] else smiles), votes, told
    return "", 0, ""


def _from_law(book: Book, law: list[dict[str, str]], read: dict[str, str]) -> None:
    """Items of law lists that are not entries yet, where their printed chemical name reads as a structure."""
    first = [bool(opsin.agreed(opsin.telling(printed(row)), read)[0]) for row in law]
    for row in [row for held in (True, False) for row, one in zip(law, first, strict=True) if one is held]:
        short = [re.sub(r"\s*\(.*$", "", name) for name in printed(row)]
        known = next(filter(None, map(book.find, (*printed(row), *short))), "") or book.by_cas(row["cas"])
        if known or row["lang"] == "fr":
            _also_named(book, known, row)
            continue
        smiles, _ = opsin.agreed(opsin.telling(printed(row)), read)
        title = next(printed(row), "")
        if not title or len(title) > 90 or "preparation" in title:
            continue
        mol = Chem.MolFromSmiles(smiles)
        held = "." not in smiles and mol.GetNumHeavyAtoms() >= 4
        source = f"{row['jurisdiction']} {row['list']}" + (", chemical name read by OPSIN" if held else "")
        kind = "precursor" if "recursor" in row["list"] or row["jurisdiction"] == "EU" else "drug"
        made = book.add(title, title, kind, drug_class(mol, []) if held else "", smiles if held else "", source, "seen")
        _also_named(book, made, row)
        if not held:
            book.note(made, "isomer or structure not specified" if "NFLIS" in row["list"] else "structure not held")


def _also_named(book: Book, made: str, row: dict[str, str]) -> None:
    """The other names an item prints, where no entry has them."""
    for name in printed(row) if made else ():
        if not book.find(name):
            book.name(made, name, "en", "synonym", row["source"][:160], row["basis"])


def _by_unii(book: Book, entries: dict[str, gsrs.Entry]) -> None:
    """GSRS's names and DEA numbers of every entry with a UNII."""
    for unii, made in book.known_uniis.items():
        entry = entries.get(unii)
        if entry is None:
            continue
        many = [(gsrs.tidy(one), "synonym") for one in dict.fromkeys(entry.common)][:25]
        many += [(gsrs.tidy(one), "systematic") for one in dict.fromkeys(entry.systematic)][:4]
        if "fentan" in entry.display.lower():
            many += [
                (gsrs.tidy(one), "trade") for one in sorted(set(entry.brands), key=lambda one: (len(one), one))[:8]
            ]
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
        made = next(filter(None, map(book.find, printed(row))), "")
        if row["jurisdiction"] == "US" and "1308" in row["list"] and made:
            number, told = listed_class(row["schedule"], row["item"])
            book.number(made, "DEA", number, "", f"US {row['list']}", row["basis"])
            book.classify(made, "" if book.entries[made]["drug_class"] else told, "")


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
        for name in filter(None, row.get("whole", "").split("\t")):
            book.name(made, name, "en", "synonym", row["source"], row["basis"])
        kind = "official" if row["basis"] == "seen" else "synonym"
        book.name(made, row["name"], row["lang"], kind, row["source"][:160], row["basis"])
    for file in (HERE / "names_by_language.csv", shared / "names_multilingual.csv"):
        for row in rows(file):
            made = book.find(row["substance"])
            if made:
                basis = row["basis"].replace("recall", "unverified")
                kind, source = _kind(row["kind"], row.get("source", ""))
                for name in row["name"].split("; "):
                    book.name(made, name, row["lang"], kind, source, basis)


_KINDS = ("preferred", "INN", "official", "synonym", "systematic", "abbreviation", "code", "street", "salt", "trade")
_OFFICIAL = re.compile(r"official|list name|order|designation|law title|reported|announcement", re.IGNORECASE)


def _kind(told: str, source: str) -> tuple[str, str]:
    """One of the kinds of names, and the source with what else the list tells."""
    if told in (*_KINDS, "misspelling"):
        return told, source
    kind = "INN" if told.startswith("INN") else "official" if _OFFICIAL.search(told) else "synonym"
    return kind, "; ".join(filter(None, (source, told.strip("-"))))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
