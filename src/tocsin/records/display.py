"""Records as they may be shown: identity numbers and contact data masked."""

from __future__ import annotations

import re
from dataclasses import replace

from tocsin.records.kinds import Claim, Record
from tocsin.records.vocabulary import is_masked, masked

_LONG_NUMBER = re.compile(r"\S*\d{4,}\S*|\d[\d -]{5,}\d|\S+@\S+|(?:https?://|www\.)\S+")
FREE_TEXT = ("notes", "provisions")


def displayed(record: Record) -> Record:
    """The record with what must not be shown in full masked; ids and keys stay, so it can still be named."""
    body = record.body
    if not isinstance(body, Claim):
        return record
    if is_masked(body.schema, body.property):
        return replace(record, body=replace(body, value=masked(body.value), quote=None))
    if body.property in FREE_TEXT:
        return replace(record, body=replace(body, value=masked_text(body.value), quote=None))
    return record


def masked_text(text: str) -> str:
    """Free text with long numbers, e-mail addresses and websites masked."""
    return _LONG_NUMBER.sub(lambda match: masked(match[0]), text)
