"""``tocsin up`` as a process: its note, a second one beside it, and its end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tocsin.console.access import Access
from tocsin.console.running import Running, announced, read, running_link
from tocsin.errors import NodeError
from tocsin.node import Node


@pytest.fixture
def port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


def command(node: Node, port: int) -> list[str]:
    return [sys.executable, "-m", "tocsin", "up", "--node", str(node.settings.node), "--port", str(port)]


def up(node: Node, port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(node, port), capture_output=True, text=True, timeout=60)


def heed_interrupts() -> None:
    """Undo what a shell in the background and nohup do: their children ignore Ctrl-C and a closed terminal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def running(starter: Node, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A console as a process, with its printed link."""
    process = subprocess.Popen(
        command(starter, port), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed_interrupts
    )
    assert process.stdout
    yield process, next((line.strip() for line in process.stdout if "/start?secret=" in line), "")
    process.terminate()
    process.communicate(timeout=30)


def opens(link: str) -> int:
    """The status a new browser meets at the front page after the link."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    try:
        browser.open(link, timeout=30).read()
        status: int = browser.open(link.partition("/start")[0] + "/records", timeout=30).status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    return status


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_from_start_to_end(
    starter: Node, port: int, running: tuple[subprocess.Popen[str], str], end: signal.Signals
) -> None:
    process, link = running
    file = starter.settings.node / "console.json"
    assert file.stat().st_mode & 0o777 == 0o600
    note = json.loads(file.read_text())
    assert note["address"] == f"http://127.0.0.1:{port}" and note["pid"] == process.pid
    assert link.startswith(f"{note['address']}/start?secret=")
    assert opens(link) == 200
    assert opens(link) == 403

    second = up(starter, port)
    assert second.returncode == 0
    found = re.findall(r"http://\S+", second.stdout)
    assert len(found) == 1 and found[0] != link
    assert opens(found[0]) == 200

    beside = up(starter, port + 1)
    assert beside.returncode == 2
    assert "runs already" in beside.stderr and len(beside.stderr.splitlines()) == 1

    process.send_signal(end)
    out, err = process.communicate(timeout=30)
    assert process.returncode == (0 if end == signal.SIGINT else 143)
    assert not file.exists()
    assert [path.name for path in starter.settings.node.glob(".console*")] == []
    for secret in (link.partition("=")[2], found[0].partition("=")[2], note["token"]):
        assert secret not in out + err
    assert err == ""


def test_what_is_on_the_wire(running: tuple[subprocess.Popen[str], str], port: int) -> None:
    deadline = time.monotonic() + 30
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answer = b""
        while (piece := line.recv(65536)) and time.monotonic() < deadline:
            answer += piece
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.1 403")
    assert b"\r\nserver:" not in head
    assert b"content-security-policy: default-src 'none'" in head


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="tells what is bound on Linux only")
def test_only_the_loopback_address_is_bound(running: tuple[subprocess.Popen[str], str], port: int) -> None:
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines() if f":{port:04X} " in line]
    assert {row[1] for row in listening if row[3] == "0A"} == {f"0100007F:{port:04X}"}


def test_a_port_of_another_program_is_one_line(starter: Node, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        found = up(starter, port)
    assert found.returncode == 2
    assert f"port {port} is taken" in found.stderr and len(found.stderr.splitlines()) == 1
    assert not (starter.settings.node / "console.json").exists()


def test_a_stale_note_is_replaced(starter: Node, port: int, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    file = starter.settings.node / "console.json"
    stale = {"address": f"http://127.0.0.1:{port}", "pid": os.getpid(), "token": "A" * 43}
    file.write_text(json.dumps(stale))
    file.chmod(0o644)
    process, link = request.getfixturevalue("running")
    assert json.loads(file.read_text())["pid"] == process.pid
    assert file.stat().st_mode & 0o777 == 0o600
    assert opens(link) == 200


def test_a_stale_note_on_a_taken_port_is_one_line(starter: Node, port: int) -> None:
    file = starter.settings.node / "console.json"
    for pid in (os.getpid(), 2**22 + 1):
        file.write_text(json.dumps({"address": f"http://127.0.0.1:{port}", "pid": pid, "token": "A" * 43}))
        with Liar(
            port, b'HTTP/1.1 200 OK\r\nContent-Length: 47\r\n\r\n{"link": "http://evil.example/start?secret=xx"} '
        ) as liar:
            found = up(starter, port)
        assert found.returncode == 2 and "is taken" in found.stderr and "evil" not in found.stdout + found.stderr
        assert (b"Bearer" in liar.heard) == (pid == os.getpid())
    file.unlink()


class Liar:
    """Another program on the port, that gives one answer to all."""

    def __init__(self, port: int, answer: bytes) -> None:
        from threading import Thread

        self.heard = b""
        self._answer = answer
        self._line = socket.socket()
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._line.bind(("127.0.0.1", port))
        self._line.listen()
        self._line.settimeout(0.1)
        self._going = True
        self._thread = Thread(target=self._serve)

    def __enter__(self) -> Liar:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._going = False
        self._thread.join()
        self._line.close()

    def _serve(self) -> None:
        while self._going:
            try:
                caller, _ = self._line.accept()
            except TimeoutError:
                continue
            with caller:
                self.heard += caller.recv(65536)
                caller.sendall(self._answer)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "{}", '{"address": "http://evil.example:80", "pid": 1, "token": "%s"}',
        '{"address": "http://127.0.0.1:80@evil.example:80", "pid": 1, "token": "%s"}',
        '{"address": "http://127.0.0.1:80", "pid": -1, "token": "%s"}',
        '{"address": "http://127.0.0.1:80", "pid": true, "token": "%s"}',
        '{"address": "http://127.0.0.1:80", "pid": 1, "token": "x\\r\\ny"}',
        '{"address": "http://127.0.0.1:80", "pid": 1, "token": 1}', "\udcff",
    ],
)  # fmt: skip
def test_a_note_that_makes_no_sense_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "console.json").write_text(text.replace("%s", "A" * 43), errors="surrogateescape")
    assert read(tmp_path) is None
    assert running_link(tmp_path, 80) is None


def test_the_note_of_a_later_console_stays(tmp_path: Path) -> None:
    with announced(tmp_path, Access(1)):
        later = Running("http://127.0.0.1:2", os.getpid(), "B" * 43)
        (tmp_path / "console.json").write_text(
            json.dumps({"address": later.address, "pid": later.pid, "token": later.token})
        )
    assert read(tmp_path) == later


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match="cannot write here"), announced(tmp_path / "missing", Access(1)):
        pass


def test_a_link_planted_for_the_note_is_replaced_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    folder = tmp_path / "node"
    folder.mkdir()
    (folder / "console.json").symlink_to(target)
    with announced(folder, Access(1)):
        assert not (folder / "console.json").is_symlink()
    assert target.read_text() == "precious"
