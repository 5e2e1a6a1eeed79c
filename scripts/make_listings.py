"""Makes ``listings.csv``: what each list by name holds, from the lists of law under ``registry/law``, by entry and day.

    python -m scripts.make_listings SHARED/substances

An item is matched to an entry by its CAS number, else by a printed name. ``no later than`` gives way where another text
tells the day; a UN decision's month gives way to the day it took effect.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.make_registry import HERE
from scripts.registry.books import TARGET, rows
from scripts.registry.printed import printed
from tocsin.substances.names import find_names
from tocsin.substances.registry import registry

COLUMNS = [
    "rule",
    "substance",
    "schedule",
    "item",
    "name",
    "start",
    "precision",
    "end",
    "after_end",
    "note",
    "basis",
    "source",
]
Row = dict[str, str]
_VAGUE = ("no later than", "unknown")
_SURE = ("seen", "publication day", "inferred", "secondary", "recommendation only", "unverified")
_LISTS = {row["begins"]: row["rule"] for row in rows(HERE / "lists.csv")}
_READ = {"UN": "2026-05-27", "EU": "2026-01-01", "CN": "2026-01-01", "US": "2026-01-01"}
"""The day of the copy read, where neither it nor another text tells since when an item is listed."""
_CLASSES = {"芬": ("CN-FENT-2019", "class-fentanyl-related"), "尼": ("CN-NITAZ-2025", "class-nitazenes")}
_CLASSES |= {"合": ("CN-SCRA-2021", "class-synthetic-cannabinoids")}


def main(shared: Path) -> None:
    """Write the table and say what could not be matched."""
    law = [row for file in sorted((HERE / "law").glob("*.csv")) for row in rows(file)]
    found = [*_of_lists(law), *_of_facts(shared / "controls.csv")]
    by_listing: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found:
        by_listing[row["rule"], row["substance"]].append(row)
    kept = [row for key in sorted(by_listing) for row in _told_once(key[0], by_listing[key])]
    with (TARGET / "listings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    print(Counter(row["rule"] for row in kept))
    print("not matched:", Counter(row["jurisdiction"] for row in law if not _entries(row)))


def rule_of(row: Row) -> str:
    """The rule a list belongs to: ``registry/lists.csv`` says so by how the list and schedule begin."""
    told = f"{row['jurisdiction']} {row['list']} {row['schedule']}"
    return next((rule for start, rule in _LISTS.items() if re.match(start, told)), "")


def _of_lists(law: Iterable[Row]) -> Iterator[Row]:
    for row in law:
        if row["schedule"] == "class":
            rule, entry = _CLASSES[row["name"][0]]
            yield _listing(rule, entry, row)
        elif rule_of(row) and row["lang"] != "fr" and (row["from"] or row["jurisdiction"] in _READ):
            yield from (_listing(rule_of(row), entry, row) for entry in sorted(_entries(row)))


def _listing(rule: str, entry: str, row: Row) -> Row:
    start, precision = row["from"], row["from_precision"] or "unknown"
    if not start:
        start, precision = _READ[row["jurisdiction"]], "no later than"
    if "2013年版" in row["list"]:
        start, precision = "2014-01-01", "no later than"
    schedule = {
        "第一类": "first class",
        "第二类": "second class",
        "第三类": "third class",
        "第一部分 (US, MX, CA)": "Annex 1, Part 1 (US, MX, CA)",
    }.get(row["schedule"], row["schedule"])
    return {
        "rule": rule, "substance": entry, "schedule": schedule, "item": row["item"], "name": _clean(row["name"]),
        "start": start, "precision": precision, "end": row["to"], "after_end": "", "note": "", "basis": row["basis"],
        "source": _clean(row["source"]),
    }  # fmt: skip


def _entries(row: Row) -> set[str]:
    """The entries an item is: by CAS number, else by a name it prints."""
    by_cas = {n.value: n.substance for many in registry().numbers.values() for n in many if n.scheme == "CAS"}
    numbers = {by_cas[value] for value in re.findall(r"\d{2,7}-\d\d-\d", row["cas"]) if value in by_cas}
    return numbers or _by_name([row["name"], *printed(row)])


def _by_name(names: Iterable[str]) -> set[str]:
    for name in names:
        found = {
            one.name.substance
            for one in find_names(name)
            if not one.edits and one.name.kind not in ("street", "misspelling") and "third party" not in one.name.note
        }
        if found:
            return found
    return set()


def _of_facts(path: Path) -> Iterator[Row]:
    """The compiled facts of control: one row or several for each, as its dates tell."""
    for row in rows(path):
        if row["name"].startswith("CLASS"):
            continue
        entry = _of_fact(row)
        rule = next((rule for start, rule in _LISTS.items() if re.match(start, _told(row))), "")
        if entry and rule:
            yield from _periods(rule, entry, row)


def _of_fact(row: Row) -> str:
    """The entry a fact is of: the structure it names, the flat one of several stereoisomers, else by its name."""
    alike = [
        one for one in registry().substances.values() if one.inchikey and one.inchikey[:14] == row["inchikey"][:14]
    ]
    exact = [one.id for one in alike if one.inchikey == row["inchikey"]]
    named = sorted(_by_name([row["name"], row["name"].partition(" (")[0]]))
    among = [one for one in named if one in {entry.id for entry in alike}]
    flat = [one.id for one in alike if one.inchikey[15:23] == "UHFFFAOY"]
    return next(iter([*exact, *among, *flat, *(one.id for one in alike), *named]), "")


def _told(row: Row) -> str:
    return f"FACT {row['jurisdiction']} {row['instrument']} / {row['schedule']}"


def _periods(rule: str, entry: str, row: Row) -> Iterator[Row]:
    """What the columns ``effective`` and ``instrument`` tell: tables changed, temporary orders, permanent ones."""
    same = {
        "rule": rule, "substance": entry, "schedule": _schedule(row["schedule"]), "item": "", "name": row["name"], "end": "",
        "after_end": "", "note": _clean(row["instrument"]), "basis": _basis(row["basis"]), "source": _clean(row["url"] or row["source"]),
    }  # fmt: skip
    moved = re.match(r"(\d{4}) \(II\), (\d{4}) \(I\)", row["effective"])
    if moved:
        yield same | {
            "schedule": "Table II",
            "start": moved[1],
            "precision": "year",
            "end": moved[2],
            "after_end": "ended",
        }
        yield same | {"schedule": "Table I", "start": moved[2], "precision": "year"}
        return
    vague = re.match(r"(?:no later than|before) (\S+)", row["effective"])
    start = vague[1] if vague else re.match(r"\d{4}(?:-\d\d){0,2}", row["effective"])[0]  # type: ignore[index]
    unread = "effective day NOT seen" in row["date_precision"]
    precision = "no later than" if vague else "published" if unread else {4: "year", 7: "month", 10: "day"}[len(start)]
    temporary = re.search(r"\d{4}-\d\d-\d\d\.\.(\d{4}-\d\d-\d\d)", row["instrument"])
    yield same | {"start": start, "precision": precision, "end": temporary[1] if temporary else ""}
    permanent = re.search(r"(?:effective|PERMANENT[^;]*effective) (\d{4}-\d\d-\d\d)", row["instrument"])
    if permanent:
        yield same | {"start": permanent[1], "precision": "day"}


def _schedule(text: str) -> str:
    return text.split(" (")[0].replace("Sched ", "").partition(" incl.")[0]


def _basis(text: str) -> str:
    words = {
        "recall": "unverified",
        "inferred": "inferred",
        "recommendation": "recommendation only",
        "secondary": "secondary",
    }
    return next((basis for word, basis in words.items() if word in text), "seen")


def _clean(text: str) -> str:
    plain = re.sub(r"\s*(?:GitHub )?file id \d+", " public copy", " ".join(text.split()))
    return re.sub(r"law\.md.*", "an earlier reading", plain)[:300]


def _told_once(rule: str, many: list[Row]) -> Iterator[Row]:
    """The listings of an entry on a list, each told once, by the text that tells its day best."""
    exact = [row for row in many if row["precision"] not in _VAGUE]
    if not exact:
        yield min(many, key=lambda row: (row["start"] or "9999", _rank(row)))
        return
    if rule.startswith("UN-") and any(row["precision"] == "day" for row in exact):
        exact = [row for row in exact if row["precision"] == "day" or row["schedule"] == "Table II"]
    of_lists = [row for row in exact if not row["note"]]
    if rule.startswith("US-") and of_lists:
        exact = of_lists
    days = {row["start"] for row in exact if row["precision"] != "year"}
    told = set()
    for row in sorted(exact, key=lambda row: (row["start"], _rank(row))):
        finer = any(day.startswith(row["start"]) and len(day) > len(row["start"]) for day in days)
        if not finer and (row["start"], row["end"]) not in told:
            told.add((row["start"], row["end"]))
            yield row


def _rank(row: Row) -> int:
    return _SURE.index(row["basis"]) if row["basis"] in _SURE else 3


if __name__ == "__main__":
    main(Path(sys.argv[1]))
