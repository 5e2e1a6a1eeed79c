"""The sanctions programmes against the drug trade, as rows of data."""

from __future__ import annotations

from functools import cache

from tocsin.records.data_files import data_rows


@cache
def drug_programmes() -> dict[str, str]:
    """Programme codes with their labels (``data/drug_programmes.csv``)."""
    return {row["code"]: row["label"] for row in data_rows("parties", "drug_programmes.csv")}
