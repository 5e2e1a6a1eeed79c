"""The bundled starter set: enough real records to start without a network.

Made by ``scripts/make_starter.py`` from publishers' files through the feeds of this room. Parties are those of the US
drug programmes; their identity numbers and contact data are carried only as keyed hashes and masked text.
"""

from __future__ import annotations

import json
from importlib.resources import as_file, files
from typing import Any

import pyarrow.parquet as pq

from tocsin.node import Node
from tocsin.node.ledger_json import from_json
from tocsin.records.schemas import KINDS, SCHEMAS

FOLDER = "starter"
MANIFEST = "manifest.json"


def manifest() -> dict[str, Any]:
    """Where the set comes from: each source with publisher, licence, release and retrieval day, and its accounting."""
    return json.loads(files("tocsin.feeds").joinpath(FOLDER, MANIFEST).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def load_starter(node: Node) -> dict[str, int]:
    """Put the set into a node; how many records of each kind were new. A second call adds nothing."""
    tables = {}
    for kind in KINDS:
        with as_file(files("tocsin.feeds").joinpath(FOLDER, f"{kind}.parquet")) as path:
            tables[kind] = pq.read_table(path).cast(SCHEMAS[kind])
    return node.adopt(tables, [from_json(row) for row in manifest()["ledger"]])
