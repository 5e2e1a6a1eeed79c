"""``make bench``: one table of what the spine costs, each row in a process of its own.

Rows a second, seconds (median of the runs), peak memory of the process, and the bar it is held to. Feeds need the
publishers' files (``../shared/data`` or ``TOCSIN_DATA``); without them their rows are left out and said to be. The
console's rows are of a node of a million records, the median of many pages; ``python -m bench.console`` has the whole.
Substances are screened against a catalogue that ``TOCSIN_CATALOGUE`` names.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.console import bench_rows

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("TOCSIN_DATA", ROOT.parent / "shared" / "data"))
RUNS = 3

LOAD = """
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
from pathlib import Path
from tocsin.feeds import load
from tocsin.node import Node, read_settings
node = Node.create(read_settings(sys.argv[1], {}))
begin = time.perf_counter()
landed = load(node, sys.argv[2], [Path(name) for name in sys.argv[3:]])
seconds = time.perf_counter() - begin
rows = sum(entry.accounting.read for entry in landed.entries)
print(json.dumps([rows, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
STARTER = """
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
begin = time.perf_counter()
from tocsin.feeds.starter_set import load_starter
from tocsin.node import Node, read_settings
node = Node.create(read_settings(sys.argv[1], {}))
rows = sum(load_starter(node).values())
print(json.dumps([rows, time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
BRIEF = """
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
from datetime import date
from tocsin.brief import as_html, build
from tocsin.node import Node, read_settings
node = Node.open(read_settings(sys.argv[1], {}))
as_html(build(node))
begin = time.perf_counter()
page = as_html(build(node, as_of=date(2026, 3, 31)))
print(json.dumps([len(page), time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was done how often a second, how long, how large, and the bar."""

    name: str
    amount: float
    seconds: float
    megabytes: float | None
    bar: float | None


def main() -> None:
    """Run everything and print the table."""
    print(f"load average at the start: {os.getloadavg()[0]:.2f}; {os.cpu_count()} cores; median of {RUNS} runs\n")
    rows = feeds() if DATA.is_dir() else []
    rows += [fresh("starter set, with a new node", STARTER, 15.0), *brief(), command_line(), second_start()]
    rows += [Row(name, 0, seconds, megabytes, bar) for name, seconds, megabytes, bar in bench_rows()]
    print(f"{'what':44} {'amount':>9} {'seconds':>8} {'a second':>10} {'peak MB':>8}  bar")
    for row in rows:
        speed = f"{row.amount / row.seconds:10,.0f}" if row.amount else " " * 10
        size = f"{row.megabytes:8,.0f}" if row.megabytes else " " * 8
        bar = "" if row.bar is None else f"≤ {row.bar:g} s " + ("met" if row.seconds <= row.bar else "MISSED")
        print(f"{row.name:44} {row.amount:9,.0f} {row.seconds:8.2f} {speed} {size}  {bar}")
    if not DATA.is_dir():
        print(f"\nfeeds left out: no publishers' files at {DATA}")
    catalogue = os.environ.get("TOCSIN_CATALOGUE")
    if catalogue is None:
        print("\nsubstances left out: TOCSIN_CATALOGUE names no catalogue of SMILES; see bench/substances.py")
        return
    print(flush=True)
    subprocess.run([sys.executable, "-m", "bench.substances", "--catalogue", catalogue], check=True)


def feeds() -> list[Row]:
    """Feeds of every kind, each into an empty node; FollowTheMoney in bulk has a bench of its own, ``bench.bulk``."""
    sdn = ["sdn_2024-05-03.csv", "alt_2024-01-08.csv", "add_2024-01-08.csv", "sdn_comments_2024-01-08.csv"]
    sets: list[tuple[str, str, list[str], float | None]] = [
        ("us-ofac-sdn: raw set", "us-ofac-sdn", [f"ofac/{name}" for name in sdn], 10.0),
        ("us-ofac-sdn: names and aliases", "us-ofac-sdn", ["ofac/ofac-sdn_2026-08-20_names_aliases.csv"], None),
        ("us-ofac-sdn: history", "us-ofac-sdn", ["ofac/sdn_first_last_seen_2021-08_2024-05.csv"], None),
        ("us-cdc-t404", "us-cdc-t404", ["cdc/us_t404_monthly_final_1999_2024.csv"], None),
        ("us-dea-nflis: half-years", "us-dea-nflis", ["nflis/NFLIS_Drug_DQS_2026_03_03_13_26_55.csv"], None),
        ("us-dea-nflis: years", "us-dea-nflis", ["nflis/NFLIS_fent_all_us-overdoses.csv"], None),
        ("us-cdc-vsrr: all indicators", "us-cdc-vsrr", ["cdc/vsrr_2019-04-30.csv"], None),
        ("us-cdc-dose: states", "us-cdc-dose", ["dose/DOSE_SyS_2025-08-25_Jurisdiction-Table_1.csv"], None),
        ("us-cbp-seizures", "us-cbp-seizures", ["cbp/nationwide-drugs-fy23-fy26-apr.csv"], None),
        ("ca-phac-harms", "ca-phac-harms", ["canada/SubstanceHarmsData_vintage2026-04.csv"], None),
        ("us-ct-ocme", "us-ct-ocme", ["connecticut/Accidental_Drug_Related_Deaths_2012-2022.csv"], None),
        ("un-sc-sanctions", "un-sc-sanctions", ["un/UN_consolidated_2026-02-27.xml"], None),
    ]
    return [fresh(name, LOAD, bar, source, *(str(DATA / file) for file in files)) for name, source, files, bar in sets]


def fresh(name: str, code: str, bar: float | None, *arguments: str) -> Row:
    """The median of runs that each begin with no node."""

    def once() -> list[float]:
        with tempfile.TemporaryDirectory() as folder:
            return run(code, folder, *arguments)

    return median(name, once, bar)


def brief() -> list[Row]:
    """The page of a node with the starter set, and of one with everything loaded, in a warm process."""
    with tempfile.TemporaryDirectory() as folder:
        run(STARTER, folder)
        rows = [median("brief as a page, starter set, warm process", lambda: run(BRIEF, folder), 2.0)]
        if DATA.is_dir():
            names = ["sdn_2024-05-03.csv", "alt_2025-12-24.csv", "add_2025-12-24.csv"]
            names += ["sdn_first_last_seen_2021-08_2024-05.csv", "ofac-sdn_2026-08-20_names_aliases.csv"]
            for name in names:
                run(LOAD, folder, "us-ofac-sdn", str(DATA / "ofac" / name))
            rows.append(median("brief as a page, whole list, warm process", lambda: run(BRIEF, folder), 2.0))
    return rows


def command_line() -> Row:
    """``tocsin --help``."""

    def once() -> list[float]:
        begin = time.perf_counter()
        subprocess.run([tocsin(), "--help"], check=True, capture_output=True)
        return [0, time.perf_counter() - begin, 0]

    return median("tocsin --help", once, 0.2)


def second_start() -> Row:
    """``tocsin up`` on a node that is there, until pages are served."""
    with tempfile.TemporaryDirectory() as folder:
        run(STARTER, folder)

        def once() -> list[float]:
            begin = time.perf_counter()
            command = [tocsin(), "up", "--node", folder, "--port", "8798"]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            try:
                while True:
                    try:
                        urllib.request.urlopen("http://127.0.0.1:8798/style.css", timeout=5)
                        return [0, time.perf_counter() - begin, 0]
                    except (urllib.error.URLError, ConnectionError):
                        time.sleep(0.01)
            finally:
                process.terminate()
                process.wait()

        return median("tocsin up, second start, until served", once, 3.0)


def median(name: str, once: Callable[[], list[float]], bar: float | None) -> Row:
    """Run and take the median second and the largest memory."""
    runs = [once() for _ in range(RUNS)]
    return Row(name, runs[0][0], statistics.median(r[1] for r in runs), max(r[2] for r in runs), bar)


def run(code: str, *arguments: str) -> list[float]:
    """A process of its own; its last line is (amount, seconds, megabytes)."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True)
    answer: list[float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def tocsin() -> str:
    """The command beside this Python."""
    return shutil.which("tocsin", path=str(Path(sys.executable).parent)) or "tocsin"


if __name__ == "__main__":
    main()
