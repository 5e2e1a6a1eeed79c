"""The API: one question, three forms, page by page, as of any day, and nothing sent twice."""

from __future__ import annotations

import csv
import io
import re

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from tests.console.conftest import Console
from tocsin.node import Node

OHIO = "/api/v1/series?definition=us-vsrr-12-month-predicted&place=US-OH"


@pytest.fixture(scope="module")
def client(console: Console, starter: Node) -> TestClient:
    return console(starter)


@pytest.mark.parametrize(
    "path", [OHIO, "/api/v1/records?q=cartel", "/api/v1/definitions", "/api/v1/places", "/api/v1/sources"]
)
def test_json_csv_and_arrow_say_the_same(client: TestClient, path: str) -> None:
    rows = client.get(path).json()
    assert len(rows) > 5
    text = client.get(path, headers={"accept": "text/csv"})
    stream = client.get(path, headers={"accept": "application/vnd.apache.arrow.stream"})
    assert text.headers["content-type"].startswith("text/csv")
    table = pa.ipc.open_stream(stream.content).read_all()
    assert len(list(csv.DictReader(io.StringIO(text.text, newline="")))) == table.num_rows == len(rows)
    first = next(iter(rows[0]))
    assert [str(row[first]) for row in rows] == [str(value) for value in table[first].to_pylist()]


def test_what_the_page_shows_is_what_the_csv_holds(client: TestClient) -> None:
    rows = client.get(OHIO).json()
    page = client.get(OHIO.replace("/api/v1", "")).text
    assert all(f"/records/{row['record']}" in page for row in rows)
    assert client.get(f"/api/v1/records/{rows[-1]['record']}").json()["record"]["value"] == rows[-1]["value"]


def test_page_by_page_there_is_every_record_once(client: TestClient) -> None:
    path, seen = "/api/v1/records?kind=claim&subject=ofac-41382&limit=3", []
    whole = client.get("/api/v1/records?kind=claim&subject=ofac-41382&limit=1000").json()
    while path:
        answer = client.get(path)
        seen += answer.json()
        path = answer.links.get("next", {}).get("url", "")
    assert [row["id"] for row in seen] == [row["id"] for row in whole]


@pytest.mark.parametrize("path", [OHIO, "/api/v1/records?place=US-OH&kind=observation&limit=500"])
def test_as_of_shows_nothing_later(client: TestClient, path: str) -> None:
    rows = client.get(f"{path}&as_of=2026-07-01").json()
    assert rows and all((row.get("published") or row["published_at"])[:10] <= "2026-07-01" for row in rows)
    assert len(client.get(f"{path}&as_of=1999-01-01").json()) == 0


def test_a_record_published_later_is_not_there_yet(client: TestClient) -> None:
    name = client.get(OHIO).json()[-1]["record"]
    assert client.get(f"/api/v1/records/{name}?as_of=1999-01-01").status_code == 404
    assert "retrospective" in client.get(f"/records/{name}?as_of=1999-01-01").text


def test_the_same_question_is_not_answered_twice(client: TestClient) -> None:
    for path in (OHIO, "/", "/sources"):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"if-none-match": f'"other", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["content-security-policy"]
        assert client.get(path, headers={"if-none-match": tag, "accept-language": "fr"}).status_code == 200


def test_a_tag_is_void_once_something_was_loaded(console: Console, node: Node) -> None:
    from tocsin.feeds.starter_set import load_starter

    client = console(node)
    tag = client.get("/records?q=yason").headers["etag"]
    load_starter(node)
    answer = client.get("/records?q=yason", headers={"if-none-match": tag})
    assert answer.status_code == 200 and "YASON" in answer.text


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/api/v1/records?format=xml", "format: String should match pattern"),
        ("/api/v1/records?offset=-1", "offset: Input should be greater than or equal to 0"),
        ("/api/v1/series", "no definition is named; choose one from /api/v1/definitions"),
        ("/api/v1/series?definition=rumour", "nothing is held of that definition"),
        (f"{OHIO}&view=globe", "view is 'globe'; use one of lines, map"),
        (f"{OHIO}&as_of=soon", "'soon' is not a day"),
        (f"{OHIO}&dim=part", "dim is 'part'; write it like"),
        ("/api/v1/records?q=%00", "a word has no sign to look for"),
        (f"{OHIO}&period=soon", "'soon' is not a day"),
        ("/api/v1/records?q=" + "+".join("abcdefghijklmnopq"), "17 words are too many"),
    ],
)
def test_a_bad_question_is_one_line(client: TestClient, path: str, line: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404)
    assert line in answer.json()["error"]


def test_contact_data_leaves_masked_in_every_form(client: TestClient) -> None:
    path = "/api/v1/parties/ofac-41382"
    for row in client.get(path).json():
        if row["property"] in ("phone", "uscCode", "idNumber"):
            assert set(row["value"][:-2]) <= {"•"}
    table = pa.ipc.open_stream(client.get(f"{path}?format=arrow").content).read_all()
    assert "phone" in table["property"].to_pylist()
    for name, value in zip(table["property"].to_pylist(), table["value"].to_pylist(), strict=True):
        assert name != "phone" or set(value[:-2]) <= {"•"}


def test_every_link_of_every_page_leads_somewhere(client: TestClient) -> None:
    """From the rooms and from parties whose names have slashes in them, one step on."""
    with_slash = [
        row["subject"]
        for row in client.get("/api/v1/records?q=wallet&kind=claim&limit=200").json()
        if "/" in row["subject"]
    ]
    assert with_slash
    pages = [
        "/",
        "/records?q=wallet",
        "/series",
        "/parties?place=Mexico",
        "/places",
        "/places/ohio",
        "/sources",
        "/records?as_of=2024-05-04&subject=ofac-11438",
    ]
    pages += [f"/parties/{name}" for name in with_slash[:3]]
    links = {link for path in pages for link in re.findall(r'href="(/[^"#]+)"', client.get(path).text)}
    for link in sorted(links)[:400]:
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_no_name_given_later_is_shown(client: TestClient) -> None:
    page = client.get("/records?subject=ofac-11438&as_of=2024-05-04").text
    assert ">LOS ZETAS</a>" in page and ">CARTEL DEL NORESTE</a>" not in page


def test_all_parties_of_a_place_are_found_page_by_page(client: TestClient) -> None:
    seen, path = list[str](), "/parties?place=MX"
    while path:
        page = client.get(path).text
        seen += re.findall(r'<td class="free"><a href="/parties/([^"]+)"', page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        path = further[1].replace("&amp;", "&") if further else ""
    claims = client.get("/api/v1/records?kind=claim&place=MX&limit=1000").json()
    assert len(seen) == len(set(seen)) and {row["subject"] for row in claims} <= set(seen)
    assert len(seen) > 400
