"""The bytes of documents, kept by their SHA-256 and compressed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pyarrow as pa


def keep(folder: Path, sha256: str, data: bytes) -> None:
    """Keep the bytes under their digest; writing is all or nothing, and what is held is left alone."""
    target = _path(folder, sha256)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(len(data).to_bytes(8, "big"))
            file.write(pa.compress(data, codec="zstd", asbytes=True))
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def fetch(folder: Path, sha256: str) -> bytes | None:
    """The bytes as published, or ``None`` when this node never had them."""
    target = _path(folder, sha256)
    if not target.exists():
        return None
    stored = target.read_bytes()
    return bytes(pa.decompress(stored[8:], int.from_bytes(stored[:8], "big"), codec="zstd", asbytes=True))


def _path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / f"{sha256}.zst"
