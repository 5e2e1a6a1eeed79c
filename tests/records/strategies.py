"""Hypothesis strategies for records."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from tocsin.records.ids import record_id, record_key
from tocsin.records.kinds import POLARITIES, PRECISIONS, STATUSES, Claim, Document, Event, Observation, Record, pairs
from tocsin.records.markings import TLP, Marking

members = st.sampled_from(["US", "CN", "MX", "DE", "IN"])
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
texts = st.text(st.characters(codec="utf-8"), max_size=12)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
maybe = st.none() | names
words = st.dictionaries(names, texts, max_size=3).map(pairs)
numbers = st.floats(allow_nan=False, allow_infinity=False)

markings = st.builds(
    Marking,
    tlp=st.sampled_from(TLP),
    owners=st.frozensets(members),
    released_to=st.none() | st.frozensets(members),
    relay=st.booleans(),
    expires=st.none() | moments,
)
documents = st.builds(
    Document,
    part=names,
    title=texts,
    publisher=texts,
    sha256=texts,
    size=st.integers(0, 2**40),
    url=maybe,
    file_name=maybe,
)
claims = st.builds(
    Claim, subject=names, property=names, value=texts, schema=maybe, unit=maybe, lang=maybe,
    said_by=st.lists(names, max_size=3).map(tuple), polarity=st.sampled_from(POLARITIES),
    valid_from=st.none() | days, valid_to=st.none() | days, grade=maybe, quote=maybe, qualifiers=words,
)  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event whose bounds are in order."""
    precision = draw(st.sampled_from(PRECISIONS))
    day = None if precision == "unknown" else draw(days)
    earliest = draw(st.none() | st.dates(date(1900, 1, 1), day)) if day else None
    return Event(
        kind=draw(names), ref=draw(maybe), date=day, date_precision=precision, date_earliest=earliest, place=draw(maybe),
        place_via=tuple(draw(st.lists(names, max_size=2))), substances=tuple(draw(st.lists(names, max_size=2))),
        quantity=draw(st.none() | numbers), unit=draw(maybe), latitude=draw(st.none() | numbers),
        parties=tuple(draw(st.lists(st.tuples(names, names), max_size=2))), qualifiers=draw(words),
    )  # fmt: skip


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    """An observation whose period is in order."""
    start = draw(days)
    status = draw(st.sampled_from(STATUSES))
    value = draw(st.none() | numbers) if status == "suppressed" else draw(numbers)
    return Observation(
        measure=draw(names), definition=draw(names), place=draw(names), period_start=start,
        period_end=draw(st.dates(start, date(2101, 1, 1))), unit=draw(names), status=status, value=value,
        substance=draw(maybe), dims=draw(words), lower=draw(st.none() | numbers),
    )  # fmt: skip


bodies = documents | claims | events() | observations()


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any record."""
    body, published, withdrawn = draw(bodies), draw(moments), draw(st.booleans())
    name = record_id("source", "document", "row 1", body, published, withdrawn)
    return Record(
        body, name, record_key(body), "source", "document", "row 1", published, draw(moments), "US-PD", withdrawn, draw(markings)
    )  # fmt: skip
