"""What is new, and what is rising? So far: plain comparisons of laboratory identifications and of seizures."""

from tocsin.watch.identified import METHOD, Identifications, fast_risers, identifications, newly_identified
from tocsin.watch.seizures import SEIZURE_METHOD, FiscalYear, fiscal_years

__all__ = [
    "METHOD",
    "SEIZURE_METHOD",
    "FiscalYear",
    "Identifications",
    "fast_risers",
    "fiscal_years",
    "identifications",
    "newly_identified",
]
