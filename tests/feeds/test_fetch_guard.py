"""A fetch goes only where it may: no private address, no lesser scheme, no unknown certificate."""

from __future__ import annotations

import shutil
import socket
import threading
from pathlib import Path

import pytest

from tests.feeds.fetching import (
    OLD,
    THRICE,
    got,
    public_name,
    refusal,
    refused,
    whole,
)
from tests.feeds.hostile_server import Play, Talk, self_signed, serving
from tocsin.feeds.fetch import Limits, fetch
from tocsin.feeds.fetch_guard import is_public


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A place that holds the last good copy."""
    path = tmp_path / "list.csv"
    path.write_bytes(OLD)
    return path


class Tls:
    """A server's certificate for data.example, and the names clients asked for."""

    def __init__(self, folder: Path, openssl: str) -> None:
        self.context, self.certificate = self_signed(folder, openssl, "data.example")
        self.names: list[str] = []
        self.context.sni_callback = lambda _, name, __: self.names.append(name)


@pytest.fixture(scope="module")
def own_tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """A certificate that no machine trusts."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed, so there is no certificate to test with")
    return Tls(tmp_path_factory.mktemp("tls"), openssl)


@pytest.fixture
def tls(own_tls: Tls, monkeypatch: pytest.MonkeyPatch) -> Tls:
    """A certificate that this machine trusts for now."""
    monkeypatch.setenv("SSL_CERT_FILE", str(own_tls.certificate))
    own_tls.names.clear()
    return own_tls


def test_followed_on_trusted_ground_with_the_last_address_told(target: Path) -> None:
    def play(talk: Talk) -> None:
        if talk.path == "/file":
            talk.answer(302, Location="../other?a=b#c")
        else:
            whole(talk)

    with serving(play) as server:
        result = got(fetch(server.url(), target, trusted_hosts=server.trusted), target)
    assert server.seen[1].path == "/other?a=b" and result.url.startswith(server.url("/other?a=b"))


def test_loop(target: Path) -> None:
    with serving(lambda talk: talk.answer(301, Location="/file")) as server:
        assert "more than 3 times" in refused(server.url(), target, trusted_hosts=server.trusted)
    assert len(server.seen) == 4


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://[::1]:{port}/",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/",
        "http://example.org/",
        "//example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "data:text/csv,a",
        "https://user:hidden@example.org/",
        "https:///nohost",
        "http://[oops",
        "",
    ],
)
def test_not_followed(target: Path, location: str) -> None:
    with serving(lambda talk: talk.answer(302, Location=location.format(port=server.port))) as server:
        line = refused(server.url(), target, trusted_hosts=server.trusted, limits=THRICE)
    assert "redirects" in line and "hidden" not in line and len(server.seen) == 1


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "127.0.0.1:1",
        "2130706433",
        "0x7f.1",
        "localhost",
    ],
)
def test_https_does_not_make_a_private_address_good(target: Path, host: str) -> None:
    with serving(lambda talk: talk.answer(302, Location=f"https://{host}/")) as server:
        line = refused(server.url(), target, trusted_hosts=server.trusted - {("localhost", server.port)})
    assert "not public" in line and len(server.seen) == 1


@pytest.mark.parametrize("scheme, why", [("http", "is not https"), ("https", "not public")])
def test_a_redirect_from_elsewhere_does_not_lead_onto_trusted_ground(
    target: Path, monkeypatch: pytest.MonkeyPatch, tls: Tls, scheme: str, why: str
) -> None:
    with serving(whole) as inside:
        bounce: Play = lambda talk: talk.answer(302, Location=inside.url(scheme=scheme))  # noqa: E731
        with serving(bounce, tls.context) as outside:
            public_name(monkeypatch, outside, ["93.184.215.14"])
            line = refused("https://data.example/x", target, trusted_hosts=inside.trusted)
    assert why in line and inside.seen == []


def test_never_from_encrypted_to_clear(target: Path, tls: Tls) -> None:
    with serving(lambda talk: talk.answer(302, Location="http://localhost:1/"), tls.context) as server:
        trusted = frozenset({("data.example", server.port), ("localhost", 1)})
        with pytest.MonkeyPatch.context() as patch:
            public_name(patch, server, ["127.0.0.1"])
            line = refused(f"https://data.example:{server.port}/", target, trusted_hosts=trusted)
    assert "is not https" in line


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "example.org/x",
        "",
        "https://",
        "https://[x/",
        "https://a b/",
    ],
)
def test_only_https_is_fetched(target: Path, url: str) -> None:
    refused(url, target)


def test_no_secret_is_told_or_sent(target: Path) -> None:
    line = refused("https://user:hidden@example.org/x?token=hidden#hidden", target)
    assert line.startswith("https://example.org/x: carries a user name") and "hidden" not in line
    assert "hidden" not in refused("https://user:hidden@exa mple.org/x?token=hidden", target)
    assert "hidden" not in refusal(lambda talk: talk.answer(404), target, "/file?token=hidden")


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_AGAIN])
def test_a_name_that_does_not_resolve(target: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(code, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    line = refused("https://nowhere.example/x", target, limits=THRICE)
    assert "its host nowhere.example is not known" in line
    assert ("(3 tries)" in line) == (code == socket.EAI_AGAIN)


def test_a_name_server_that_says_nothing(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(5) and [])
    assert "sent nothing" in refused("https://slow.example/x", target, limits=Limits(stall_seconds=0.2, attempts=1))
    over.set()


@pytest.mark.parametrize(
    "addresses", [["10.1.2.3"], ["93.184.215.14", "192.168.0.1"], ["::ffff:10.0.0.1"], ["fe80::1%eth0"]]
)
def test_a_name_for_a_private_address(target: Path, monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    with serving(whole) as server:
        asked = public_name(monkeypatch, server, addresses)
        line = refused("https://data.example/x", target)
    assert "data.example stands for an address that is not public" in line
    assert asked.names == ["data.example"] and asked.connected == [] and server.seen == []


def test_a_name_that_changes_its_address_is_asked_once_and_the_checked_one_used(
    target: Path, monkeypatch: pytest.MonkeyPatch, tls: Tls
) -> None:
    with serving(whole, tls.context) as server:
        asked = public_name(monkeypatch, server, ["93.184.215.14"], ["127.0.0.1"])
        got(fetch("https://data.example/x", target), target)
    assert asked.names == ["data.example"] and asked.connected == ["93.184.215.14"]
    assert server.seen[0].headers["host"] == "data.example" and tls.names == ["data.example"]


def test_every_new_connection_is_checked_anew(target: Path, monkeypatch: pytest.MonkeyPatch, tls: Tls) -> None:
    with serving(lambda talk: talk.answer(503), tls.context) as server:
        asked = public_name(monkeypatch, server, ["93.184.215.14"], ["127.0.0.1"])
        assert "not public" in refused("https://data.example/x", target, limits=THRICE)
    assert asked.connected == ["93.184.215.14"]


def test_the_next_address_is_tried_where_one_is_deaf(target: Path, monkeypatch: pytest.MonkeyPatch, tls: Tls) -> None:
    with serving(whole, tls.context) as server:
        asked = public_name(monkeypatch, server, ["2606:4700::1", "93.184.215.14"], deaf={"2606:4700::1"})
        got(fetch("https://data.example/x", target), target)
    assert asked.connected == ["2606:4700::1", "93.184.215.14"]


def test_nobody_listens(target: Path) -> None:
    with serving(whole) as server:
        pass
    line = refused(server.url(), target, trusted_hosts=server.trusted, limits=THRICE)
    assert "cannot be reached: Connection refused (3 tries)" in line


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.1.1",
        "233.252.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "2002:808:808::",
        "fc00::1",
        "fd00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "nonsense",
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_public(address: str) -> None:
    assert is_public(address)


def test_a_certificate_nobody_vouches_for(target: Path, own_tls: Tls) -> None:
    with serving(whole, own_tls.context) as server:
        url = server.url(scheme="https", host="localhost")
        line = refused(url, target, trusted_hosts=server.trusted, limits=THRICE)
    assert "certificate cannot be trusted: self-signed certificate" in line.replace("self signed", "self-signed")
    assert "tries" not in line and server.seen == []


def test_a_certificate_for_another_name(target: Path, tls: Tls) -> None:
    with serving(whole, tls.context) as server:
        line = refused(server.url(scheme="https", host="localhost"), target, trusted_hosts=server.trusted)
    assert "certificate cannot be trusted" in line and server.seen == []


def test_no_tls_at_all(target: Path) -> None:
    with serving(lambda talk: talk.answer(200)) as server:
        assert "cannot be reached: [SSL" in refused(server.url(scheme="https"), target, trusted_hosts=server.trusted)
