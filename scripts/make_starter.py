"""Make the bundled starter set from a folder of publishers' files, through the project's own feeds.

    python scripts/make_starter.py FOLDER --retrieved 2026-11-23

FOLDER holds ``ofac/``, ``cdc/`` and ``nflis/`` as they were downloaded. The set is written to
``src/tocsin/feeds/starter``: four Parquet files and a manifest.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from tocsin.feeds import SOURCES, read
from tocsin.feeds.starter_set import FOLDER, MANIFEST
from tocsin.node import Node, Release, read_settings
from tocsin.node.ledger_json import to_json
from tocsin.node.list_changes import PROGRAMMES
from tocsin.parties import drug_programmes
from tocsin.records import Claim, Event
from tocsin.records.hashing import keyed_hash
from tocsin.records.kinds import Body, pairs
from tocsin.records.schemas import KINDS, SCHEMAS
from tocsin.records.vocabulary import is_masked, masked

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "tocsin" / "feeds" / FOLDER
PROGRAMME_CODES = tuple(drug_programmes())
SHOWN = {"topics", "name", "programId", "alias", "previousName", "weakAlias", "country", "nationality", "citizenship"}
WALLET = {"currencySymbol", "holder"}
FILES = {
    "us-cdc-t404": ("cdc/us_t404_monthly_final_1999_2024.csv",),
    "us-dea-nflis": ("nflis/NFLIS_fent_all_us-overdoses.csv", "nflis/NFLIS_Drug_DQS_2026_03_03_13_26_55.csv"),
    "us-ofac-sdn": (
        "ofac/sdn_first_last_seen_2021-08_2024-05.csv",
        "ofac/alt_2024-01-08.csv",
        "ofac/add_2024-01-08.csv",
        "ofac/sdn_2024-05-03.csv",
        "ofac/alt_2025-12-24.csv",
        "ofac/add_2025-12-24.csv",
        "ofac/ofac-sdn_2026-08-20_names_aliases.csv",
    ),
}


def main() -> None:
    """Read, reduce, land in a node of its own, and write that node's records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--retrieved", required=True, help="the day the files were fetched")
    arguments = parser.parse_args()
    releases = {source: read(source, [arguments.folder / name for name in names])[0] for source, names in FILES.items()}
    releases["us-nchs-rates"] = read("us-nchs-rates", [ROOT / "src/tocsin/feeds/data/nchs_rates.csv"])[0]
    wanted = drug_parties(releases["us-ofac-sdn"])
    releases["us-ofac-sdn"] = [reduced(release, wanted) for release in releases["us-ofac-sdn"]]
    with tempfile.TemporaryDirectory() as folder:
        node = Node.create(read_settings(folder))
        for group in releases.values():
            for release in sorted(group, key=lambda r: r.published_at):
                node.land([release], {})
        write(node, arguments.retrieved)


def drug_parties(releases: Iterable[Release]) -> set[str]:
    """The parties that any release names under a drug programme."""
    return {
        draft.body.subject
        for release in releases
        for draft in release.drafts
        if isinstance(draft.body, Claim) and draft.body.property == "programId" and draft.body.value in PROGRAMME_CODES
    }


def reduced(release: Release, wanted: set[str]) -> Release:
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
