"""Names, titles, rows and file names that try to become part of the page: shown as text, everywhere."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from lxml import etree, html

from tests.console.conftest import Console
from tocsin.console import rendering
from tocsin.node import Accounting, Draft, Node, Release, read_settings
from tocsin.node.pulls import Pull
from tocsin.node.state import Quarantined
from tocsin.records import Claim, Document, Event, Observation
from tocsin.records.kinds import Body

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{1234567*9}}${1234567*9}‮]]>"
DAY = datetime(2024, 1, 8, tzinfo=UTC)
REFLECTED = [
    "/?country={}", "/?as_of={}", "/?days={}", "/records?q={}", "/records?kind={}", "/records?source={}", "/records?name={}",
    "/records?place={}", "/records?substance={}", "/records?subject={}", "/records?q=a&offset={}", "/records/{}", "/evidence/{}",
    "/series?definition={}", "/series?definition=def&place={}", "/series?definition=def&substance={}", "/series?definition=def&dim={}",
    "/series?definition=def&view={}", "/series?definition=def&period={}", "/series?definition=def&length={}", "/parties?q={}",
    "/parties?place={}", "/parties?q=a&source={}", "/parties/{}", "/places/{}", "/sources?since={}", "/sources?by={}", "/{}",
    "/series?definition=def&{}=1", "/records?q=a&as_of=2024-02-01&{}=1", "/start?secret={}", "/start?secret=a&next={}",
    "/substances?q={}", "/substances?q=fentanyl&on={}", "/substances?q=fentanyl&in={}", "/substances?q=fentanyl&route={}",
    "/substances/{}", "/substances/{}/map", "/substances/fentanyl?q={}", "/substances/fentanyl?on={}", "/substances/fentanyl?in={}",
    "/substances/fentanyl?route={}", "/substances/fentanyl/map?on={}", "/substances?q=China+White&{}=1",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(console: Console, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A console over a node in which everything that can be hostile is."""
    node = Node.create(read_settings(str(tmp_path_factory.mktemp("hostile") / "node"), {}))
    said: list[Body] = [
        Claim(f"subject {EVIL}", "name", EVIL, schema="Person", qualifiers=((EVIL, EVIL),), said_by=(EVIL,)),
        Claim(f"subject {EVIL}", "country", EVIL, schema="Person"),
        Claim("plain", "name", f"=cmd|{EVIL}", lang=EVIL),
        Claim("plain", "owner", f"subject {EVIL}"),
        Event(
            "designation", ref=EVIL, date=date(2024, 1, 1), place=EVIL, parties=((f"subject {EVIL}", EVIL),), form=EVIL
        ),
        *(
            Observation(
                "deaths", "def", place, date(2020, 1, 1), date(2020, 12, 31), EVIL, "final", 5, EVIL, ((EVIL, EVIL),)
            )
            for place in (EVIL, "US-OH", "US-WV", "US-NY", "US-PA", "US-KY")
        ),
    ]
    document = Document(EVIL, EVIL, EVIL, "0" * 64, 1, url="javascript:alert(3)", file_name=EVIL, lang=EVIL)
    accounting = Accounting(read=2, accepted=1, quarantined=[Quarantined(EVIL, 1, EVIL, EVIL)])
    drafts = tuple(Draft(body, EVIL) for body in said)
    node.land(
        [Release("evil", EVIL, document, DAY, drafts, accounting, frozenset({EVIL.replace(" ", "")}), may_shrink=True)],
        {},
    )
    node.pulls.write([Pull(EVIL, EVIL, None, None, None, "2026-11-25T03:00:00+00:00", None, EVIL, EVIL)])
    return console(node)


def words(page: str) -> str:
    """What a reader sees of a page, and its attributes' texts not."""
    return "".join(str(one) for one in html.fromstring(page).itertext())


def harmless(text: str) -> None:
    """No script but ours, no handler, no address that runs."""
    tree = html.fromstring(text)
    assert {one.get("src") for one in tree.iter("script")} <= {"/script.js"}
    assert all(str(one.get("src")).startswith("/series/narrow.svg?") for one in tree.iter("img"))
    for element in tree.iter(etree.Element):
        for name, value in ((str(one), str(other)) for one, other in element.items()):
            assert not name.startswith("on"), (element.tag, name)
            if name in ("href", "src", "action", "{http://www.w3.org/1999/xlink}href", "xlink:href"):
                assert value.startswith(("/", "#")) and not value.startswith("//"), value
    assert "11111103" not in words(text)


def pages(client: TestClient) -> set[str]:
    """Every page that a link of a page leads to, three steps from the rooms."""
    seen, todo = set[str](), ["/", "/records?q=script", "/series", "/series?definition=def", "/series?definition=def&view=map",
                              "/parties?q=alert", "/places", "/substances", "/sources?since=2024-01-01&until=2024-02-01"]  # fmt: skip
    for _ in range(3):
        found = set[str]()
        for path in todo:
            if path in seen or path.startswith(("/api/", "/start")):
                continue
            seen.add(path)
            answer = client.get(path)
            assert answer.status_code in (200, 404), (path, answer.status_code)
            if answer.headers["content-type"].startswith("text/html"):
                found |= {str(one.get("href", "")) for one in html.fromstring(answer.text).iter("a")}
        todo = sorted(link for link in found if link.startswith("/"))
    return seen


def test_what_is_stored_is_shown_as_text(client: TestClient) -> None:
    seen = pages(client)
    assert len(seen) > 25
    shown = 0
    for path in seen:
        answer = client.get(path)
        if answer.headers["content-type"].startswith("text/html"):
            harmless(answer.text)
            shown += "alert(1)" in words(answer.text)
    assert shown > 10


def test_no_template_calls_data_safe() -> None:
    for path in Path(rendering.__file__).parent.glob("templates/*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"""(?<![a-zA-Z])_\((?!["'])""", text), path.name
        assert "|safe" not in text.replace(" ", ""), path.name


@pytest.mark.parametrize("path", REFLECTED)
def test_what_is_asked_is_shown_as_text(client: TestClient, path: str) -> None:
    answer = client.get(path.format(quote(EVIL, safe="")))
    assert answer.status_code in (200, 400, 403, 404), answer.status_code
    harmless(answer.text)


def test_answers_for_programs_do_not_sniff_as_pages(client: TestClient) -> None:
    for path in (
        "/api/v1/records?q=script",
        "/api/v1/parties/plain?format=csv",
        "/api/v1/series?definition=def&format=csv",
    ):
        answer = client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"].startswith(("application/json", "text/csv"))


def test_a_spreadsheet_runs_nothing(client: TestClient) -> None:
    text = client.get("/api/v1/parties/plain?format=csv").text
    assert "\"'=cmd|" in text or ",'=cmd|" in text


def test_going_back_after_choosing_a_language_stays_here(client: TestClient) -> None:
    csrf = next(
        str(one.get("value"))
        for one in html.fromstring(client.get("/records").text).iter("input")
        if one.get("name") == "csrf"
    )
    for back in ("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", EVIL):
        answer = client.post("/language", data={"csrf": csrf, "language": "en", "back": back}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
