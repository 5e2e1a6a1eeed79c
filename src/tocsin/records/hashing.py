"""Keyed hashes of identity numbers and contact data: they can be matched on where the value itself is not carried.

HMAC-SHA256, first 128 bits. The key travels with whatever it protects, so this keeps a set of records from being a
directory of telephone numbers at a glance; it does not stop somebody who tries all numbers. What must not be guessed
must not be carried.
"""

from __future__ import annotations

import hmac
import unicodedata

PUBLIC_KEY = b"tocsin.keyed-hash.v1"


def normalised(value: str) -> str:
    """What is compared: compatibility forms folded, lower case, letters and digits only."""
    folded = unicodedata.normalize("NFKC", value).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def keyed_hash(value: str, key: bytes = PUBLIC_KEY) -> str:
    """32 hexadecimal digits, equal for values that are equal once normalised."""
    return hmac.new(key, normalised(value).encode(), "sha256").hexdigest()[:32]
