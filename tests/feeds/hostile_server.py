"""A web server on this machine that misbehaves as a test tells it to, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 5.0


@dataclass
class Talk:
    """One request and the line back to who sent it; ``number`` counts from 0."""

    number: int
    path: str
    headers: dict[str, str]
    line: socket.socket = field(repr=False)

    def send(self, data: bytes) -> None:
        self.line.sendall(data)

    def answer(self, status: int, body: bytes = b"", *, length: int | None = None, **headers: str) -> None:
        """Head and body; ``length`` announces another size than the body has, -1 announces none."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if length != -1:
            told.setdefault("Content-Length", str(len(body) if length is None else length))
        lines = [f"HTTP/1.1 {status} So", *(f"{name}: {value}" for name, value in told.items())]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def start(self) -> int:
        """The byte from which on the client asked; 0 where it asked for all."""
        return int(self.headers["range"].removeprefix("bytes=").removesuffix("-")) if "range" in self.headers else 0

    def answer_rest(self, data: bytes, *, until: int | None = None, **headers: str) -> None:
        """A well-behaved answer to a request with or without Range, cut off before byte ``until``."""
        start = self.start()
        shown = data[start : until if until is None else max(start, until)]
        if start:
            headers["Content_Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self.answer(206 if start else 200, shown, length=len(data) - start, **headers)

    def hang(self) -> None:
        """Say nothing until the other side has gone."""
        self.line.settimeout(PATIENCE)
        with contextlib.suppress(OSError):
            while self.line.recv(4096):
                pass


Play = Callable[[Talk], None]


class HostileServer:
    """Answers each connection on its own thread by ``play``, then closes it; keeps what was asked in ``seen``."""

    def __init__(self, play: Play, tls: ssl.SSLContext | None = None) -> None:
        self.play, self._tls = play, tls
        self.seen: list[Talk] = []
        self._ear = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.port = int(self._ear.getsockname()[1])
        self.trusted = frozenset({("127.0.0.1", self.port), ("localhost", self.port)})

    def __enter__(self) -> Self:
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ear.shutdown(socket.SHUT_RDWR)
        self._listener.join()
        self._ear.close()
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def url(self, path: str = "/file", scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def ranges(self) -> list[str | None]:
        return [talk.headers.get("range") for talk in self.seen]

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line = self._ear.accept()[0]
                self._lines.append(line)
                thread = threading.Thread(target=self._serve, args=(line,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as open_lines:
            open_lines.callback(line.close)
            line.settimeout(PATIENCE)
            if self._tls:
                line = self._tls.wrap_socket(line, server_side=True)
                open_lines.callback(line.close)
            if talk := self._hear(line):
                self.seen.append(talk)
                self.play(talk)

    def _hear(self, line: socket.socket) -> Talk | None:
        heard = b""
        while b"\r\n\r\n" not in heard:
            piece = line.recv(4096)
            if not piece:
                return None
            heard += piece
            if heard[0] == 0x16:
                line.sendall(b"HTTP/1.1 400 No TLS here\r\n\r\n")
                return None
        first, *rest = heard.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
        return Talk(len(self.seen), first.split(" ")[1], headers, line)


@contextmanager
def serving(play: Play, tls: ssl.SSLContext | None = None) -> Iterator[HostileServer]:
    """A server that runs as long as the block."""
    with HostileServer(play, tls) as server:
        yield server


def self_signed(folder: Path, openssl: str, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context and its certificate, which nobody but itself vouches for."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", f"/CN={name}"]
    command += ["-addext", f"subjectAltName=DNS:{name}"]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate
