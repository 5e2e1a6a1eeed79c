"""Where a fetch may go and how long it may take.

A name is resolved once for each connection, every address it stands for is judged, and the connection goes to
a judged address itself, so that a name server cannot give one answer to the check and another to the connection.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore2
import httpx2

TrustedHosts = frozenset[tuple[str, int]]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PORTS = {"https": 443, "http": 80}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Trouble(Exception):
    """What went wrong in one try.

    ``again``: another try may help; ``after``: the seconds the server asked to wait before it.
    """

    def __init__(self, reason: str, mend: str, *, again: bool = False, after: float = 0.0) -> None:
        self.reason, self.mend, self.again, self.after = reason, mend, again, after
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Step:
    """One address on the way; ``trusted``: the user named its host and port, so it may be private and plain http."""

    url: httpx2.URL
    trusted: bool


def first_step(address: str, trusted_hosts: TrustedHosts) -> Step:
    """The step to the address the user or the catalogue gave; Trouble where it may not be fetched."""
    try:
        url = httpx2.URL(address)
    except (httpx2.InvalidURL, TypeError) as error:
        raise Trouble("is no web address", "correct it") from error
    step = Step(url, _place(url) in _folded(trusted_hosts))
    if fault := _fault(step):
        raise Trouble(fault, "give an https address, without user and password")
    return step


def next_step(step: Step, location: str | None, trusted_hosts: TrustedHosts) -> Step:
    """The step a redirect leads to; Trouble where it may not be followed.

    Trust is not won by a redirect: a trusted host counts as such only while the way has not left trusted hosts.
    Nor does a way that began encrypted go on in the clear.
    """
    if not location:
        raise Trouble("redirects without saying where to", "tell the publisher")
    try:
        url = step.url.join(location)
    except (httpx2.InvalidURL, ValueError) as error:
        raise Trouble("redirects to what is no web address", "tell the publisher") from error
    following = Step(url, step.trusted and _place(url) in _folded(trusted_hosts))
    fault = _fault(following)
    if not fault and step.url.scheme == "https" and url.scheme != "https":
        fault = "is not https"
    if fault:
        raise Trouble(f"redirects to {shown(url)}, which {fault}", "do not trust the answer; tell the publisher")
    return following


def shown(url: httpx2.URL | str) -> str:
    """The address as messages show it: without user, password, query and fragment, on one line of plain signs."""
    try:
        url = httpx2.URL(url)
    except (httpx2.InvalidURL, TypeError):
        plain = str(url).split("?")[0].split("#")[0].rpartition("@")[2]
        return "".join(sign for sign in plain if sign.isprintable())[:200]
    path = url.raw_path.decode("ascii").partition("?")[0]
    return f"{url.scheme}://{url.netloc.decode('ascii')}{path}"[:500]


def _place(url: httpx2.URL) -> tuple[str, int]:
    port = _PORTS.get(url.scheme, 0) if url.port is None else url.port
    return url.raw_host.decode("ascii"), port


def _folded(trusted_hosts: TrustedHosts) -> TrustedHosts:
    return frozenset((host.lower(), port) for host, port in trusted_hosts)


def _fault(step: Step) -> str:
    if step.url.scheme != "https" and not (step.trusted and step.url.scheme == "http"):
        return "is not https"
    if not step.url.raw_host:
        return "names no host"
    return "carries a user name or a password, which are never sent" if step.url.userinfo else ""


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet, so that asking it cannot reach into a private network.

    An IPv4 address inside an IPv6 one (mapped, or translated by NAT64) is judged by itself; the old tunnels
    (6to4, Teredo) are never public. What is no address is not public.
    """
    try:
        address = _inner(ipaddress.ip_address(text))
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (address.sixtofour or address.teredo or address.is_site_local):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inner(address: _Address) -> _Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


class Patience:
    """How long to wait: ``seconds`` in all, ``stall`` without a byte."""

    def __init__(self, seconds: float, stall: float) -> None:
        self._seconds, self._stall = seconds, stall
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until all time is used up."""
        return self._end - time.monotonic()

    @contextmanager
    def step(self) -> Iterator[float]:
        """The seconds that the next wait for the network may take; its failure becomes Trouble."""
        left = self.left()
        if left <= 0:
            raise self._used_up()
        try:
            yield min(left, self._stall)
        except httpcore2.TimeoutException as error:
            if left <= self._stall:
                raise self._used_up() from error
            raise Trouble(f"sent nothing for {self._stall:g} s", "try again later", again=True) from error
        except (httpcore2.ConnectError, httpcore2.ReadError) as error:
            raise _broken(error) from error

    def _used_up(self) -> Trouble:
        return Trouble(f"took longer than {self._seconds:g} s in all", "fetch again to go on, or allow it more time")


def _broken(error: Exception) -> Trouble:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Trouble(
            f"its certificate cannot be trusted: {cause.verify_message or 'not for this host'}",
            "check the clock and the network of this machine; do not fetch without the check",
        )
    if isinstance(error, httpcore2.ConnectError):
        why = cause.strerror if isinstance(cause, OSError) and cause.strerror else "no connection"
        return Trouble(f"cannot be reached: {why}", "check the network, try again later", again=True)
    return cut_off()


def cut_off() -> Trouble:
    """The connection ended before the answer did."""
    return Trouble("was cut off before its end", "fetch again to go on", again=True)


class Guard(httpcore2.NetworkBackend):
    """Connects to public addresses only, unless ``trusted``; after that it watches the time.

    ``ended``: the server has closed its side, so what is missing from the answer was cut off.
    """

    def __init__(self, patience: Patience, trusted: bool) -> None:
        self.patience, self._trusted = patience, trusted
        self._plain = httpcore2.SyncBackend()
        self.ended = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (the patience decides)
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address that answers; Trouble where one of them is not public."""
        trouble = Trouble("has no address", "check its name")
        for address in self._addresses(host, port):
            try:
                with self.patience.step() as seconds:
                    stream = self._plain.connect_tcp(address, port, seconds, local_address, socket_options)
                return _Watched(stream, self)
            except Trouble as failed:
                trouble = failed
        raise trouble

    def _addresses(self, host: str, port: int) -> list[str]:
        with self.patience.step() as seconds:
            addresses = _resolve(host, port, seconds)
        if not self._trusted and not all(is_public(address) for address in addresses):
            raise Trouble(
                f"its host {host} stands for an address that is not public",
                "it may reach into a private network; a mirror of your own has to be named in the settings",
            )
        return addresses


class _Watched(httpcore2.NetworkStream):
    """A connection each of whose reads and writes keeps to the patience, whatever the library asked for."""

    def __init__(self, stream: httpcore2.NetworkStream, guard: Guard) -> None:
        self._stream, self._guard = stream, guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        with self._guard.patience.step() as seconds:
            data = self._stream.read(max_bytes, seconds)
        self._guard.ended = not data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        with self._guard.patience.step() as seconds:
            self._stream.write(buffer, seconds)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        with self._guard.patience.step() as seconds:
            return _Watched(self._stream.start_tls(ssl_context, server_hostname, seconds), self._guard)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name. A thread asks, since the system's resolver knows neither time limit nor interrupt."""
    answers: queue.Queue[list[str] | Exception] = queue.Queue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty as error:
        raise httpcore2.ConnectTimeout from error
    if isinstance(answer, Exception):
        passing = isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN
        raise Trouble(f"its host {host} is not known", "check the name and the network", again=passing) from answer
    return answer
