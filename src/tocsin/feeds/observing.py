"""An observation by its definition: measure and unit stand in the catalogue, once."""

from __future__ import annotations

from datetime import date

from tocsin.feeds.catalogue import DEFINITIONS
from tocsin.records import Observation
from tocsin.records.kinds import Pairs


def observed(
    definition: str,
    place: str,
    period: tuple[date, date],
    value: float | None,
    status: str,
    *,
    substance: str | None = None,
    dims: Pairs = (),
    lower: float | None = None,
) -> Observation:
    """A number of a definition of ``data/definitions.csv``; without a value it is suppressed, whatever the status."""
    about = DEFINITIONS[definition]
    return Observation(
        measure=about.measure,
        definition=definition,
        place=place,
        period_start=period[0],
        period_end=period[1],
        unit=about.unit,
        status="suppressed" if value is None else status,
        value=value,
        substance=substance,
        dims=dims,
        lower=lower,
    )
