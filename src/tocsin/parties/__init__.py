"""Who is this, and is it listed? So far: who was newly listed, and who was taken off."""

from tocsin.parties.listed import METHOD, Listing, listings
from tocsin.parties.programmes import drug_programmes

__all__ = ["METHOD", "Listing", "drug_programmes", "listings"]
