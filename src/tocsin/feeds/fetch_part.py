"""The unfinished copy beside a target: kept for as long as a later fetch can go on from it, and no longer."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tocsin.feeds.fetch_answer import Answer, Validators
from tocsin.feeds.fetch_guard import shown

_SAVE_EVERY = 8 * 1024 * 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the file whose first bytes are held; ``if_range`` None: no later answer could be joined on."""

    validators: Validators
    if_range: str | None = None
    total: int | None = None


class Part:
    """``<target>.part`` and, in ``<target>.part.json``, of what file it is and how many of its bytes are sound.

    The bytes may run ahead of the sidecar (a killed process): the rest is cut away. Where they fall short of it,
    or belong to another address, they are not used. The address itself is kept as a hash: its query may be secret.
    """

    def __init__(self, target: Path, url: str) -> None:
        self.target = target
        self.path = target.with_name(target.name + ".part")
        self.sidecar = target.with_name(target.name + ".part.json")
        self.size = 0
        self._url = url
        self._known = _Known(Validators())
        self._hash = hashlib.sha256()
        self._handle: IO[bytes] | None = None
        self._saved = 0

    def __enter__(self) -> Self:
        self._load()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._save()
            with contextlib.suppress(OSError):
                self._close()
        if error is not None and not self._resumes:
            with contextlib.suppress(OSError):
                self.drop()

    @property
    def sha256(self) -> str:
        """SHA-256 of all bytes so far."""
        return self._hash.hexdigest()

    @property
    def total(self) -> int | None:
        """Size of the whole file, where it is known."""
        return self._known.total

    @property
    def validators(self) -> Validators:
        """What the server knows this file by."""
        return self._known.validators

    @property
    def _resumes(self) -> bool:
        return self.size > 0 and self._known.if_range is not None

    def asking(self) -> dict[str, str]:
        """The headers that ask for the rest, if the file is still the same."""
        if not self._resumes or self._known.if_range is None:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._known.if_range}

    def is_continued_by(self, answer: Answer) -> bool:
        """Whether a partial answer begins where these bytes end and is of the same file.

        An answer that leaves out the ETag that was asked by, or the size where nobody else knows it, is not taken.
        """
        known, now, span = self._known, answer.validators, answer.span
        if not span or span[0] != self.size or not self._resumes:
            return False
        totals = {total for total in (span[2], known.total) if total is not None}
        same_tag = now.etag == known.validators.etag or (now.etag is None and known.if_range != known.validators.etag)
        same_day = now.last_modified in (None, known.validators.last_modified)
        return len(totals) == 1 and same_tag and same_day

    def begin(self, answer: Answer) -> None:
        """Start over with the whole file this answer brings."""
        self._close()
        self.sidecar.unlink(missing_ok=True)
        self._handle = self.path.open("wb")
        self.size, self._hash = 0, hashlib.sha256()
        self._known = _Known(answer.validators, answer.if_range, answer.length)
        self._save()

    def go_on(self, answer: Answer) -> None:
        """Go on with the rest this answer brings; the bytes held from an earlier run are hashed first."""
        assert answer.span is not None
        if self._handle is None:
            self._handle = self.path.open("r+b")
            self._handle.truncate(self.size)
            while piece := self._handle.read(_CHUNK):
                self._hash.update(piece)
        self._known = _Known(self._known.validators, self._known.if_range, self._known.total or answer.span[2])
        self._save()

    def add(self, piece: bytes) -> None:
        """Write the next bytes."""
        assert self._handle is not None
        self._handle.write(piece)
        self._hash.update(piece)
        self.size += len(piece)
        if self.size - self._saved >= _SAVE_EVERY:
            self._save()

    def digest(self, name: str) -> str:
        """The hash of the bytes on disk, by hashlib's name for it."""
        if name == "sha256":
            return self.sha256
        assert self._handle is not None
        self._handle.flush()
        with self.path.open("rb") as handle:
            return hashlib.file_digest(handle, lambda: hashlib.new(name, usedforsecurity=False)).hexdigest()

    def finish(self) -> None:
        """Put the whole file in the target's place, in one step that a crash cannot halve."""
        assert self._handle is not None
        self._sync()
        self._close()
        os.replace(self.path, self.target)
        self.sidecar.unlink(missing_ok=True)
        _sync_folder(self.target.parent)

    def drop(self) -> None:
        """Forget these bytes."""
        with contextlib.suppress(OSError):
            self._close()
        self.size, self._hash, self._known = 0, hashlib.sha256(), _Known(Validators())
        for path in (self.sidecar, self.path):
            path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._handle is not None:
            handle, self._handle = self._handle, None
            handle.close()

    def _sync(self) -> None:
        assert self._handle is not None
        self._handle.flush()
        os.fsync(self._handle.fileno())

    def _save(self) -> None:
        if self.size:
            self._sync()
        known = self._known
        self._saved = self.size
        said = {
            "url": shown(self._url),
            "address": _address(self._url),
            "etag": known.validators.etag,
            "last_modified": known.validators.last_modified,
            "if_range": known.if_range,
            "size": self.size,
            "total": known.total,
        }
        self.sidecar.write_text(json.dumps(said, indent=1), encoding="utf-8")

    def _load(self) -> None:
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            said = json.loads(self.sidecar.read_text(encoding="utf-8"))
            size, total = int(said["size"]), said["total"]
            texts = [said[name] for name in ("etag", "last_modified", "if_range")]
            sound = said["address"] == _address(self._url) and 0 < size <= self.path.stat().st_size
            if sound and all(text is None or isinstance(text, str) for text in texts):
                self._known = _Known(Validators(*texts[:2]), texts[2], None if total is None else int(total))
                self.size = self._saved = size


def _address(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def _sync_folder(folder: Path) -> None:
    # Not every system lets a folder be opened; the rename itself has happened.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
