"""Make the bundled starter set from a folder of publishers' files, through the project's own feeds.

    python scripts/make_starter.py FOLDER --retrieved 2026-11-23

FOLDER holds ``ofac/``, ``cdc/``, ``nflis/``, ``cbp/``, ``canada/`` and ``dose/`` as they were downloaded. The set is written to
``src/tocsin/feeds/starter``: four Parquet files and a manifest.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from tocsin.feeds import SOURCES, read
from tocsin.feeds.starter_set import FOLDER, MANIFEST
from tocsin.node import Node, Release, read_settings
from tocsin.node.ledger_json import to_json
from tocsin.node.list_changes import PROGRAMMES
from tocsin.parties import drug_programmes
from tocsin.records import Claim, Event, Observation
from tocsin.records.hashing import keyed_hash
from tocsin.records.kinds import Body, pairs
from tocsin.records.schemas import KINDS, SCHEMAS
from tocsin.records.vocabulary import is_masked, masked

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "tocsin" / "feeds" / FOLDER
PROGRAMME_CODES = tuple(drug_programmes())
SHOWN = {"topics", "name", "programId", "alias", "previousName", "weakAlias", "country", "nationality", "citizenship"}
WALLET = {"currencySymbol", "holder"}
# (files, release day). Where neither file nor name says the day: the last day of the month in which the publisher put
# it at its address (CBP), or which its name gives (Canada), so that nothing is shown before it was public.
FILES: dict[str, tuple[tuple[tuple[str, ...], date | None], ...]] = {
    "us-cdc-t404": ((("cdc/us_t404_monthly_final_1999_2024.csv",), None),),
    "us-cdc-vsrr": ((("cdc/vsrr_T404_2026-06-27.csv",), None),),
    "us-cdc-dose": (
        (("dose/DOSE_SyS_2025-08-25_Jurisdiction-Table_1.csv", "dose/DOSE_SyS_2025-08-25_Overall-Table_1.csv"), None),
    ),
    "us-cbp-seizures": (
        (("cbp/nationwide-drugs-fy19-fy22.csv",), date(2022, 10, 31)),
        (("cbp/nationwide-drugs-fy23-fy26-dec.csv",), date(2026, 1, 31)),
        (("cbp/nationwide-drugs-fy23-fy26-apr.csv",), date(2026, 5, 31)),
    ),
    "ca-phac-harms": (
        (("canada/SubstanceHarmsData_vintage2023-04.csv",), date(2023, 4, 30)),
        (("canada/SubstanceHarmsData_vintage2026-04.csv",), date(2026, 4, 30)),
    ),
    "us-dea-nflis": (
        (("nflis/NFLIS_fent_all_us-overdoses.csv", "nflis/NFLIS_Drug_DQS_2026_03_03_13_26_55.csv"), None),
    ),
    "us-ofac-sdn": (
        (
            (
                "ofac/sdn_first_last_seen_2021-08_2024-05.csv",
                "ofac/alt_2024-01-08.csv",
                "ofac/add_2024-01-08.csv",
                "ofac/sdn_2024-05-03.csv",
                "ofac/alt_2025-12-24.csv",
                "ofac/add_2025-12-24.csv",
                "ofac/ofac-sdn_2026-08-20_names_aliases.csv",
            ),
            None,
        ),
    ),
}
DRUGS = {"us-cbp-seizures": ("Fentanyl", "Heroin", "Methamphetamine"), "us-cdc-dose": ("drugs", "opioids", "fentanyl")}
SCOPES = {
    "us-cbp-seizures": "of all drugs: fentanyl, heroin, methamphetamine",
    "us-cdc-dose": "of all rates: all drugs, opioids, fentanyl; without sex and age",
    "ca-phac-harms": "overall numbers and crude rates",
}


def main() -> None:
    """Read, reduce, land in a node of its own, and write that node's records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--retrieved", required=True, help="the day the files were fetched")
    arguments = parser.parse_args()
    releases = {source: list(releases_of(arguments.folder, source)) for source in FILES}
    releases["us-nchs-rates"] = read("us-nchs-rates", [ROOT / "src/tocsin/feeds/data/nchs_rates.csv"])[0]
    for source in SCOPES:
        releases[source] = [reduced(release, is_carried, SCOPES[source]) for release in releases[source]]
    wanted = drug_parties(releases["us-ofac-sdn"])
    releases["us-ofac-sdn"] = [of_parties(release, wanted) for release in releases["us-ofac-sdn"]]
    with tempfile.TemporaryDirectory() as folder:
        node = Node.create(read_settings(folder))
        for group in releases.values():
            for release in sorted(group, key=lambda r: r.published_at):
                node.land([release], {})
        write(node, arguments.retrieved)


def releases_of(folder: Path, source: str) -> Iterator[Release]:
    """The releases of a source's files, each as of its day."""
    for names, published in FILES[source]:
        yield from read(source, [folder / name for name in names], published)[0]


def is_carried(source: str, body: Body) -> bool:
    """Whether the set carries a number: the drugs and breakdowns named in SCOPES."""
    if not isinstance(body, Observation):
        return True
    if source == "ca-phac-harms":
        return not dict(body.dims).keys() - {"part", "event"} and not body.definition.endswith(
            ("share", "age-adjusted-rate")
        )
    return body.substance is None or (
        body.substance in DRUGS[source] and not {"sex", "age_range"} & dict(body.dims).keys()
    )


def reduced(release: Release, carries: Callable[[str, Body], bool], scope: str) -> Release:
    """The release with only what the set carries of it; its scope says what that is."""
    drafts = tuple(draft for draft in release.drafts if carries(release.source, draft.body))
    return replace(release, drafts=drafts, document=replace(release.document, scope=scope), may_shrink=True)


def drug_parties(releases: Iterable[Release]) -> set[str]:
    """The parties that any release names under a drug programme."""
    return {
        draft.body.subject
        for release in releases
        for draft in release.drafts
        if isinstance(draft.body, Claim) and draft.body.property == "programId" and draft.body.value in PROGRAMME_CODES
    }


def of_parties(release: Release, wanted: set[str]) -> Release:
    """The release with the wanted parties only, and of them only what the set may carry."""
    drafts = tuple(
        replace(draft, body=body) for draft in release.drafts if (body := carried(draft.body, wanted)) is not None
    )
    scope = PROGRAMMES + " ".join(PROGRAMME_CODES)
    return replace(release, drafts=drafts, document=replace(release.document, scope=scope), may_shrink=True)


def carried(body: Body, wanted: set[str]) -> Body | None:
    """What the set carries of a statement: names and places as they are, numbers and contacts masked, the rest not."""
    if isinstance(body, Event):
        return body if all(party in wanted for party, _ in body.parties) else None
    if not isinstance(body, Claim) or body.subject.split("/")[0] not in wanted:
        return None
    if is_masked(body.schema, body.property) and body.property != "address":
        about = {name: word for name, word in body.qualifiers if name in ("label", "country")}
        return replace(body, value=masked(body.value), qualifiers=pairs(about, keyed_hash=keyed_hash(body.value)))
    if body.property in SHOWN or (body.schema == "CryptoWallet" and body.property in WALLET):
        return body
    return None


def write(node: Node, retrieved: str) -> None:
    """The node's records as Parquet, and the manifest."""
    TARGET.mkdir(exist_ok=True)
    with node.view() as view:
        for kind in KINDS:
            names = ", ".join(f'"{name}"' for name in SCHEMAS[kind].names)
            # The moment of making it is nobody's business: two runs give the same bytes.
            table = view.table(
                f"SELECT {names} FROM {kind}_stored ORDER BY source, document, locator, id".replace(
                    '"known_at"', "published_at AS known_at"
                )
            )
            path = TARGET / f"{kind}.parquet"
            pq.write_table(table.cast(SCHEMAS[kind]), path, compression="zstd", compression_level=19)
            print(f"{kind:12} {table.num_rows:7,} records {path.stat().st_size / 1024:8,.0f} KiB")
    ledger = [to_json(entry) | {"loaded_at": f"{retrieved}T00:00:00+00:00"} for entry in node.ledger()]
    sources = [
        {
            "source": entry["source"],
            "part": entry["part"],
            "publisher": SOURCES[entry["source"]].publisher,
            "licence": SOURCES[entry["source"]].licence,
            "released": entry["published_at"][:10],
            "retrieved": retrieved,
        }
        for entry in ledger
    ]
    text = json.dumps({"sources": sources, "ledger": ledger}, indent=1, ensure_ascii=False)
    (TARGET / MANIFEST).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
