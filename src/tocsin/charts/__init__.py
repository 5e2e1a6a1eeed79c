"""How does it look? One function a picture; console, brief and notebooks share them."""

from tocsin.charts.bars import bars_by_year
from tocsin.charts.lines import small_lines

__all__ = ["bars_by_year", "small_lines"]
