"""The sanctions programmes against the drug trade, as rows of data."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def drug_programmes() -> dict[str, str]:
    """Programme codes with their labels (``data/drug_programmes.csv``)."""
    with files("tocsin.parties").joinpath("data", "drug_programmes.csv").open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row["label"] for row in csv.DictReader(handle)}
