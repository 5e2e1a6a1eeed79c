"""A user in a real browser: opens the brief, asks for another day, follows a figure to its records, prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tocsin.node import Node

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PAGES = {"brief": "/", "july": "/?as_of=2023-07-07&days=60", "records": "/records?q=yason", "sources": "/sources"}
SHOTS = Path(os.environ.get("TOCSIN_SCREENSHOTS", Path(__file__).parents[2] / "screenshots"))


@pytest.fixture(scope="module")
def address(starter: Node) -> Iterator[str]:
    """The console, served by the command a user runs."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tocsin", "up", "--node", str(starter.settings.node), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/style.css", timeout=5)
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


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


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test on any console message or any request that leaves the machine."""
    held = browser.new_page(base_url=address)
    troubles: list[str] = []
    held.on("console", lambda message: troubles.append(message.text))
    held.on("pageerror", lambda error: troubles.append(str(error)))
    held.on("request", lambda request: None if request.url.startswith(address) else troubles.append(request.url))
    yield held
    held.close()
    assert troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_no_page_scrolls_sideways(page: Page, width: int, scheme: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for name, path in PAGES.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)


def test_from_the_brief_to_the_records(page: Page) -> None:
    page.goto("/")
    page.get_by_label("As of").fill("2023-07-07")
    page.get_by_label("Days").fill("60")
    page.get_by_role("button", name="Show").click()
    assert "as of 2023-07-07" in page.get_by_role("heading", level=1).inner_text()
    assert page.get_by_text("17 parties first listed on 2023-05-30").count() == 1
    page.get_by_role("link", name="56,516").click()
    assert page.get_by_text("12 records.").count() == 1
    page.get_by_role("link", name="observation").first.click()
    assert page.get_by_text("us-t404-final-resident").count() == 1
    assert page.get_by_role("heading", name="Vintages, oldest first").count() == 1


def test_a_search_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/records")
    page.wait_for_function("document.activeElement.name === 'q'")
    page.keyboard.type("youli")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records?q=youli*")
    assert page.get_by_text("YOULI TECHNOLOGY DEVELOPMENT CO., LTD.").count() >= 1


def test_from_the_sources_to_a_document(page: Page) -> None:
    page.goto("/sources")
    page.get_by_role("link", name="us_t404_monthly_final_1999_2024.csv").click()
    page.wait_for_url("**/records/*")
    assert page.get_by_text("us-cdc-t404", exact=True).count() >= 1


@pytest.mark.parametrize("arguments", [["--as-of", "2023-07-07", "--days", "60"], []])
def test_the_brief_prints_on_two_sides(browser: Browser, starter: Node, tmp_path: Path, arguments: list[str]) -> None:
    command = [
        sys.executable,
        "-m",
        "tocsin",
        "brief",
        "--node",
        str(starter.settings.node),
        "--format",
        "html",
        *arguments,
    ]
    (tmp_path / "brief.html").write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    page = browser.new_page()
    page.goto((tmp_path / "brief.html").as_uri())
    data = page.pdf(prefer_css_page_size=True)
    page.close()
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") == 2
