"""How does it look? One function a picture; console, brief and notebooks share them."""

from tocsin.charts.bars import bars_by_year
from tocsin.charts.choropleth import Place
from tocsin.charts.countries import world
from tocsin.charts.intervals import lines_with_intervals
from tocsin.charts.lines import small_lines
from tocsin.charts.picture import Picture
from tocsin.charts.point import Point
from tocsin.charts.states import us_states

__all__ = ["Picture", "Place", "Point", "bars_by_year", "lines_with_intervals", "small_lines", "us_states", "world"]
