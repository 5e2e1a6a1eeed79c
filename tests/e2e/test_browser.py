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
    from playwright.sync_api import Browser, Page, StorageState

    from tests.e2e.conftest import Served

OHIO = "/series?definition=us-vsrr-12-month-predicted&place=US-OH"
PAGES = {
    "brief": "/",
    "july": "/?as_of=2023-07-07&days=60",
    "records": "/records",
    "found": "/records?q=cartel",
    "found-chinese": "/records?q=绍兴",
    "series": "/series",
    "lines": f"{OHIO}&place=US-WV",
    "panels": "/series?definition=us-dose-visits&substance=Fentanyl",
    "map": "/series?definition=us-vsrr-12-month-predicted&view=map",
    "parties": "/parties?q=yason",
    "party": "/parties/ofac-41382",
    "places": "/places",
    "place": "/places/US-OH",
    "china": "/places/CN",
    "sources": "/sources",
    "substances": "/substances",
    "collision": "/substances?q=China+White",
    "structure": "/substances?q=CCC(%3DO)N(c1ccc(CC)cc1)C1CCN(CCc2cccs2)CC1C.Cl&in=US,CN,GB",
    "substance": "/substances/fentanyl?route=CN,MX,US",
    "control-map": "/substances/n-pyrrolidino-metonitazene/map",
}
SHOTS = Path(os.environ.get("TOCSIN_SCREENSHOTS", Path(__file__).parents[2] / "screenshots"))
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_every_page_fits_and_meets_wcag_aa(page: Page, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    SHOTS.mkdir(exist_ok=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    troubles = []
    for name, path in PAGES.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=name not in ("brief", "july", "sources"))
        for one in Axe().run(page, options=STANDARD).response["violations"]:
            troubles.append(
                (name, one["id"], one["nodes"][0]["html"][:200], one["nodes"][0].get("failureSummary", "")[:200])
            )
    assert troubles == []


def test_nothing_moves_while_a_page_loads(page: Page) -> None:
    for path in PAGES.values():
        page.goto(path)
        moved = page.evaluate(
            """() => new Promise(done => { let sum = 0;
            new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
                .observe({type: "layout-shift", buffered: true});
            setTimeout(() => done(sum), 50); })"""
        )
        assert moved < 0.01, path


def test_a_chinese_name_leads_to_its_party(page: Page) -> None:
    page.goto("/records")
    page.get_by_label("Words, in any script").fill("某某化工")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records?q=*")
    page.get_by_role("link", name="绍兴某某化工有限公司").first.click()
    page.wait_for_url("**/parties/test-1")
    assert page.get_by_role("heading", level=1).inner_text() == "绍兴某某化工有限公司"
    page.get_by_role("link", name="绍兴某某化工有限公司").click()
    page.wait_for_url("**/records/*")
    assert page.get_by_text("row 1", exact=False).count() >= 1


def test_another_day_is_kept_from_page_to_page(page: Page) -> None:
    page.goto(OHIO)
    before = page.locator("tbody tr").count()
    assert before > 100
    page.get_by_label("As of").fill("2026-05-01")
    page.get_by_role("button", name="Go").click()
    page.wait_for_url("**as_of=2026-05-01*")
    assert page.get_by_text("As published by 2026-05-01").count() == 1
    assert page.get_by_text("No number fits that.").count() == 1
    page.get_by_role("link", name="Parties").click()
    page.wait_for_url("**/parties?as_of=2026-05-01")
    page.get_by_role("link", name="Back to today").click()
    page.wait_for_url("**/parties")


@pytest.mark.parametrize(
    ("code", "name", "heading"),
    [("es", "Español", "Registros"), ("fr", "Français", "Enregistrements"), ("zh", "中文", "记录")],
)
def test_the_language_is_switched_and_kept(page: Page, code: str, name: str, heading: str) -> None:
    page.goto("/records?q=yason")
    page.get_by_role("button", name=name).click()
    page.locator(f"html[lang={code}]").wait_for(state="attached")
    assert page.url.endswith("/records?q=yason")
    assert page.get_by_role("heading", level=1).inner_text() == heading
    assert page.get_by_text("YASON GENERAL MACHINERY CO., LTD.").count() >= 1
    for path in PAGES.values():
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == code
    page.get_by_role("button", name="English").click()
    page.locator("html[lang=en]").wait_for(state="attached")


def test_a_figure_of_a_chart_leads_to_its_record(page: Page) -> None:
    page.goto(OHIO)
    rows = page.locator("tbody tr").count()
    marks = page.locator("figure.chart .wide-picture a")
    assert marks.count() == rows
    marks.last.focus()
    assert page.locator(".tip").inner_text().startswith("Ohio")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/*")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Ohio: ")


def test_a_state_of_the_map_leads_to_its_record(page: Page) -> None:
    page.goto(PAGES["map"])
    page.locator("figure.chart .wide-picture a:has([aria-label^=Ohio])").first.click()
    page.wait_for_url("**/records/*")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Ohio: ")


@pytest.mark.parametrize("name", ["lines", "map", "party", "found", "sources", "substance", "control-map"])
def test_every_page_prints(page: Page, name: str) -> None:
    page.goto(PAGES[name])
    page.emulate_media(media="print")
    assert not page.locator("header.bar").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
    hidden = "[...document.querySelectorAll('tbody tr')].filter(row => row.getClientRects().length === 0).length"
    assert page.locator("tbody tr").count() > 6 and page.evaluate(hidden) == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_name_in_any_script_leads_to_its_control_on_a_day(page: Page) -> None:
    page.goto("/substances")
    page.get_by_label("Name in any script").fill("芬太尼")
    page.get_by_label("Controlled on").fill("2020-01-01")
    page.get_by_label("Where").fill("CN")
    page.keyboard.press("Enter")
    page.wait_for_url("**/substances/fentanyl?*")
    assert page.get_by_role("heading", level=1).inner_text() == "Fentanyl"
    assert page.get_by_role("heading", name="Control on 2020-01-01").count() == 1
    assert page.locator("table.control tbody").count() == 1


def test_the_slider_shows_the_year_it_is_pulled_to(page: Page) -> None:
    page.goto("/substances/n-pyrrolidino-metonitazene/map")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    year = page.locator("form.slide output").inner_text()
    assert page.url.endswith("/map") and year == slider.input_value()
    page.get_by_role("button", name="Show the end of that year").click()
    page.wait_for_url(f"**/map?on={year}")
    box = page.get_by_role("slider").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(f"!location.search.includes('on={year}')")
    assert ": control on " in page.get_by_role("heading", level=1).inner_text()


def test_a_country_of_the_map_of_control_leads_to_its_texts(page: Page) -> None:
    page.goto("/substances/n-pyrrolidino-metonitazene/map?on=2025-08-15")
    page.locator("figure.chart .wide-picture a:has([aria-label^='United States'])").first.click()
    page.wait_for_url("**/substances/n-pyrrolidino-metonitazene?*in=US*")
    assert page.locator("table.control tbody").count() == 1


def test_a_phone_fetches_its_own_picture(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(OHIO)
    page.wait_for_load_state("networkidle")
    image = page.locator("figure.chart img")
    assert image.is_visible() and "numbers from" in (image.get_attribute("alt") or "")
    size = image.evaluate("one => [one.naturalWidth, one.naturalHeight]")
    assert size == [358, int(image.get_attribute("height") or 0)]


def test_pages_work_without_script(browser: Browser, served: Served, let_in: StorageState) -> None:
    with browser.new_context(java_script_enabled=False, storage_state=let_in) as context:
        page = context.new_page()
        page.goto(f"{served.address}/records")
        page.get_by_label("Words, in any script").fill("youli")
        page.get_by_role("button", name="Search").click()
        page.wait_for_url("**q=youli*")
        assert page.get_by_text("YOULI TECHNOLOGY DEVELOPMENT CO., LTD.").count() >= 1


def test_from_the_brief_to_the_records(page: Page) -> None:
    page.goto("/")
    page.get_by_label("As of").fill("2023-07-07")
    page.get_by_label("Days").fill("60")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**as_of=2023-07-07*")
    assert "as of 2023-07-07" in page.get_by_role("heading", level=1).inner_text()
    assert page.get_by_text("17 parties first listed on 2023-05-30").count() == 1
    page.get_by_role("link", name="56,516").click()
    page.wait_for_url("**/evidence/*")
    assert page.get_by_text("12 records.").count() == 1
    page.get_by_role("link", name="observation").first.click()
    page.wait_for_url("**/records/*")
    assert page.get_by_text("us-t404-final-resident").count() == 1
    page.get_by_role("link", name="The series it belongs to").click()
    page.wait_for_url("**/series?*")
    assert page.get_by_role("link", name="CSV").count() == 1


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
