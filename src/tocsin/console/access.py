"""Who may come in: a person by a link that works once, a browser by its session, a program by the node's token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

PORT = 8765
_MOST_SESSIONS = 64
_IDLE_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. ``csrf`` is what a browser's forms must carry; a program has none and needs none."""

    csrf: str
    program: bool = False


@dataclass(frozen=True, slots=True)
class _Session:
    csrf: str
    seen: float


class Access:
    """The secrets of one running console, in memory only; of what a browser holds, only the SHA-256.

    At most one start link works at a time: a new one makes the one before it void.
    """

    def __init__(self, port: int = PORT, clock: Callable[[], float] = time.time) -> None:
        self.port = port
        self.token = secrets.token_urlsafe(32)
        self._clock = clock
        self._lock = Lock()
        self._secret: bytes | None = None
        self._sessions: dict[bytes, _Session] = {}

    @property
    def cookie(self) -> str:
        """The cookie's name; with the port, since all ports of this machine share one set of cookies."""
        return f"tocsin_session_{self.port}"

    def new_link(self) -> str:
        """The path that lets one browser in, once."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._secret = _digest(secret)
        return f"/start?secret={secret}"

    def enter(self, secret: str) -> str | None:
        """The id of a new session if the secret is the one that works, which it then does no more."""
        with self._lock:
            if self._secret is None or not hmac.compare_digest(self._secret, _digest(secret)):
                return None
            self._secret = None
            return self._open()

    def caller(self, authorization: str | None, session: str | None) -> Caller | None:
        """Who asks with these; where both are given, a wrong token is not made good by a session."""
        if authorization is not None:
            scheme, _, given = authorization.partition(" ")
            known = scheme.lower() == "bearer" and same(given.strip(), self.token)
            return Caller("", program=True) if known else None
        return self._of_session(session) if session else None

    def _open(self) -> str:
        self._forget()
        while len(self._sessions) >= _MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        name = secrets.token_urlsafe(32)
        self._sessions[_digest(name)] = _Session(secrets.token_urlsafe(32), self._clock())
        return name

    def _of_session(self, name: str) -> Caller | None:
        with self._lock:
            self._forget()
            held = self._sessions.pop(_digest(name), None)
            if held is None:
                return None
            # Put back at the end: the first is always the one unused for longest.
            self._sessions[_digest(name)] = replace(held, seen=self._clock())
            return Caller(held.csrf)

    def _forget(self) -> None:
        last = self._clock() - _IDLE_SECONDS
        self._sessions = {name: held for name, held in self._sessions.items() if held.seen >= last}


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell how far they agree."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()
