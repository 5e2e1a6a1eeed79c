"""The way in: a link that works once, for one, and sends nobody elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fastapi.testclient import TestClient

from tests.console.conftest import ADDRESS, Console
from tocsin.console import make_app
from tocsin.console.access import Access
from tocsin.node import Node


@pytest.fixture
def access() -> Access:
    """Fresh secrets."""
    return Access()


@pytest.fixture
def browser(starter: Node, access: Access) -> TestClient:
    """A browser that was not let in."""
    return TestClient(make_app(starter, access), base_url=ADDRESS, raise_server_exceptions=False)


def test_a_link_works_once(browser: TestClient, access: Access) -> None:
    link = access.new_link()
    assert len(link.partition("=")[2]) == 43
    answer = browser.get(link)
    assert answer.status_code == 200
    assert 'content="0;url=/"' in answer.text
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("tocsin_session_8765=") and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "Path=/" in cookie and "Domain" not in cookie and "Max-Age" not in cookie
    assert browser.get("/records").status_code == 200
    browser.cookies.clear()
    again = browser.get(link)
    assert again.status_code == 403
    assert "Run tocsin up again on this node" in again.text
    assert "set-cookie" not in again.headers
    assert browser.get("/records").status_code == 403


def test_who_is_inside_goes_on_from_a_dead_link(browser: TestClient, access: Access) -> None:
    link = access.new_link()
    browser.get(link)
    answer = browser.get(link)
    assert answer.status_code == 403 and '<a href="/">' in answer.text


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "王", "%00", "%FF"])
def test_a_wrong_secret_lets_nobody_in_and_voids_nothing(browser: TestClient, access: Access, secret: str) -> None:
    link = access.new_link()
    answer = browser.get(f"/start?secret={secret}")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert browser.get(link).status_code == 200


def test_before_any_link_no_secret_works(browser: TestClient) -> None:
    assert browser.get("/start").status_code == 403
    assert browser.get("/start?secret=").status_code == 403


def test_a_newer_link_takes_the_place_of_the_one_before(browser: TestClient, access: Access) -> None:
    first, second = access.new_link(), access.new_link()
    assert browser.get(first).status_code == 403
    assert browser.get(second).status_code == 200


def test_no_secret_is_in_a_page_or_a_header(browser: TestClient, access: Access) -> None:
    link = access.new_link()
    secret = link.partition("=")[2]
    for path in (link, link, f"{link}&next=//evil.example", f"/start?secret={secret}x", f"/nowhere?secret={secret}"):
        answer = browser.get(path)
        whole = answer.text + str(answer.headers.multi_items())
        assert secret not in whole and access.token not in whole
    assert browser.get(link).headers["referrer-policy"] == "no-referrer"
    assert browser.get(link).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers", [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}]
)
def test_fetching_ahead_of_time_does_not_burn_a_link(
    browser: TestClient, access: Access, headers: dict[str, str]
) -> None:
    link = access.new_link()
    assert browser.head(link).status_code == 405
    assert browser.options(link).status_code in (204, 405)
    assert browser.get(link, headers=headers).status_code == 503
    assert browser.get(link).status_code == 200


@pytest.mark.parametrize("onward", ["/records?q=yason", "/", "/records?q=%E7%8E%8B%26kind=claim", "/?next=//x"])
def test_a_link_may_lead_to_a_page_of_the_console(browser: TestClient, access: Access, onward: str) -> None:
    from urllib.parse import quote

    answer = browser.get(f"{access.new_link()}&next={quote(onward)}")
    assert answer.status_code == 200
    assert f'content="0;url={onward.replace("&", "&amp;")}"' in answer.text


@pytest.mark.parametrize(
    "onward",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "evil.example",
        "javascript:alert(1)", "/%09/evil.example", "/%0A/evil.example", "%20//evil.example", "", "/x%0d%0aset-cookie:a=b",
    ],
)  # fmt: skip
def test_a_link_that_leads_elsewhere_is_refused_and_not_burnt(browser: TestClient, access: Access, onward: str) -> None:
    link = access.new_link()
    answer = browser.get(f"{link}&next={onward}")
    assert answer.status_code == 400
    assert "evil.example" not in answer.text and "set-cookie" not in answer.headers
    assert browser.get(link).status_code == 200


def test_of_many_who_race_for_one_secret_one_wins(access: Access) -> None:
    for _ in range(20):
        secret = access.new_link().partition("=")[2]
        gate = Barrier(8)

        def run(secret: str = secret, gate: Barrier = gate) -> str | None:
            gate.wait()
            return access.enter(secret)

        with ThreadPoolExecutor(8) as pool:
            won = [one.result() for one in [pool.submit(run) for _ in range(8)]]
        assert sum(name is not None for name in won) == 1


def test_a_session_ends_after_twelve_hours_unused() -> None:
    now = [1000.0]
    access = Access(clock=lambda: now[0])
    name = access.enter(access.new_link().partition("=")[2])
    for _ in range(3):
        now[0] += 11 * 3600
        assert access.caller(None, name)
    now[0] += 12 * 3600 + 1
    assert access.caller(None, name) is None
    now[0] -= 3600
    assert access.caller(None, name) is None


def test_the_session_unused_for_longest_makes_room() -> None:
    access = Access()
    names = [access.enter(access.new_link().partition("=")[2]) for _ in range(64)]
    assert access.caller(None, names[0])
    assert access.enter(access.new_link().partition("=")[2])
    assert access.caller(None, names[0])
    assert access.caller(None, names[1]) is None
    assert access.caller(None, names[2])


def test_a_program_asks_for_a_link_and_a_browser_does_not(browser: TestClient, access: Access) -> None:
    answer = browser.post("/start/link", headers={"authorization": f"Bearer {access.token}"})
    assert answer.status_code == 200
    assert browser.get(answer.json()["link"]).status_code == 200
    caller = access.caller(None, next(iter(browser.cookies.jar)).value)
    assert caller
    assert browser.post("/start/link", headers={"x-csrf-token": caller.csrf}).status_code == 403


def test_the_cookie_has_the_port_in_its_name() -> None:
    assert Access(9000).cookie == "tocsin_session_9000"


def test_an_application_without_secrets_lets_nobody_in(starter: Node) -> None:
    assert TestClient(make_app(starter), base_url=ADDRESS).get("/").status_code == 403


def test_the_fixture_is_let_in(console: Console, starter: Node) -> None:
    assert console(starter).get("/sources").status_code == 200
