"""From an Altair chart and rows to SVG on the server: no script, no font and no address from outside.

A chart is described once without data and compiled once; each picture only puts its rows into what was compiled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tocsin.charts.palette import INK

Tables = Mapping[str, Any]
Params = Mapping[str, Sequence[str | float]]
Vega = dict[str, Any]
VEGA_LITE = "5.20"


@dataclass(frozen=True, slots=True)
class Template:
    """A chart without its rows: the function that describes it in Altair and what it is called with."""

    chart: Callable[..., Any]
    arguments: tuple[str | int | bool, ...] = ()

    def vega_lite(self) -> Vega:
        """The chart in the house's style, in Vega-Lite."""
        return styled(self.chart(*self.arguments))


def styled(chart: Any) -> Vega:
    """The chart in Vega-Lite: no background, ink for text, thin lines, nothing read out but the marks."""
    made: Vega = (
        chart.configure(background="transparent", font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_mark(invalid=None)
        .configure_axis(
            labelColor=INK, titleColor=INK, tickColor=INK, domainColor=INK, gridColor=INK, gridOpacity=0.15,
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", aria=False,
        )
        .configure_header(labelColor=INK, titleColor=INK, labelFontSize=12)
        .configure_legend(labelColor=INK, titleColor=INK, labelFontSize=13, aria=False)
        .configure_text(color=INK)
        .to_dict()
    )  # fmt: skip
    return made


@lru_cache(maxsize=256)
def compiled(template: Template) -> Vega:
    """The chart in Vega, with places for its rows. Shared: do not change it."""
    import vl_convert

    made: Vega = _unguarded(vl_convert.vegalite_to_vega(template.vega_lite(), vl_version=VEGA_LITE))
    return made


def _unguarded(part: Any) -> Any:
    """Without the tests of every row for values that are none: rows are checked before, and a test costs as a mark."""
    if isinstance(part, list):
        guarded = len(part) == 2 and isinstance(part[0], dict) and "!isValid(datum" in part[0].get("test", "")
        return _unguarded(part[1]) if guarded else [_unguarded(held) for held in part]
    if isinstance(part, dict):
        return {key: _unguarded(held) for key, held in part.items()}
    return part


def draw(template: Template, tables: Tables, params: Params) -> str:
    """SVG as Vega writes it, with the rows (or the topology) of each table and the value of each parameter."""
    import vl_convert

    vega = compiled(template)
    data = [{**held, "values": tables[held["name"]]} if held["name"] in tables else held for held in vega["data"]]
    signals = valued(vega.get("signals", ()), params)
    svg: str = vl_convert.vega_to_svg(json.dumps({**vega, "data": data, "signals": signals}))
    return svg


def valued(held: Sequence[Vega], params: Params) -> list[Vega]:
    """The parameters of a chart with the values they have this time; what is not among them stays as it is."""
    return [{**one, "value": list(params[one["name"]])} if one["name"] in params else one for one in held]
