"""Section: who was newly listed under the drug programmes, and who was taken off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from tocsin.brief.model import Cell, Context, Figure, Mark, Section, Sentence, Table, count_of
from tocsin.parties import METHOD, Listing, drug_programmes, listings
from tocsin.records.findings import Stated, Window
from tocsin.records.places import name_of

SOURCE = "us-ofac-sdn"
_SHOWN = 40
_KINDS = {"Person": "individual", "LegalEntity": "entity", "Vessel": "vessel", "Airplane": "aircraft"}

_EVENTS = """SELECT id, party.party AS subject, date, date_earliest
    FROM (SELECT id, date, date_earliest, unnest(parties) AS party FROM event WHERE source = ? AND kind = ?)"""

_SAID = """SELECT subject, schema, property, value, retrospective, max(struct_pack(p := published_at, i := id)).i AS id,
        max(published_at) AS said_at FROM (
        SELECT *, false AS retrospective FROM claim_all UNION ALL BY NAME SELECT *, true AS retrospective FROM claim_later)
    WHERE source = ? AND NOT withdrawn AND property IN ('name', 'programId', 'country', 'nationality')
    GROUP BY ALL"""

# The daily history speaks for every day it watched, also before its last one.
_BEGINS = "SELECT min(published_at)::DATE FROM claim_stored WHERE source = ? AND property = 'topics'"
_SCOPES = "SELECT DISTINCT scope FROM document_stored WHERE source = ? AND scope <> 'complete' ORDER BY 1"
_HISTORY = "SELECT max(published_at)::DATE FROM document_stored WHERE source = ? AND part = 'history'"
_ANCHOR = """SELECT greatest(
        (SELECT max(published_at) FROM document_all WHERE source = $1 AND part IN ('sdn', 'names', 'history')),
        (SELECT CASE WHEN count(*) > 0 THEN least(max(published_at), $2::DATE::TIMESTAMPTZ) END FROM document_stored
            WHERE source = $1 AND part = 'history'
            AND (SELECT min(published_at) FROM event_all WHERE source = $1) <= $2::DATE::TIMESTAMPTZ))::DATE"""


def section(context: Context) -> Section:
    """Listings and delistings in the window that ends with the list's newest release."""
    window = _window(context)
    if window is None:
        return _nothing(f"No list of parties is held as of {context.as_of}.")
    claims = context.view.rows(_SAID, [SOURCE])
    codes = frozenset(drug_programmes())
    everywhere, all_gone = (
        listings(context.view.rows(_EVENTS, [SOURCE, kind]), claims, window, codes)
        for kind in ("designation", "delisting")
    )
    found, gone = _of(everywhere, context.country), _of(all_gone, context.country)
    placeless = sum(not one.countries for one in everywhere) if context.country else 0
    groups = _groups(found)
    figures = [_total(found, "listed.total", "Parties newly listed", window)]
    figures += [figure for group in groups for figure in _figures(*group)]
    figures.append(_total(gone, "delisted.total", "Parties taken off the list", window))
    return Section(
        id="listed",
        title="Newly listed",
        question="Who was newly listed under the drug programmes?",
        answer=tuple(_answer(found, gone, groups, window, placeless)),
        caveats=_caveats(context, window),
        window=window,
        figures=tuple(figures),
        tables=tuple(_tables(found, gone)),
    )


def _of(found: Sequence[Listing], country: str | None) -> list[Listing]:
    """Those for whom the country is stated; all where none is asked for."""
    return [one for one in found if country is None or country in {c.value for c in one.countries}]


def _window(context: Context) -> Window | None:
    anchor: date | None = context.view.value(_ANCHOR, [SOURCE, context.as_of])
    if anchor is None:
        return None
    return Window(anchor - timedelta(days=context.days - 1), anchor, f"newest release of {SOURCE}")


def _nothing(reason: str) -> Section:
    return Section("listed", "Newly listed", "Who was newly listed under the drug programmes?", (Sentence(reason),), ())


_Group = tuple[date, date, str, list[Listing]]


def _groups(found: Sequence[Listing]) -> list[_Group]:
    """Listings of one day (or of the same bounds) and programme, newest first."""
    groups: dict[tuple[date, date, str], list[Listing]] = {}
    codes = list(drug_programmes())
    for one in found:
        programme = min((p.value for p in one.programmes if p.value in codes), key=codes.index)
        groups.setdefault((one.day, one.earliest, programme), []).append(one)
    return [(*key, group) for key, group in sorted(groups.items(), key=lambda item: item[0][0], reverse=True)]


def _marks(*stated: Stated) -> tuple[Mark, ...]:
    return (Mark.RETROSPECTIVE,) if any(one.retrospective for one in stated) else ()


def _evidence(group: Sequence[Listing]) -> tuple[str, ...]:
    return tuple(sorted({record for one in group for record in one.evidence}))


def _total(found: Sequence[Listing], name: str, label: str, window: Window) -> Figure:
    return Figure(
        id=name,
        label=label,
        value=len(found),
        text=f"{len(found):,}",
        unit="parties",
        period=f"{min((one.earliest for one in found), default=window.start)}/{window.end}",
        place="",
        source=SOURCE,
        evidence=_evidence(found),
        method=METHOD,
        marks=_marks(*(p for one in found for p in one.programmes if p.value in drug_programmes())),
    )


def _figures(day: date, earliest: date, programme: str, group: list[Listing]) -> list[Figure]:
    """The group's size, and its size by country and kind of party."""
    period = str(day) if (day - earliest).days <= _A_FEW_DAYS else f"{earliest}/{day}"

    def figure(suffix: str, label: str, some: Sequence[Listing], place: str, marks: tuple[Mark, ...]) -> Figure:
        return Figure(
            id=f"listed.{day}.{programme}{suffix}",
            label=label,
            value=len(some),
            text=f"{len(some):,}",
            unit="parties",
            period=period,
            place=place,
            source=SOURCE,
            evidence=tuple(sorted({*_evidence(some), *(c.record for one in some for c in one.countries[:1] if place)})),
            method=METHOD,
            marks=marks,
            note=f"first seen {day}; not yet in the version of {earliest}" if earliest < day else "",
        )

    programmes = [p for one in group for p in one.programmes if p.value == programme]
    figures = [figure("", f"First listed on {day} under {programme}", group, "", _marks(*programmes))]
    for country, kind in sorted({(_country(one), _kind(one)) for one in group}):
        some = [one for one in group if (_country(one), _kind(one)) == (country, kind)]
        marks = _marks(*(c for one in some for c in one.countries[:1]))
        label = (
            f"of them in {name_of(country)}: {_KINDS_PLURAL[kind]}"
            if country
            else f"of them without a country: {_KINDS_PLURAL[kind]}"
        )
        figures.append(figure(f".{country or 'unknown'}.{kind}", label, some, country, marks))
    return figures


_A_FEW_DAYS = 15
_KINDS_PLURAL = {"individual": "individuals", "entity": "entities", "vessel": "vessels", "aircraft": "aircraft"}


def _country(one: Listing) -> str:
    return one.countries[0].value if one.countries else ""


def _kind(one: Listing) -> str:
    return _KINDS.get(one.schema, "entity")


def _answer(
    found: list[Listing], gone: list[Listing], groups: list[_Group], window: Window, placeless: int
) -> list[Sentence]:
    dated = [one for one in found if (one.day - one.earliest).days <= _A_FEW_DAYS]
    span = f"in the {count_of((window.end - window.start).days + 1, 'day')} to {window.end}"
    sentences = []
    if dated:
        sentences.append(
            Sentence(f"{count_of(len(dated), 'party', 'parties')} newly listed {span}.", ("listed.total",))
        )
    elif not found and not placeless:
        sentences.append(Sentence(f"Nobody was newly listed {span}.", ("listed.total",)))
    if placeless:
        text = (
            f"{count_of(placeless, 'newly listed party', 'newly listed parties')} of this window have no country in the "
            "files held, so whether any belongs here is not known."
        )
        sentences.append(Sentence(text))
    for day, earliest, programme, group in groups[:4]:
        name = f"listed.{day}.{programme}"
        parts = sorted({(_country(one) or "unknown", _kind(one)) for one in group})
        figure = (name, *(f"{name}.{country}.{kind}" for country, kind in parts))
        parties = count_of(len(group), "party", "parties")
        if (day - earliest).days <= _A_FEW_DAYS:
            text = f"{parties} first listed on {day} under {programme}: {_composition(group)}."
        else:
            text = (
                f"{parties} came onto the list under {programme} on unknown days between {earliest} and {day}; "
                f"no list of parties from between is held: {_composition(group)}."
            )
        sentences.append(Sentence(text, figure))
    if gone:
        first, last = min(one.earliest for one in gone), max(one.day for one in gone)
        when = f"between {first} and {last}" if first < last else f"on {last}"
        text = f"{count_of(len(gone), 'party', 'parties')} taken off the list {when}."
        sentences.append(Sentence(text, ("delisted.total",)))
    return sentences


def _composition(group: Sequence[Listing]) -> str:
    """``China 7 entities and 6 individuals; Mexico …``, the largest four."""
    countries = Counter(_country(one) for one in group)
    parts = []
    for country, _ in countries.most_common(4):
        kinds = Counter(_kind(one) for one in group if _country(one) == country)
        named = [
            f"{number} {kind if number == 1 else _KINDS_PLURAL[kind]}"
            for kind in ("entity", "individual", "vessel", "aircraft")
            if (number := kinds[kind])
        ]
        listed = ", ".join(named[:-1]) + " and " + named[-1] if len(named) > 1 else named[0]
        parts.append(f"{name_of(country)} {listed}" if country else f"{listed} without a country in the files held")
    rest = sum(number for _, number in countries.most_common()[4:])
    return "; ".join([*parts, *([f"elsewhere {rest}"] if rest else [])])


def _tables(found: list[Listing], gone: list[Listing]) -> list[Table]:
    tables = []
    for name, title, rows in (("listed", "Parties newly listed", found), ("delisted", "Taken off the list", gone)):
        if rows:
            note = f"The newest {_SHOWN} of {len(rows)}." if len(rows) > _SHOWN else ""
            tables.append(
                Table(
                    name,
                    title,
                    ("Day", "Party", "Kind", "Country", "Programme"),
                    tuple(map(_row, rows[:_SHOWN])),
                    note=note,
                )
            )
    return tables


def _row(one: Listing) -> tuple[Cell, ...]:
    day = str(one.day) if (one.day - one.earliest).days <= _A_FEW_DAYS else f"{one.earliest} – {one.day}"
    countries = ", ".join(name_of(c.value) for c in one.countries) or "not stated"
    return (
        Cell(day, str(one.day), evidence=one.evidence),
        Cell(one.name.value, one.subject, _marks(one.name), (one.name.record,)),
        Cell(_kind(one), _kind(one)),
        Cell(countries, _country(one) or None, _marks(*one.countries), tuple(c.record for c in one.countries)),
        Cell(
            ", ".join(p.value for p in one.programmes),
            one.programmes[0].value,
            _marks(*one.programmes),
            tuple(p.record for p in one.programmes),
        ),
    )


def _caveats(context: Context, window: Window) -> tuple[str, ...]:
    caveats = [
        "The lists carry no dates: a day is the first on which a version held showed the party, and so a latest day.",
    ]
    if history := context.view.value(_HISTORY, [SOURCE]):
        caveats.append(
            f"Countries, and programmes of parties first seen before {history}, come from later files of the same publisher."
        )
    caveats += [
        f"Of the list only a part is held ({row['scope']}): a party of another programme is not found here."
        for row in context.view.rows(_SCOPES, [SOURCE])
    ]
    begins: date | None = context.view.value(_BEGINS, [SOURCE])
    if begins and window.start < begins:
        caveats.insert(0, f"The versions of the list held begin on {begins}, within the window.")
    if window.end < context.as_of:
        caveats.insert(0, f"The newest list held by {context.as_of} is of {window.end}; the window ends there.")
    if context.country:
        caveats.append("A party is counted for every country stated for it, by address or nationality.")
    return tuple(caveats)
