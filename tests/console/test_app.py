"""The console: pages and API over the starter set, safe on this machine."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import jsonschema
import pytest
from fastapi.testclient import TestClient

from tests.console.conftest import Console
from tocsin.node import Node


@pytest.fixture(scope="module")
def client(console: Console, starter: Node) -> TestClient:
    """A browser on this machine that was let in."""
    return console(starter)


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/?as_of=2023-07-07&days=60",
        "/?country=Mexico",
        "/records",
        "/records?q=yason",
        "/series",
        "/series?definition=us-vsrr-12-month-predicted&place=US-OH",
        "/series?definition=us-vsrr-12-month-predicted&view=map",
        "/parties",
        "/parties?q=yason",
        "/parties/ofac-41382",
        "/places",
        "/places/US-OH",
        "/sources",
        "/substances",
        "/substances?q=China+White",
        "/substances?q=fentanyl",
        "/substances/fentanyl",
        "/substances/fentanyl/map",
        "/script.js",
        "/style.css",
        "/icon.svg",
    ],
)
def test_every_page_answers_with_its_guard(client: TestClient, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert scripts(answer.text) <= {'<script src="/script.js" defer></script>'}


def scripts(page: str) -> set[str]:
    """Every script of a page, whole."""
    return set(re.findall(r"<script.*?(?:</script>|$)", page, re.DOTALL | re.IGNORECASE))


def test_a_figure_leads_to_its_records(client: TestClient) -> None:
    page = client.get("/?as_of=2023-07-07&days=60").text
    links = re.findall(r'href="(/(?:records|evidence)/[^"]+)"', page)
    assert len(links) > 50
    for link in {*links[:3], *[one for one in links if one.startswith("/evidence")][:3]}:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    deaths = re.search(r'href="(/evidence/[^"]+)">56,516', page)
    assert deaths
    behind = client.get(deaths[1].replace("&amp;", "&")).text
    assert "12 records" in behind
    months = re.findall(r"deaths US (\d{4}-\d{2})", behind)
    assert months == sorted(months) and len(set(months)) == 12


@pytest.mark.parametrize(
    ("page", "status", "line"),
    [
        ("/nowhere", 404, "there is no such page"),
        ("/?days=abc", 400, "days is &#39;abc&#39;; give a whole number from 1 to 36525"),
        ("/?days=99999999999999999999", 400, "give a whole number"),
        ("/?as_of=2023-13-01", 400, "is not a day; write it like 2023-07-07"),
        ("/?as_of=0001-01-01", 400, "is before anything held"),
        ("/?country=%3Cscript%3E", 400, "&#39;&lt;script&gt;&#39; is no country"),
        ("/records/zz", 400, "is too short for an id"),
        ("/records/ffffffffffffffff", 404, "no record here has the id"),
        ("/records?kind=rumour", 400, "is no kind of record"),
        ("/evidence/abc", 404, "no figure of this brief rests on that"),
        ("/api/v1/records?limit=0", 400, "limit: Input should be greater than or equal to 1"),
        ("/api/v1/records/ffffffffffffffff", 404, "no record here has the id"),
        ("/api/v1/brief?as_of=x", 400, "is not a day"),
        ("/substances?q=437-38-8", 400, "its check digit is wrong"),
        ("/substances/nobody", 404, "no substance has the id"),
        ("/api/v1/substances?q=437-38-8", 400, "its check digit is wrong"),
        ("/api/v1/control?q=4-AP", 400, "no jurisdiction is named"),
    ],
)
def test_bad_questions_get_one_line(client: TestClient, page: str, status: int, line: str) -> None:
    answer = client.get(page)
    assert answer.status_code == status
    assert line in answer.text
    if page.startswith("/api/"):
        assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "Synthetic" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "[::1]:8765", "[::1]"])
def test_this_machine_is_served(client: TestClient, host: str) -> None:
    assert client.get("/style.css", headers={"host": host}).status_code == 200


def test_the_api_gives_the_brief_by_its_schema(client: TestClient) -> None:
    answer = client.get("/api/v1/brief?as_of=2023-07-07&days=60").json()
    schema = json.loads(files("tocsin.brief").joinpath("data", "brief.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(answer, schema)
    assert "17 parties" in json.dumps(answer)


def test_the_api_searches_and_shows_masked(client: TestClient) -> None:
    rows = client.get("/api/v1/records?q=yason&kind=claim").json()
    assert {row["value"] for row in rows} >= {"YASON GENERAL MACHINERY CO., LTD."}
    shown = client.get(f"/api/v1/records/{rows[0]['id']}").json()
    assert shown["record"]["id"] == rows[0]["id"]
    assert shown["vintages"]
    for row in client.get("/api/v1/records?subject=ofac-41382").json():
        assert row["property"] not in ("uscCode", "phone") or set(row["value"][:-2]) <= {"•"}


def test_the_api_lists_sources_and_describes_itself(client: TestClient) -> None:
    assert {row["source"] for row in client.get("/api/v1/sources").json()} >= {"us-ofac-sdn", "us-dea-nflis"}
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/v1/changes",
        "/api/v1/pulls",
        "/api/v1/brief",
        "/api/v1/records",
        "/api/v1/records/{name}",
        "/api/v1/sources",
        "/api/v1/definitions",
        "/api/v1/series",
        "/api/v1/parties/{subject}",
        "/api/v1/places",
        "/api/v1/substances",
        "/api/v1/substances/{substance}",
        "/api/v1/control",
    }


def test_as_of_holds_for_records_too(client: TestClient) -> None:
    assert client.get("/api/v1/records?substance=Carfentanil&as_of=2020-01-01").json() == []


def test_a_quarantined_row_is_shown_as_text(console: Console, node: Node, tmp_path: object) -> None:
    from pathlib import Path

    from tests.conftest import NAMES_HEADER
    from tocsin.feeds import load

    path = Path(str(tmp_path)) / "names_2024-01-01.csv"
    path.write_text(f"{NAMES_HEADER}\n1,A,individual,SDNTK,\n2,B,individual,SDNTK,\n<img src=x>,<script>,x,y,z\n")
    load(node, "us-ofac-sdn", [path])
    page = console(node).get("/sources").text
    assert "&lt;script&gt;" in page and len(scripts(page)) == 1 and "<img" not in page


def test_a_new_load_is_seen_at_once(console: Console, node: Node) -> None:
    from tocsin.feeds.starter_set import load_starter

    client = console(node)
    assert "No list of parties is held" in client.get("/").text
    load_starter(node)
    assert "No list of parties is held" not in client.get("/").text


def test_what_changed_is_a_page_and_an_answer(client: TestClient) -> None:
    page = client.get("/sources?since=2026-04-01&until=2026-05-15").text
    assert "7,993" in page and "7,546" in page
    told = client.get("/api/v1/changes?since=2026-04-01&until=2026-05-15").json()
    (canada,) = [row for row in told["sums"] if row["source"] == "ca-phac-harms"]
    assert canada["numbers_revised"] == sum(row["what"] == "revised" for row in told["numbers"]) > 100
    assert client.get("/sources?since=2030-01-01&until=2030-01-02").text.count("Nothing changed in these days.") == 1


@pytest.mark.parametrize("query", ["since=2026-02-01&until=2026-01-01", "by=rumour", "since=soon"])
def test_a_window_that_makes_no_sense_is_one_line(client: TestClient, query: str) -> None:
    for page in ("/sources?", "/api/v1/changes?"):
        answer = client.get(page + query)
        assert answer.status_code == 400
        assert "Traceback" not in answer.text


def test_how_fetching_went(console: Console, node: Node) -> None:
    from tocsin.node.pulls import Pull

    line = "<script>alert(1)</script>: columns changed"
    node.pulls.write(
        [Pull("us-cdc-vsrr", "rows.csv", None, None, None, "2026-11-25T03:00:00+00:00", None, "failed", line)]
    )
    client = console(node)
    page = client.get("/sources").text
    assert "<script>" not in page and "columns changed" in page
    assert client.get("/api/v1/pulls").json()[0]["outcome"] == "failed"
