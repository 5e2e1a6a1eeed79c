"""What changed between two moments: parties listed and delisted, claims new and gone, numbers new, revised and gone.

``published``: what publishers said in a window of days, whenever this node learned it. ``known``: what this node
learned in it, whatever day it is of. Both set what held before the window against what holds at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from tocsin.errors import UsageError
from tocsin.node.view import View, end_of, newest

BY = ("published", "known")
_NUMBER = "measure, definition, place, period_start, period_end, substance, dims"
_SUMS = ("listed", "delisted", "claims_new", "claims_gone", "numbers_new", "numbers_revised", "numbers_gone")


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last day, both included, of ``published`` or ``known``; of one source, if named."""

    since: date
    until: date
    by: str = "published"
    source: str | None = None

    def __post_init__(self) -> None:
        if self.by not in BY:
            raise UsageError(f"{self.by!r} is no way to tell time", mend=f"use one of {', '.join(BY)}")
        if self.since > self.until:
            raise UsageError(f"{self.since} is after {self.until}", mend="swap the two days")


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed, as rows: ``sums`` one a source.

    ``numbers``: each number revised or gone, the largest change first. ``parties``: each listing and delisting, newest
    first.
    """

    sums: list[dict[str, Any]]
    numbers: list[dict[str, Any]]
    parties: list[dict[str, Any]]


def differences(view: View, window: Window) -> Differences:
    """All that changed in a window; ``view`` is one without a day of its own."""
    numbers = _changed(view, window, "observation", _NUMBER)
    claims = _changed(view, window, "claim", "subject, property")
    parties = _parties(view, window)
    counts: dict[str, dict[str, int]] = {}
    for row in parties:
        _count(counts, row["source"], row["what"])
    for row in claims:
        _count(counts, row["source"], f"claims_{row['what']}", row["n"])
    for row in numbers:
        _count(counts, row["source"], f"numbers_{row['what']}")
    sums = [
        {"source": source, **{name: some.get(name, 0) for name in _SUMS}} for source, some in sorted(counts.items())
    ]
    told = sorted((row for row in numbers if row["what"] != "new"), key=_size)
    return Differences(sums, told, parties)


def _count(counts: dict[str, dict[str, int]], source: str, name: str, number: int = 1) -> None:
    some = counts.setdefault(source, {})
    some[name] = some.get(name, 0) + number


def _size(row: dict[str, Any]) -> tuple[float, str, str]:
    """The largest change first; a number that was or is not given comes last."""
    known = row["before"] is not None and row["now"] is not None
    return (-abs(row["now"] - row["before"]) if known else 1.0, row["definition"], str(row["period_start"]))


def _sayings(window: Window, kind: str) -> tuple[str, str, list[object]]:
    """The newest sayings before the window and at its end, and the parameters of both."""
    moment = "published_at" if window.by == "published" else "known_at"
    of = "AND source = $3" if window.source else ""
    parameters: list[object] = [_start(window), end_of(window.until)]
    if window.source:
        parameters.append(window.source)
    touched = f"(SELECT source, key FROM {kind}_stored WHERE {moment} >= $1 AND {moment} < $2 {of} GROUP BY ALL)"
    said = f"(SELECT s.* FROM {kind}_stored s JOIN {touched} USING (source, key) WHERE {moment} < %s)"
    return newest(said % "$1"), newest(said % "$2"), parameters


def _start(window: Window) -> datetime:
    return datetime.combine(window.since, time(), UTC)


def _changed(view: View, window: Window, kind: str, shown: str) -> list[dict[str, Any]]:
    before, now, parameters = _sayings(window, kind)
    value = "value, status" if kind == "observation" else "value"
    sql = f"""WITH before AS (SELECT source, key, withdrawn, {value}, {shown}, id FROM ({before}) WHERE rank = 1),
            now AS (SELECT source, key, withdrawn, {value}, {shown}, id FROM ({now}) WHERE rank = 1)"""
    if kind == "observation":
        return view.rows(
            sql
            + f""" SELECT source, what, {shown}, before, now, id FROM (
                SELECT now.source, {", ".join(f"now.{name.strip()}" for name in shown.split(","))},
                    CASE WHEN before.withdrawn THEN NULL ELSE before.value END AS before,
                    CASE WHEN now.withdrawn THEN NULL ELSE now.value END AS now, now.id,
                    CASE WHEN now.withdrawn THEN 'gone' WHEN before.key IS NULL OR before.withdrawn THEN 'new'
                        ELSE 'revised' END AS what,
                    now.withdrawn AS is_gone, coalesce(before.withdrawn, true) AS was_gone,
                    now.value IS DISTINCT FROM before.value AS moved
                FROM now LEFT JOIN before USING (source, key))
            WHERE is_gone <> was_gone OR (NOT is_gone AND moved)""",
            parameters,
        )
    return view.rows(
        sql
        + """ SELECT source, what, count(*) AS n FROM (
            SELECT now.source, now.withdrawn AS is_gone, coalesce(before.withdrawn, true) AS was_gone,
                CASE WHEN now.withdrawn THEN 'gone' ELSE 'new' END AS what
            FROM now LEFT JOIN before USING (source, key))
        WHERE is_gone <> was_gone GROUP BY ALL""",
        parameters,
    )


def _parties(view: View, window: Window) -> list[dict[str, Any]]:
    moment = "published_at" if window.by == "published" else "known_at"
    of = "AND e.source = $3" if window.source else ""
    parameters: list[object] = [_start(window), end_of(window.until)]
    if window.source:
        parameters.append(window.source)
    return view.rows(
        f"""WITH names AS (SELECT source, subject, arg_max(value, (published_at, id)) AS name FROM claim_stored
                WHERE property = 'name' AND NOT withdrawn AND {moment} < $2 GROUP BY ALL)
            SELECT e.source, CASE e.kind WHEN 'designation' THEN 'listed' ELSE 'delisted' END AS what,
                e.parties[1].party AS party, any_value(n.name) AS name, min(e.date) AS date, max(e.date_earliest) AS earliest,
                min(e.id) AS id
            FROM event_stored e LEFT JOIN names n ON n.source = e.source AND n.subject = e.parties[1].party
            WHERE e.kind IN ('designation', 'delisting') AND NOT e.withdrawn AND e.{moment} >= $1 AND e.{moment} < $2 {of}
            GROUP BY ALL
            ORDER BY date DESC NULLS LAST, name""",
        parameters,
    )
