"""What came under control in these days? Listings by name and class definitions that began, by jurisdiction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tocsin.records.findings import Window
from tocsin.substances.periods import Period
from tocsin.substances.registry import registry
from tocsin.substances.rules import class_periods, jurisdictions, listings, rules


@dataclass(frozen=True, slots=True)
class NewlyControlled:
    """Substances, or one class, that came under a rule of a jurisdiction on a day.

    ``substances`` are entries' ids, empty for a class definition. ``renewed`` are those of them that this jurisdiction
    controlled by name before, such as under a temporary order now made permanent.
    """

    day: str
    jurisdiction: str
    rule: str
    schedule: str
    substances: tuple[str, ...]
    renewed: tuple[str, ...]
    basis: str
    source: str


def newly_controlled(window: Window, places: Iterable[str] | None = None) -> tuple[NewlyControlled, ...]:
    """What began in the window, newest first. Only beginnings known to the day count; others cannot be placed in it."""
    wanted = set(places if places is not None else jurisdictions())
    found = [*_by_name(window), *_classes(window)]
    return tuple(sorted((one for one in found if one.jurisdiction in wanted), key=_order))


def _order(one: NewlyControlled) -> tuple[int, str, str]:
    return -date.fromisoformat(one.day).toordinal(), one.jurisdiction, one.rule


def _by_name(window: Window) -> Iterator[NewlyControlled]:
    begun = [
        (one.period.start, one.rule, one.schedule, one.substance, one.period)
        for many in listings().values()
        for one in many
        if _is_list(one.rule) and _begins_in(one.period, window)
    ]
    begun.sort(key=lambda row: row[:4])
    for (day, rule, schedule), rows in groupby(begun, key=lambda row: row[:3]):
        same = list(rows)
        ids = tuple(dict.fromkeys(substance for _, _, _, substance, _ in same))
        place = rules()[rule].jurisdiction
        renewed = tuple(one for one in ids if _was_listed(place, one, day))
        yield NewlyControlled(day, place, rule, schedule, ids, renewed, same[0][4].basis, same[0][4].source)


def _is_list(rule: str) -> bool:
    skeleton = rules()[rule].skeleton
    return skeleton == "names" or skeleton.startswith("class:")


def _begins_in(period: Period, window: Window) -> bool:
    return period.precision == "day" and window.start <= date.fromisoformat(period.start) <= window.end


def _was_listed(place: str, substance: str, day: str) -> bool:
    return any(
        one.period.start < day
        for (rule, entry), many in listings().items()
        if entry == substance and rules()[rule].jurisdiction == place
        for one in many
    )


def _classes(window: Window) -> Iterator[NewlyControlled]:
    for rule, periods in class_periods().items():
        held = rules()[rule]
        for one in periods:
            if _begins_in(one, window):
                yield NewlyControlled(one.start, held.jurisdiction, rule, held.schedule, (), (), one.basis, one.source)


def named(ids: Iterable[str]) -> list[str]:
    """Entries by their names."""
    return [registry().get(one).name for one in ids]
