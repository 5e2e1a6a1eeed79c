"""What does it do, and what answers it? So far: deaths by year, as counts and as rates."""

from tocsin.harm.deaths import BASELINE, METHOD, YearOfDeaths, years_of_deaths

__all__ = ["BASELINE", "METHOD", "YearOfDeaths", "years_of_deaths"]
