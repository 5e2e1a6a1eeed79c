"""The guard: this machine only, who was let in only, forms of our own only, and headers on every answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import Message

from tests.console.conftest import ADDRESS, Console
from tocsin.console import make_app
from tocsin.console.access import Access
from tocsin.console.guard import OPEN
from tocsin.node import Node

WORDS = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def access() -> Access:
    """The secrets of the application."""
    return Access()


@pytest.fixture(scope="module")
def app(starter: Node, access: Access) -> FastAPI:
    """The application with routes no author of which thought of safety."""
    made = make_app(starter, access)

    @made.api_route("/throwaway", methods=["POST", "PUT", "PATCH", "DELETE"])
    async def throwaway(request: Request) -> dict[str, str]:
        return {"body": (await request.body()).decode()}

    @made.get("/token")
    def token(request: Request) -> dict[str, str]:
        return {"csrf": request.state.csrf}

    @made.get("/kept")
    def kept() -> Response:
        return Response("kept", headers={"Cache-Control": "private, no-cache", "ETag": '"1"'})

    @made.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("secret words")

    return made


@pytest.fixture
def outside(app: FastAPI) -> TestClient:
    """A browser that was not let in."""
    return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)


@pytest.fixture
def inside(outside: TestClient, access: Access) -> TestClient:
    """A browser that was let in."""
    assert outside.get(access.new_link()).status_code == 200
    return outside


@pytest.fixture
def csrf(inside: TestClient) -> str:
    """What its forms carry."""
    token: str = inside.get("/token").json()["csrf"]
    assert len(token) == 43
    return token


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """(method, path) of everything the application answers to."""

    def flat(found: list[BaseRoute]) -> Iterator[Any]:
        for one in found:
            inner = getattr(one, "routes", None) or getattr(getattr(one, "original_router", None), "routes", None)
            yield from flat(inner) if inner else [one]

    for route in flat(app.routes):
        assert not isinstance(route, WebSocketRoute)
        for method in route.methods:
            yield method, route.path


def test_every_route_but_the_open_ones_needs_a_session(app: FastAPI, outside: TestClient) -> None:
    found = set(routes(app))
    paths = {path for _, path in found}
    assert {"/", "/records", "/sources", "/start/link", "/style.css", "/throwaway", "/broken"} <= paths
    for method, path in found - {("GET", name) for name in OPEN}:
        for prefix in ("", "/api/v1"):
            answer = outside.request(method, prefix + path.replace("{name}", "ffffffffffffffff"))
            assert answer.status_code in (401, 403), (method, path)
            assert "Fentanyl" not in answer.text and "no record" not in answer.text


@pytest.mark.parametrize("path", ["/", "/nowhere", "/records/ffffffffffffffff", "/style.css/", "/START", "//style.css"])
def test_outside_a_page_says_how_to_get_in_and_nothing_else(outside: TestClient, path: str) -> None:
    answer = outside.get(path)
    assert answer.status_code == 403
    assert "Run tocsin up again on this node" in answer.text
    assert "<a " not in answer.text and "refresh" not in answer.text


def test_outside_the_api_answers_in_json(outside: TestClient) -> None:
    for method, path in (("GET", "/api/v1/brief"), ("GET", "/api/v1/openapi.json"), ("POST", "/start/link")):
        answer = outside.request(method, path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("path", ["/style.css", "/icon.svg", "/script.js"])
def test_what_is_open_is_open_to_get_only(outside: TestClient, path: str) -> None:
    assert outside.get(path).status_code in (200, 404)
    assert outside.post(path).status_code == 403


@pytest.mark.parametrize(
    "cookie", ["", "x", "A" * 43, "é" * 10, '"', "../../console.json", "0" * 5000], ids=lambda text: text[:5]
)
def test_a_forged_cookie_opens_nothing(outside: TestClient, cookie: str) -> None:
    header = f"tocsin_session_8765={cookie}".encode()
    assert outside.get("/", headers={b"cookie": header}).status_code == 403


def test_a_session_of_another_console_opens_nothing(outside: TestClient, console: Console, starter: Node) -> None:
    other = console(starter)
    (cookie,) = other.cookies.jar
    assert outside.get("/", headers={"cookie": f"{cookie.name}={cookie.value}"}).status_code == 403
    assert other.get("/style.css").status_code == 200


def test_a_program_shows_the_token(outside: TestClient, access: Access) -> None:
    for scheme in ("Bearer", "bearer"):
        answer = outside.get("/api/v1/sources", headers={"authorization": f"{scheme} {access.token}"})
        assert answer.status_code == 200
    answer = outside.post("/throwaway", headers={"authorization": f"Bearer {access.token}"}, content="as it is")
    assert answer.json() == {"body": "as it is"}


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer x", "Basic {token}", "{token}", "Bearer {token}x"]
)
def test_a_wrong_token_opens_nothing_even_with_a_session(
    inside: TestClient, access: Access, authorization: str
) -> None:
    header = {"authorization": authorization.format(token=access.token)}
    assert inside.get("/api/v1/sources", headers=header).status_code == 401
    assert inside.get("/api/v1/pulls").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_needs_the_token_of_the_session(inside: TestClient, csrf: str, method: str) -> None:
    bodies = ["", "csrf=", "csrf=x", f"CSRF={csrf}", f"csrf={csrf}&csrf={csrf}", f"a=csrf%3D{csrf}"]
    for body in bodies:
        answer = inside.request(method, "/throwaway", content=body, headers=WORDS)
        assert answer.status_code == 403
        assert "not of your session" in answer.text
    assert inside.request(method, f"/throwaway?csrf={csrf}").status_code == 403
    for text in ("text/plain", "multipart/form-data; boundary=x", "application/json"):
        sent = inside.request(method, "/throwaway", content=f"csrf={csrf}", headers={"content-type": text})
        assert sent.status_code == 403
    body = f"name=%E7%8E%8B&csrf={csrf}"
    assert inside.request(method, "/throwaway", content=body, headers=WORDS).json() == {"body": body}
    assert inside.request(method, "/throwaway", headers={"x-csrf-token": csrf}).status_code == 200


def test_the_token_of_another_session_is_none(inside: TestClient, access: Access, app: FastAPI) -> None:
    other = TestClient(app, base_url=ADDRESS)
    other.get(access.new_link())
    theirs = other.get("/token").json()["csrf"]
    assert inside.post("/throwaway", headers={"x-csrf-token": theirs}).status_code == 403
    assert other.post("/throwaway", headers={"x-csrf-token": theirs}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1"},
        {"origin": "https://127.0.0.1:8765"},
        {"origin": "http://localhost:8765"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": ADDRESS, "sec-fetch-site": "cross-site"},
    ],
)
def test_another_origin_changes_nothing(inside: TestClient, csrf: str, headers: dict[str, str]) -> None:
    answer = inside.post("/throwaway", headers={"x-csrf-token": csrf, **headers})
    assert answer.status_code == 403
    assert "another page" in answer.text.lower()


def test_our_own_origin_changes(inside: TestClient, csrf: str) -> None:
    headers = {"x-csrf-token": csrf, "origin": ADDRESS, "sec-fetch-site": "same-origin"}
    assert inside.post("/throwaway", headers=headers).status_code == 200


def test_another_page_does_not_read_the_api(inside: TestClient) -> None:
    for site in ("cross-site", "same-site"):
        answer = inside.get("/api/v1/pulls", headers={"sec-fetch-site": site})
        assert answer.status_code == 403 and set(answer.json()) == {"error"}
    for site in ("same-origin", "none"):
        assert inside.get("/api/v1/pulls", headers={"sec-fetch-site": site}).status_code == 200
    assert inside.get("/records", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_no_other_origin_is_told_that_it_may(inside: TestClient) -> None:
    headers = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    answer = inside.options("/throwaway", headers=headers)
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_link_from_elsewhere_is_offered_once_more(outside: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    answer = outside.get('/records?q=王"><script>', headers=headers)
    assert answer.status_code == 403
    assert 'href="/records?q=%E7%8E%8B%22%3E%3Cscript%3E"' in answer.text
    assert "<script" not in answer.text
    assert "<a " not in outside.get(f"{ADDRESS}//evil.example/x", headers=headers).text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil@127.0.0.1",
        "127.0.0.1:x",
        "127.0.0.1:",
        "127.1",
        "0.0.0.0",
        "::1",
        "[::1",
        "",
    ],
)
def test_a_foreign_host_is_refused_before_all_else(inside: TestClient, access: Access, host: str) -> None:
    link = access.new_link()
    for path in ("/", "/style.css", "/api/v1/sources", link):
        answer = inside.get(path, headers={"host": host, "authorization": f"Bearer {access.token}"})
        assert answer.status_code == 421
        assert "set-cookie" not in answer.headers
    assert inside.get(link).status_code == 200


@pytest.mark.parametrize("hosts", [[], [b"127.0.0.1", b"evil.example"], [b"127.0.0.1", b"127.0.0.1"]])
def test_a_host_missing_or_doubled_is_refused(app: FastAPI, hosts: list[bytes]) -> None:
    sent = raw(app, {"headers": [(b"host", host) for host in hosts]})
    assert sent[0]["status"] == 421


def test_a_websocket_is_closed(app: FastAPI) -> None:
    assert raw(app, {"type": "websocket"}) == [{"type": "websocket.close", "code": 1008}]


def raw(app: FastAPI, scope: dict[str, Any]) -> list[Message]:
    """What the application sends for a request no client of ours would make."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    whole = {"type": "http", "method": "GET", "path": "/style.css", "query_string": b"", "headers": [], **scope}
    anyio.run(app, whole, receive, send)
    return sent


def test_large_bodies_and_addresses_are_refused(inside: TestClient, csrf: str, access: Access) -> None:
    headers = {"x-csrf-token": csrf}
    fits = "a" * 64 * 1024
    assert len(inside.post("/throwaway", content=fits, headers=headers).json()["body"]) == 64 * 1024
    program = {"authorization": f"Bearer {access.token}"}
    for held in (headers, program):
        assert inside.post("/throwaway", content=fits + "a", headers=held).status_code == 413
        assert inside.post("/throwaway", content=(b"a" * 1000 for _ in range(70)), headers=held).status_code == 413
    assert inside.get("/records?q=" + "a" * 8000).status_code == 200
    assert inside.get("/records?q=" + "a" * 8192).status_code == 414
    assert inside.get("/api/v1/" + "a" * 8192).json()["error"] == "the address is too long"


def test_every_answer_has_its_headers(inside: TestClient) -> None:
    answers = {
        200: inside.get("/kept"),
        404: inside.get("/nowhere"),
        400: inside.get("/?days=abc"),
        403: inside.post("/throwaway"),
        405: inside.head("/"),
        421: inside.get("/", headers={"host": "evil.example"}),
        500: inside.get("/broken"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self';" in policy and "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert answer.headers["cache-control"] == ("private, no-cache" if status == 200 else "no-store")
    assert "secret words" not in answers[500].text and "terminal" in answers[500].text
