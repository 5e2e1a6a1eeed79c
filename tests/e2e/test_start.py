"""A real browser at the start link: typed, clicked elsewhere, used up; and what it sends along."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that was not let in."""
    with browser.new_context() as held:
        yield held


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A page of another site (a browser takes another host for one), as web mail is; its links are what is in the list."""
    links: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = "".join(f'<a href="{link}">link</a>' for link in links).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}", links
        server.shutdown()
        thread.join()


def test_a_link_opened_from_the_terminal(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    link = served.new_link()
    page.goto(link)
    page.wait_for_url(f"{served.address}/")
    assert page.get_by_role("link", name="Records").count() >= 1
    (cookie,) = context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and cookie["expires"] == -1
    assert page.evaluate("document.cookie") == ""
    assert "secret" not in page.evaluate("document.referrer")
    page.context.clear_cookies()
    page.goto(link)
    assert page.get_by_role("heading", name="This link does not work").count() == 1


def test_a_link_clicked_on_a_page_elsewhere(
    context: BrowserContext, served: Served, elsewhere: tuple[str, list[str]]
) -> None:
    address, links = elsewhere
    links[:] = [served.new_link()]
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link").click()
    page.wait_for_url(f"{served.address}/")
    assert page.get_by_role("link", name="Records").count() >= 1

    links[:] = [f"{served.address}/records?q=yason"]
    page.goto(address)
    page.get_by_role("link").click()
    page.get_by_role("link", name="go on to the page you asked for").click()
    page.wait_for_url("**/records?q=yason")
    assert page.get_by_text("YASON GENERAL MACHINERY CO., LTD.").count() >= 1


def test_without_a_session_there_is_nothing_to_see(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    answer = page.goto(served.address)
    assert answer and answer.status == 403
    assert "tocsin up" in page.inner_text("main")
    # The browser itself notes the status; it has nothing to say of our headers.
    assert [text for text in troubles if "403" not in text] == []


def test_a_form_tells_its_true_origin(context: BrowserContext, served: Served) -> None:
    """Under no-referrer a browser says "Origin: null", which could not be told from a hostile page's."""
    page = context.new_page()
    page.goto(served.new_link())
    page.wait_for_url(f"{served.address}/")
    with page.expect_request(lambda request: request.method == "POST") as sent, page.expect_navigation():
        page.evaluate(
            "() => { const form = document.createElement('form'); form.method = 'post'; form.action = '/records';"
            " document.body.append(form); form.submit() }"
        )
    assert sent.value.all_headers()["origin"] == served.address
    assert "not of your session" in page.content()
