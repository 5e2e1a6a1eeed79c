"""ONS: deaths related to drug poisoning in England, by the year in which they were registered.

The year is not that of death: about half of the deaths registered in 2014, and more of later ones, happened earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tocsin.feeds.cells import count, year
from tocsin.feeds.files import SourceFile
from tocsin.feeds.observing import observed
from tocsin.feeds.reading import BadRow, release_of
from tocsin.feeds.tables import Layout, Row, read_table
from tocsin.node import Draft, Release
from tocsin.records.kinds import pairs

source = "gb-ons-drug-deaths"
_DEFINITIONS = {
    "all_drug_poisoning": "gb-ons-drug-poisoning-registered",
    "drug_misuse": "gb-ons-drug-misuse-registered",
}
_LAYOUTS = (Layout("year", ("sex", "year", *_DEFINITIONS)),)
_SEXES = ("Persons", "Males", "Females")


def releases(files: Sequence[SourceFile]) -> list[Release]:
    """One release per file; its day is the user's, for the file does not say it."""
    return [release_of(source, read_table(file, _LAYOUTS, _drafts)[1], "year") for file in files]


def _drafts(row: Row) -> list[Draft]:
    if row["sex"] not in _SEXES:
        raise BadRow(f"{row['sex']!r} is none of {', '.join(_SEXES)}; columns may be swapped")
    y = year(row["year"])
    period = (date(y, 1, 1), date(y, 12, 31))
    dims = () if row["sex"] == "Persons" else pairs(sex=row["sex"])
    return [
        Draft(observed(definition, "GB-ENG", period, count(row[column]), "final", dims=dims), f"row {row.line}")
        for column, definition in _DEFINITIONS.items()
    ]
