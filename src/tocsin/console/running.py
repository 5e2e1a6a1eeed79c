"""The note a running console leaves in its node's folder: where it answers, and the token its user's programs show."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tocsin.console.access import Access
from tocsin.errors import UsageError
from tocsin.node.node import trouble

HOST = "127.0.0.1"
FILE = "console.json"
_ADDRESS = re.compile(rf"http://{re.escape(HOST)}:([0-9]{{1,5}})")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_LINK = re.compile(rf"/start\?secret={_TOKEN.pattern}")
_PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Running:
    """A console that runs, or ran when the note was written."""

    address: str
    pid: int
    token: str

    @property
    def port(self) -> int:
        """The port of its address."""
        return int(self.address.rpartition(":")[2])


@contextmanager
def announced(folder: Path, access: Access) -> Iterator[None]:
    """Leave the note as long as the block runs; only the node's owner can read it, from its first byte on."""
    note = Running(f"http://{HOST}:{access.port}", os.getpid(), access.token)
    with trouble(folder):
        _write(note, folder / FILE)
    try:
        yield
    finally:
        if read(folder) == note:
            (folder / FILE).unlink(missing_ok=True)


def _write(note: Running, target: Path) -> None:
    part = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(note), file)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def read(folder: Path) -> Running | None:
    """The note in a node's folder; ``None`` when there is none, or none that makes sense."""
    try:
        note = Running(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        fits = _ADDRESS.fullmatch(note.address) and type(note.pid) is int and note.pid > 0
        return note if fits and _TOKEN.fullmatch(note.token) else None
    except (OSError, ValueError, TypeError):
        return None


def running_link(folder: Path, port: int) -> str | None:
    """A new start link when this node's console runs on that port already, ``None`` when it runs nowhere.

    UsageError when it runs on another port: the folder has room for one note, so one node has one console.
    """
    note = read(folder)
    if note is None or not _lives(note.pid):
        return None
    if note.port == port:
        found = _ask(note, "POST", "/start/link").get("link")
        return note.address + found if isinstance(found, str) and _LINK.fullmatch(found) else None
    if "openapi" in _ask(note, "GET", "/api/v1/openapi.json"):
        raise UsageError(
            f"this node's console runs already, on {note.address}",
            mend=f"stop it first, or ask it for a link: tocsin up --port {note.port}",
        )
    return None


def _ask(note: Running, method: str, path: str) -> dict[str, object]:
    """The console's answer; empty when nobody answers there, or somebody else."""
    # Not by way of a library that heeds HTTP_PROXY: the token stays on this machine.
    with closing(HTTPConnection(HOST, note.port, timeout=_PATIENCE_SECONDS)) as line:
        try:
            line.request(method, path, headers={"Authorization": f"Bearer {note.token}"})
            answer = line.getresponse()
            told = json.loads(answer.read(1 << 20)) if answer.status == 200 else {}
        except (OSError, HTTPException, ValueError):
            return {}
    return told if isinstance(told, dict) else {}


def _lives(pid: int) -> bool:
    """Whether that process of this user lives: another user's, on the port of a console long gone, gets no token."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except (OSError, OverflowError):
        return False
    return True
