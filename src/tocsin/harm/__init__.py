"""What does it do, and what answers it? So far: deaths by year and as they come in, as counts and as rates."""

from tocsin.harm.deaths import BASELINE, METHOD, YearOfDeaths, years_of_deaths
from tocsin.harm.provisional import PROVISIONAL_METHOD, TwelveMonths, twelve_months

__all__ = [
    "BASELINE",
    "METHOD",
    "PROVISIONAL_METHOD",
    "TwelveMonths",
    "YearOfDeaths",
    "twelve_months",
    "years_of_deaths",
]
