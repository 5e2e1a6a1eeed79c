"""A user in a real browser: opens the brief, asks for another day, follows a figure to its records, prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tocsin.node import Node

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = {"brief": "/", "july": "/?as_of=2023-07-07&days=60", "records": "/records?q=yason", "sources": "/sources"}
SHOTS = Path(os.environ.get("TOCSIN_SCREENSHOTS", Path(__file__).parents[2] / "screenshots"))


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
