"""What the head of an answer says: what the copy is known by, which part of it comes, what it must hash to."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2

MOST_WAIT = 60.0
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
_DIGEST = re.compile(r"\s*(sha-256|sha-512)\s*=\s*:?([A-Za-z0-9+/]+={0,2}):?\s*", re.IGNORECASE)
_LENGTHS = {"sha256": 32, "sha512": 64}
# RFC 7232, 2.2.2: within a minute a file may have changed twice under the same Last-Modified.
_SETTLED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server knows a copy by, word for word; both None where it said nothing."""

    etag: str | None = None
    last_modified: str | None = None

    def asking(self) -> dict[str, str]:
        """The headers that ask for the file only if it is another one by now."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value and _is_plain(value)}


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer: head read, body to come."""

    url: httpx2.URL
    status: int
    headers: httpx2.Headers
    body: Iterator[bytes]

    @property
    def validators(self) -> Validators:
        """What the server knows this file by; what is not plain ASCII could not be sent back and is left out."""
        found = (self.headers.get("ETag"), self.headers.get("Last-Modified"))
        return Validators(*(value if value and _is_plain(value) else None for value in found))

    @property
    def if_range(self) -> str | None:
        """What vouches that a later part is of the same bytes: a strong ETag, else a Last-Modified long past."""
        known = self.validators
        if known.etag and re.fullmatch(r'"[^"]*"', known.etag):
            return known.etag
        changed, sent = _moment(known.last_modified), _moment(self.headers.get("Date"))
        return known.last_modified if changed and sent and sent - changed >= _SETTLED else None

    @property
    def length(self) -> int | None:
        """Bytes of body announced; None where the server does not say."""
        text = self.headers.get("Content-Length", "").strip()
        return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None

    @property
    def is_framed(self) -> bool:
        """Whether a cut can be told from the end of the body."""
        return self.length is not None or "chunked" in self.headers.get("Transfer-Encoding", "").lower()

    @property
    def encoding(self) -> str:
        """The compression of the body; empty for none."""
        return self.headers.get("Content-Encoding", "").strip().lower().removeprefix("identity")

    @property
    def span(self) -> tuple[int, int, int | None] | None:
        """First byte, one past the last, and size of the whole, of a partial answer that makes sense."""
        found = _RANGE.fullmatch(self.headers.get("Content-Range", "").strip())
        if not found:
            return None
        start, end, total = int(found[1]), int(found[2]) + 1, None if found[3] == "*" else int(found[3])
        sound = start < end and (total is None or end <= total) and self.length in (None, end - start)
        return (start, end, total) if sound else None

    @property
    def digests(self) -> dict[str, bytes]:
        """What the whole file must hash to (RFC 9530, else the older RFC 3230), by hashlib's names.

        Other algorithms, and what is no hash of the right length, say nothing.
        """
        told: dict[str, bytes] = {}
        for part in self.headers.get("Repr-Digest", self.headers.get("Digest", "")).split(","):
            if found := _DIGEST.fullmatch(part):
                name = found[1].lower().replace("-", "")
                value = _decoded(found[2])
                if len(value) == _LENGTHS[name]:
                    told[name] = value
        return told

    @property
    def retry_after(self) -> float:
        """Seconds the server asks to wait, at most a minute; 0 where it does not say."""
        text = self.headers.get("Retry-After", "").strip()
        if re.fullmatch(r"[0-9]+", text):
            return min(MOST_WAIT, float(text[:9]))
        until = _moment(text)
        return min(MOST_WAIT, max(0.0, (until - datetime.now(UTC)).total_seconds())) if until else 0.0


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
