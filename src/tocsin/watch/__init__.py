"""What is new, and what is rising? So far: plain comparisons of laboratory identifications."""

from tocsin.watch.identified import METHOD, Identifications, fast_risers, identifications, newly_identified

__all__ = ["METHOD", "Identifications", "fast_risers", "identifications", "newly_identified"]
