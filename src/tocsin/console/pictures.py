"""The pictures of a page of series, from exactly the numbers its table shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from tocsin.charts import Picture, Place, Point, lines_with_intervals, small_lines, us_states, world
from tocsin.console.chosen import Chosen, length_of, name_of_series
from tocsin.console.drawing import Drawers
from tocsin.console.language import number, place_name, translations
from tocsin.console.once import once
from tocsin.console.rendering import to
from tocsin.node.series import Series, Value
from tocsin.records.places import places

_ONE_FRAME = 6
_WIDTHS = (880, 358)
_HEIGHT, _PANEL = 300, 108
_COLUMNS = (4, 2)
_LEFT_OUT = 1.7
_INK = "svg{color:#16191d}@media(prefers-color-scheme:dark){svg{color:#e6e9ec}}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture at the width of a page and at that of a phone, and what stands below it.

    ``height``: pixels of the narrow one, so that a page can leave room for it; maps stand in the page at both widths.
    """

    wide: Picture
    narrow: Picture
    caption: str
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The same as SVG, to stand in a page; ``narrow`` is missing where a phone is to fetch it by itself."""

    wide: Markup
    narrow: Markup | None
    caption: str
    description: str
    height: int | None


Key = tuple[str, str, str, tuple[Series, ...], tuple[Value, ...], str, str]


def drawings_of(chosen: Chosen, language: str = "en") -> tuple[Drawn, ...]:
    """The map, the lines, or the panels of the numbers chosen; none where there are none."""
    return _drawn(*_key(chosen, language))


def pictures_of(chosen: Chosen, language: str, drawers: Drawers | None) -> tuple[Shown, ...]:
    """The drawings for a page; drawn once as long as they are asked for again and again."""
    found: tuple[Shown, ...] = _kept(shown, drawers, *_key(chosen, language))
    return found


def narrow_picture_of(chosen: Chosen, language: str, drawers: Drawers | None) -> str | None:
    """The first drawing at the width of a phone, as an image of its own that knows light and dark."""
    found: str | None = _kept(narrow, drawers, *_key(chosen, language))
    return found


@once(most=512)
def _kept(draw: Callable[..., Any], drawers: Drawers | None, *key: *Key) -> Any:
    return drawers.call(draw, *key) if drawers else draw(*key)


def prepare() -> None:
    """Describe and compile the usual pictures, so that the first reader need not wait for it."""
    for width in _WIDTHS:
        for high in (9, 9_999, 9_999_999):
            for days in (24, 240):
                points = [Point("A", f"{2000 + day // 12}-{day % 12 + 1:02d}-01", high) for day in range(days)]
                lines_with_intervals(points, "", "", "", width=width, height=_HEIGHT).svg()
        for draw in (us_states, world):
            draw([Place("US-OH" if draw is us_states else "US", 1)], "", "", "", width=width).svg()


def _key(chosen: Chosen, language: str) -> Key:
    label = f"{chosen.label}: {chosen.kind}" if chosen.kind else chosen.label
    return label, chosen.unit, chosen.wanted.view, chosen.series, chosen.values, language, chosen.wanted.as_of


def shown(*key: *Key) -> tuple[Shown, ...]:
    """The drawings of these numbers as SVG."""
    # The SVG is made by us, and every text in it escaped there.
    return tuple(
        Shown(
            Markup(one.wide.svg()),  # noqa: S704
            Markup(one.narrow.svg()) if one.height is None else None,  # noqa: S704
            one.caption,
            one.wide.description,
            one.height,
        )
        for one in _drawn(*key)
    )


def narrow(*key: *Key) -> str | None:
    """The first drawing of these numbers for a phone."""
    for one in _drawn(*key):
        svg = one.narrow.svg()
        inside = svg.index(">") + 1
        return f"{svg[:inside]}<style>{_INK}</style>{svg[inside:]}"
    return None


def _drawn(
    label: str, unit: str, view: str, series: tuple[Series, ...], values: tuple[Value, ...], language: str, as_of: str
) -> tuple[Drawn, ...]:
    if not any(value.value is not None or value.status == "suppressed" for value in values):
        return ()
    if view == "map":
        return _maps(label, unit, series, values, language, as_of)
    if len(series) <= _ONE_FRAME:
        return (_lines(label, unit, series, values, language, as_of),)
    return (_panels(label, series, values, language),)


def _lines(
    label: str, unit: str, series: tuple[Series, ...], values: tuple[Value, ...], language: str, as_of: str
) -> Drawn:
    names = {one.number: _name(one, series, language) for one in series}
    rolling = _rolling(values)
    points = [
        Point(
            names[value.series],
            str(value.period_end if rolling else value.period_start),
            value.value,
            value.lower if value.upper is not None else None,
            value.upper if value.lower is not None else None,
            value.status,
            _label(value, names, language),
            to(f"/records/{value.record}", as_of),
        )
        for value in with_gaps(values)
    ]
    words = _described(values, language)
    wide, narrow = (lines_with_intervals(points, label, words, unit, width=width, height=_HEIGHT) for width in _WIDTHS)
    note = translations(language).gettext(
        "Hollow points are provisional, predicted or still filling; a tick at the foot is a number withheld."
    )
    caption = f"{words} {note}{_ends(rolling, language)}"
    return Drawn(wide, narrow, caption, _HEIGHT + narrow.legend_height)


def _panels(label: str, series: tuple[Series, ...], values: tuple[Value, ...], language: str) -> Drawn:
    names = {one.number: _name(one, series, language) for one in series}
    rolling = _rolling(values)
    rows = [
        (
            names[value.series],
            str(value.period_end if rolling else value.period_start),
            value.value,
            value.status not in ("final", "suppressed"),
        )
        for value in with_gaps(values)
    ]
    words = _described(values, language)
    wide, narrow = (small_lines(rows, label, words, columns=columns) for columns in _COLUMNS)
    note = translations(language).gettext("Each panel has a scale of its own: compare shapes, not heights.")
    return Drawn(wide, narrow, f"{words} {note}{_ends(rolling, language)}", _PANEL * -(-len(series) // _COLUMNS[1]))


def with_gaps(values: Sequence[Value]) -> list[Value]:
    """The values with one that is missing wherever periods of the series are left out, so that no line bridges them."""
    starts = sorted({value.period_start for value in values})
    steps = [(after - before).days for before, after in pairwise(starts)]
    usual = min(steps, default=0)
    found = list(values[:1])
    for before, after in pairwise(values):
        apart = (after.period_start - before.period_start).days
        if after.series == before.series and apart > usual * _LEFT_OUT:
            day = before.period_start + timedelta(days=usual)
            found.append(replace(before, period_start=day, period_end=day, value=None, status="incomplete"))
        found.append(after)
    return found


def _ends(rolling: bool, language: str) -> str:
    words = translations(language).gettext("Each point stands at the end of its twelve months.")
    return f" {words}" if rolling else ""


def _maps(
    label: str, unit: str, series: tuple[Series, ...], values: tuple[Value, ...], language: str, as_of: str
) -> tuple[Drawn, ...]:
    by_number = {one.number: one for one in series}
    codes = {value.series: by_number[value.series].place for value in values}
    gettext, known = translations(language).gettext, places()
    groups = (
        (us_states, {code for code in codes.values() if code in known and known[code].parent == "US"}),
        (world, {code for code in codes.values() if code in known and known[code].kind == "country"}),
    )
    found = []
    for draw, wanted in groups:
        if len(wanted) > 4:
            some = [value for value in values if codes[value.series] in wanted]
            words = _described(some, language)
            rows = _places(some, codes, language, as_of)
            wide, narrow = (draw(rows, label, words, unit, width=width) for width in _WIDTHS)
            raw = "" if " per " in f" {unit} " else " " + gettext("Raw numbers, not rates: populous places have more.")
            found.append(Drawn(wide, narrow, f"{label}. {words}{raw} {_left_out(wide, language)}"))
    return tuple(found)


def _places(values: list[Value], codes: dict[int, str], language: str, as_of: str) -> list[Place]:
    names = {number: place_name(code, language) for number, code in codes.items()}
    return [
        Place(codes[one.series], one.value, _label(one, names, language), to(f"/records/{one.record}", as_of))
        for one in values
    ]


def _left_out(picture: Picture, language: str) -> str:
    gettext = translations(language).gettext
    words = gettext(
        "Places without a number are blank. Equal-area projection; borders as the source of the map draws them."
    )
    if picture.undrawn:
        words += (
            " " + gettext("Not on the map:") + " " + ", ".join(place_name(code, language) for code in picture.undrawn)
        )
    return words


def _name(series: Series, others: tuple[Series, ...], language: str) -> str:
    return name_of_series(series, others, partial(place_name, language=language))


def _label(value: Value, names: dict[int, str], language: str) -> str:
    """What a mark says: of what, when, how many, how sure."""
    gettext = translations(language).gettext
    text = gettext("withheld") if value.value is None else f"{number(value.value, language)} {value.unit}"
    if value.lower is not None and value.upper is not None:
        text += f" ({number(value.lower, language)} … {number(value.upper, language)})"
    return f"{names[value.series]}, {value.period_start} – {value.period_end}: {text}, {gettext(value.status)}"


def _described(values: tuple[Value, ...] | list[Value], language: str) -> str:
    """The picture in words, for those who cannot see it."""
    some = [value for value in values if value.value is not None]
    if not some:
        return translations(language).gettext("All numbers are withheld.")
    high = max(some, key=lambda value: value.value or 0)
    words = translations(language).gettext(
        "%(count)s numbers from %(first)s to %(last)s; the highest is %(high)s, of %(start)s to %(end)s."
    )
    return words % {
        "count": number(len(some), language),
        "first": min(value.period_start for value in some),
        "last": max(value.period_end for value in some),
        "high": f"{number(high.value, language)} {high.unit}",
        "start": high.period_start,
        "end": high.period_end,
    }


def _rolling(values: tuple[Value, ...]) -> bool:
    """Whether these are sums over twelve months that overlap, which are named by where they end."""
    return any(length_of(one) == "year" and one.period_start.month != 1 for one in values) and (
        len({one.period_start.month for one in values}) > 1
    )
