"""The console as a user runs it, and a real browser that was let in by the printed link."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.node.makers import party_list
from tocsin.feeds.starter_set import load_starter
from tocsin.node import Node, read_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, StorageState

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@dataclass(frozen=True, slots=True)
class Served:
    """A console that runs: where, and the command that runs it, which run again prints a new link."""

    address: str
    command: tuple[str, ...]
    link: str

    def new_link(self) -> str:
        """A start link not used yet."""
        return link_in(subprocess.run(self.command, capture_output=True, text=True, check=True, timeout=60).stdout)


def link_in(text: str) -> str:
    """The start link in what ``tocsin up`` printed."""
    found = re.search(r"http://\S+/start\?secret=\S+", text)
    assert found, text
    return found[0]


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """The starter set, and a list with names in Chinese characters beside it."""
    made = Node.create(read_settings(str(tmp_path_factory.mktemp("e2e") / "node"), {}))
    load_starter(made)
    made.land([party_list(date(2026, 6, 1), {"test-1": "绍兴某某化工有限公司", "test-2": "Müller GmbH"})], {})
    return made


@pytest.fixture(scope="module")
def served(known: Node) -> Iterator[Served]:
    """The console, served by the command a user runs, once it printed its link."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (sys.executable, "-m", "tocsin", "up", "--node", str(known.settings.node), "--port", str(port))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            link = next((line.strip() for line in process.stdout if "/start?secret=" in line), "")
            yield Served(f"http://127.0.0.1:{port}", command, link)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def address(served: Served) -> str:
    """Where the console is served."""
    return served.address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a screen."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        held = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield held
        held.close()


@pytest.fixture(scope="module")
def let_in(browser: Browser, served: Served) -> StorageState:
    """The cookies of a browser that opened a start link; a new one, since any made later voids the first."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(served.new_link())
        page.wait_for_url(f"{served.address}/")
        return context.storage_state()


@pytest.fixture
def page(browser: Browser, address: str, let_in: StorageState) -> Iterator[Page]:
    """A page that fails the test on any console message or any request that leaves the machine."""
    held = browser.new_page(base_url=address, storage_state=let_in)
    troubles: list[str] = []
    held.on("console", lambda message: troubles.append(message.text))
    held.on("pageerror", lambda error: troubles.append(str(error)))
    held.on("request", lambda request: None if request.url.startswith(address) else troubles.append(request.url))
    yield held
    held.close()
    assert troubles == []
