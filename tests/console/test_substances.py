"""The room of substances: what was asked, the answers in the words of the texts, the pictures, and the same by program."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient
from lxml import etree, html

from tests.console.conftest import Console
from tocsin.console.control_asked import Control, name_of, read_codes, texts_held
from tocsin.console.control_pictures import changes_of, countries, eras, steps_of
from tocsin.console.controlled import LABELS, NONE_HELD, label_of, rulings, structure
from tocsin.errors import UsageError
from tocsin.node import Node
from tocsin.substances import Answer, identify, judge, registry
from tocsin.substances.identify import subject_of_entry
from tocsin.substances.rules import jurisdictions, words
from tocsin.substances.screening import verdict_rows

NITAZENE = "n-pyrrolidino-metonitazene"
BEFORE, AFTER = "2025-08-14", "2025-08-15"
NEW = "CCC(=O)N(c1ccc(CC)cc1)C1CCN(CCc2cccs2)CC1C.Cl"
"""A hydrochloride that meets the class definitions and that nobody has entered."""
NOT_FOUND = LABELS[Answer.NOT_CONTROLLED]
MOL = """
  ethanol

  3  2  0  0  0  0            999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.2990    0.7500    0.0000 C   0  0
    2.5981   -0.0000    0.0000 O   0  0
  1  2  1  0
  2  3  1  0
M  END
"""


@pytest.fixture(scope="module")
def client(console: Console, starter: Node) -> TestClient:
    """A browser on this machine that was let in."""
    starter.index.refresh()
    return console(starter)


def parsed(page: str) -> Any:
    """The page as a tree; what a path finds in it is of many types."""
    return html.fromstring(page)


def answers(page: str) -> dict[str, str]:
    """The answer of each jurisdiction in the table of control."""
    found = {}
    for group in parsed(page).xpath("//table[contains(@class, 'control')]/tbody"):
        name = group.xpath("string(.//th)").strip()
        found[name] = group.xpath("string(.//b[contains(@class, 'answer')])").strip()
    return found


def pictures(page: str) -> list[str]:
    """Every picture of a page, as text."""
    return re.findall(r"<svg.*?</svg>", page, re.DOTALL)


# What is it?


@pytest.mark.parametrize(
    "query", ["fentanyl", "FENTANYL", "芬太尼", "437-38-7", "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"]
)
def test_what_is_surely_one_entry_leads_to_it(client: TestClient, query: str) -> None:
    answer = client.get(f"/substances?q={quote(query)}&on=2020-01-01&in=US,CN", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/substances/fentanyl?")
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert list(answers(page.text)) == ["United States", "China"]
    assert "Control on 2020-01-01" in page.text


def test_what_was_noticed_on_the_way_is_told(client: TestClient) -> None:
    salt = client.get("/substances?q=" + quote("CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1.Cl")).text
    assert "hydrochloride set aside" in salt and "<h1" in salt
    assert "Asked for" not in client.get("/substances?q=fentanyl").text
    assert "Asked for" not in client.get("/substances/fentanyl?q=ketamine").text


def test_several_entries_are_a_collision_and_none_is_guessed(client: TestClient) -> None:
    answer = client.get("/substances?q=China+White&on=2024-01-01&in=US")
    assert answer.status_code == 200 and str(answer.url).endswith("in=US")
    assert "Which is meant is not guessed" in answer.text
    assert answers(answer.text) == {}
    links = re.findall(r'href="(/substances/[^"]+)"', answer.text)
    assert len(links) > 1 and all("on=2024-01-01" in link and "in=US" in link for link in links)
    assert all(client.get(link.replace("&amp;", "&")).status_code == 200 for link in links)


def test_a_structure_nobody_entered_is_judged_with_its_picture(client: TestClient) -> None:
    page = client.get(f"/substances?q={quote(NEW)}&in=US,CN&on=2026-01-01&route=CN,US").text
    assert "A structure that is not in the registry." in page and "hydrochloride set aside" in page
    assert answers(page) == {"United States": "controlled", "China": "controlled"}
    assert words()["US-FRS", "A"] in parsed(page).text_content()
    assert [("<ellipse" in svg) for svg in pictures(page)] == [False, True, True]
    assert parsed(page).xpath("count(//ol[@class='route']/li)") == 2


@pytest.mark.parametrize(
    ("query", "status", "line"),
    [
        ("437-38-8", 400, "its check digit is wrong; meant is 437-38-7"),
        ("nothing anybody ever named so", 404, "nothing is known by the name"),
        ("C1CC=", 400, "not a valid SMILES"),
    ],
)
def test_a_fault_is_one_line_beside_the_form_which_stays_filled(
    client: TestClient, query: str, status: int, line: str
) -> None:
    answer = client.get(f"/substances?q={quote(query)}&on=2024-05-06&in=US&route=CN,US")
    assert answer.status_code == status
    tree = parsed(answer.text)
    (alert,) = tree.xpath("//*[@role='alert']")
    assert line in alert.text_content() and "\n" not in alert.text_content()
    (form,) = tree.xpath("//form[@role='search']")
    assert dict(form.form_values()) == {"q": query, "on": "2024-05-06", "in": "US", "route": "CN,US"}


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("on=soon", "is not a day"),
        ("in=Atlantis", "is no jurisdiction; give codes or names"),
        ("in=US-OH", "is no jurisdiction"),
        ("route=" + ",".join(["US"] * 41), "41 places are too many"),
        ("in=" + "US," * 200, "in: String should have at most 400 characters"),
        ("on=0001", "is not a day"),
    ],
)
def test_a_bad_question_is_one_line_everywhere(client: TestClient, query: str, line: str) -> None:
    for path in (
        "/substances?q=fentanyl",
        "/substances/fentanyl?",
        "/substances/fentanyl/map?",
        "/api/v1/control?q=4-AP",
    ):
        answer = client.get(f"{path}&{query}")
        assert answer.status_code == 400, path
        assert line in parsed(answer.text).text_content()


def test_an_entry_nobody_made_is_not_there(client: TestClient) -> None:
    for path in ("/substances/nobody", "/substances/nobody/map", "/api/v1/substances/nobody"):
        assert client.get(path).status_code == 404


def csrf(client: TestClient) -> str:
    (found, *_) = re.findall(r'name="csrf" value="([^"]+)"', client.get("/substances").text)
    return str(found)


def test_a_pasted_mol_file_becomes_an_address(client: TestClient) -> None:
    answer = client.post("/substances", data={"csrf": csrf(client), "mol": MOL}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/substances?q=CCO")
    assert client.post("/substances", data={"mol": MOL}).status_code == 403


def test_a_mol_file_that_cannot_be_read_stays_in_the_form(client: TestClient) -> None:
    broken = MOL.replace("  3  2", " 99 99")
    answer = client.post("/substances", data={"csrf": csrf(client), "mol": broken})
    assert answer.status_code == 400
    tree = parsed(answer.text)
    assert "99 99" in tree.xpath("string(//textarea)") and tree.xpath("//details[@open]")
    assert len(tree.xpath("//*[@role='alert']")) == 1


# Is it controlled?


@pytest.mark.parametrize(("day", "answer"), [(BEFORE, NOT_FOUND), (AFTER, "controlled")])
def test_the_day_decides(client: TestClient, day: str, answer: str) -> None:
    assert answers(client.get(f"/substances/{NITAZENE}?on={day}&in=US").text) == {"United States": answer}
    assert answers(client.get(f"/substances/{NITAZENE}?as_of={day}&in=US").text) == {"United States": answer}
    rows = client.get(f"/api/v1/control?q={NITAZENE.replace('n-p', 'N-p').replace('-m', ' m')}&in=US&on={day}").json()
    assert ("controlled" in {row["verdict"] for row in rows}) == (answer == "controlled")


def test_an_answer_cites_its_text(client: TestClient) -> None:
    (group,) = parsed(client.get(f"/substances/{NITAZENE}?on={AFTER}&in=US").text).xpath(
        "//table[contains(@class, 'control')]/tbody"
    )
    text = group.text_content()
    (judgement,) = judge(subject_of_entry(NITAZENE), ["US"], date.fromisoformat(AFTER))
    verdict = judgement.verdicts[0]
    for told in (verdict.rule, verdict.schedule, verdict.clause, verdict.since, verdict.basis, verdict.source):
        assert told in text


def test_what_is_not_found_is_never_called_otherwise(client: TestClient) -> None:
    for path in (f"/substances/{NITAZENE}?on={BEFORE}", f"/substances/{NITAZENE}/map?on={BEFORE}", "/substances"):
        text = parsed(client.get(path).text).text_content().casefold()
        assert not re.search(r"\b(safe|legal|allowed|free)\b", text.replace("not legal advice", ""))
    assert NOT_FOUND in client.get(f"/substances/{NITAZENE}?on={BEFORE}&in=US").text


def test_what_a_shipper_owes_is_told_stop_by_stop(client: TestClient) -> None:
    page = parsed(client.get("/substances/4-ap?route=CN,Mexico,US&on=2025-12-01").text)
    stops = [one.text_content() for one in page.xpath("//ol[@class='route']/li")]
    assert [re.search(r"\((\w+)\)", stop)[1] for stop in stops] == ["export", "transit", "import"]  # type: ignore[index]
    assert "pre-export notification" in stops[0] and "basis" in stops[0]
    assert page.xpath("//input[@name='route' and @type='text']/@value") == ["CN,MX,US"] * 2


def test_a_name_nobody_read_says_so(client: TestClient) -> None:
    entry, name = next(
        (entry, one)
        for entry, many in registry().names.items()
        for one in many
        if one.basis == "unverified" and one.kind not in ("systematic", "code")
    )
    rows = parsed(client.get(f"/substances/{entry}").text).xpath("//tr")
    (row,) = [one for one in rows if one.xpath("string(td[1])") == name.name and "unverified" in one.text_content()]
    assert row.xpath("string(.//b[@class='tag'])") == "unverified"


# Since when, and where?


def test_the_table_says_what_the_timeline_draws(client: TestClient) -> None:
    page = client.get(f"/substances/{NITAZENE}?in=US,CN,GB").text
    held = eras(subject_of_entry(NITAZENE), ["US", "CN", "GB"], datetime.now(UTC).date())
    wide = next(svg for svg in pictures(page) if "graphics-document" in svg)
    assert wide.count("graphics-symbol") == len(held)
    assert all(f">{one.start}</a>" in page and str(one.end) in page for one in held)


def test_the_map_steps_from_change_to_change(client: TestClient) -> None:
    path, seen = f"/substances/{NITAZENE}/map?on=1962-01-01", list[str]()
    while path:
        page = client.get(path).text
        further = re.search(r'rel="next" href="([^"]+)"', page)
        path = further[1].replace("&amp;", "&") if further else ""
        seen += re.findall(r"on=([0-9-]+)", path)
    changes = changes_of(subject_of_entry(NITAZENE), datetime.now(UTC).date())
    assert seen == sorted({str(one.start) for one in changes}) and AFTER in seen


def test_the_slider_works_without_script(client: TestClient) -> None:
    page = client.get(f"/substances/{NITAZENE}/map?on=2024").text
    assert ": control on 2024-12-31" in page
    slider, day = parsed(page).xpath("//main//form")
    assert slider.xpath("string(.//input[@type='range']/@value)") == "2024" and slider.xpath(".//button")
    assert day.xpath("string(.//input[@type='date']/@value)") == "2024-12-31" and day.xpath(".//button")
    this_year = datetime.now(UTC).date()
    assert f": control on {this_year}" in client.get(f"/substances/fentanyl/map?on={this_year.year}").text


def test_members_of_the_union_follow_its_rules_and_their_own_law_is_not_held() -> None:
    benzyl, day = subject_of_entry("benzylfentanyl"), date(2026, 1, 1)
    (austria,) = rulings(benzyl, ["AT"], day)
    assert (austria.label, austria.kind) == (NONE_HELD, "none-held")
    four_ap = judge(subject_of_entry("4-ap"), ["AT", "EU"], day)
    assert [label_of(one) for one in four_ap] == ["controlled", "controlled"]
    assert {"UN", "EU"}.isdisjoint(countries()) and "AT" in countries()


def test_the_words_of_a_clause_are_quoted_once() -> None:
    for place, day in (("CN", date(2026, 1, 1)), ("DE", date(2025, 1, 1)), ("DE", date(2026, 1, 1))):
        (ruling,) = rulings(subject_of_entry(NITAZENE), [place], day)
        quoted = [one for one in ruling.told if one.quotes]
        assert quoted
        for one in quoted:
            assert all(text not in one.reason for letter, text in one.quotes if letter)
            assert one.picture and "<ellipse" in one.picture


def test_steps_know_the_ends() -> None:
    changes = changes_of(subject_of_entry(NITAZENE), date(2026, 1, 1))
    assert steps_of(changes, date(1961, 1, 1))[0] is None and steps_of(changes, date(2100, 1, 1))[1] is None
    assert steps_of((), date(2026, 1, 1)) == (None, None)


# Where was it identified?


def test_the_numbers_of_it_are_linked(client: TestClient) -> None:
    page = client.get("/substances/fentanyl").text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/series\?[^"]+)"', page)]
    assert any("us-nflis" in link or "nflis" in link.casefold() for link in links) and len(links) > 2
    for link in links:
        assert client.get(link).status_code == 200
    assert "No number fits that." not in client.get(links[0]).text
    records = re.findall(r'href="(/records\?[^"]+)"', page)
    assert all("No record fits" not in client.get(link.replace("&amp;", "&")).text for link in records[:2])


def test_nothing_published_later_is_counted(client: TestClient) -> None:
    page = client.get("/substances/fentanyl?as_of=1999-01-01").text
    assert "No source of this node reports it under one of its names." in page


# Pages


def test_the_room_tells_what_is_held_and_what_is_not(client: TestClient) -> None:
    page = parsed(client.get("/substances").text)
    text = page.text_content()
    for code in texts_held():
        assert name_of(code) in text and jurisdictions()[code].held in text
    counts = [int(one.replace(",", "")) for one in page.xpath("//td[@class='number']/text()")]
    assert sum(counts) == len(registry().substances)
    assert "their national law is not" in text and "no text is held" in text
    assert page.xpath("//nav//a[@aria-current='page']/text()") == ["Substances"]


@pytest.mark.parametrize("entry", ["fentanyl", NITAZENE, "4-ap", "benzylfentanyl"])
def test_pictures_are_sound_and_in_the_ink_of_the_page(client: TestClient, entry: str) -> None:
    for path in (f"/substances/{entry}", f"/substances/{entry}/map"):
        page = client.get(path).text
        assert pictures(page)
        for svg in pictures(page):
            assert "currentColor" in svg and " style=" not in svg and "#000000" not in svg
        assert 'aria-current="page">Substances' in page


def test_a_title_of_a_structure_is_text() -> None:
    mol = subject_of_entry("fentanyl").components[0]
    svg = structure(mol, "<script>alert(1)</script>\"'&", [0, 1])
    assert "<script" not in svg
    parsed = etree.fromstring(svg.encode(), etree.XMLParser(recover=True))
    assert parsed[0].text == "<script>alert(1)</script>\"'&"


@pytest.mark.parametrize("language", ["es", "fr", "zh"])
def test_the_room_speaks_the_readers_language(client: TestClient, language: str) -> None:
    headers = {"accept-language": language}
    for path in ("/substances", f"/substances/{NITAZENE}?on={AFTER}", f"/substances/{NITAZENE}/map?on={AFTER}"):
        page = client.get(path, headers=headers).text
        assert f'<html lang="{language}">' in page
        for english in ("What is held", "Since when", ">controlled<", "Days of change", "United States<"):
            assert english not in page


# By program


def test_json_csv_and_arrow_say_the_same(client: TestClient) -> None:
    for path in ("substances?q=China+White", "control?q=4-AP&in=US,CN&on=2026-01-01", "control?q=4-AP&route=CN,MX,US"):
        rows = client.get(f"/api/v1/{path}").json()
        text = client.get(f"/api/v1/{path}&format=csv").text
        table = pa.ipc.open_stream(client.get(f"/api/v1/{path}&format=arrow").content).read_all()
        assert len(rows) > 1
        assert next(csv.DictReader(io.StringIO(text, newline=""))).keys() == rows[0].keys()
        assert table.to_pylist() == rows


def test_the_api_gives_the_lines_of_a_screening(client: TestClient) -> None:
    rows = client.get(f"/api/v1/control?q=4-AP&in=United+States,CN&on={AFTER}").json()
    assert rows == verdict_rows(1, identify("4-AP"), ("US", "CN"), date.fromisoformat(AFTER))


def test_the_page_leads_to_the_same_by_program(client: TestClient) -> None:
    page = client.get(f"/substances/{NITAZENE}?on={AFTER}&in=US").text
    (link,) = re.findall(r'href="(/api/v1/control[^"]+)"', page)
    rows = list(csv.DictReader(io.StringIO(client.get(link.replace("&amp;", "&")).text, newline="")))
    assert {row["jurisdiction"] for row in rows} == {"US"} and "controlled" in {row["verdict"] for row in rows}


def test_an_entry_is_told_whole(client: TestClient) -> None:
    told = client.get("/api/v1/substances/fentanyl").json()
    assert told["id"] == "fentanyl" and told["smiles"]
    assert {one["name"] for one in told["names"]} >= {"Fentanyl", "芬太尼"}
    assert all(one["basis"] for one in [*told["names"], *told["numbers"], *told["potencies"], *told["customs_codes"]])


def test_nothing_lists_what_is_not_controlled(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    asked = {
        path: {one["name"] for one in paths[f"/api/v1/{path}"]["get"].get("parameters", ())}
        for path in ("substances", "substances/{substance}", "control")
    }
    assert asked == {
        "substances": {"q", "format"},
        "substances/{substance}": {"substance"},
        "control": {"q", "in", "on", "route", "format"},
    }
    for path in ("/api/v1/substances", "/api/v1/control?in=US", "/api/v1/control?q=4-AP", "/api/v1/substances?q="):
        assert client.get(path).status_code == 400
    for page in ("/substances", "/substances?q=fentanyll", "/substances?q=2933.39"):
        names = parsed(client.get(page).text).xpath("//form//*[@name]/@name")
        assert set(names) <= {"q", "on", "in", "route", "csrf", "mol", "as_of", "back", "language"}


# What is asked, read once


def test_codes_are_read_from_codes_and_names() -> None:
    assert read_codes("us, China ,UK,EU,un,us") == ("US", "CN", "GB", "EU", "UN")
    assert read_codes("CN>MX>CN", twice=True) == ("CN", "MX", "CN")
    assert read_codes("") == () == read_codes(" , ")
    for bad in ("US-OH", "ZZZ", "1", "<b>"):
        with pytest.raises(UsageError, match="is no jurisdiction"):
            read_codes(bad)


def test_the_day_is_the_one_given_else_the_readers_else_today() -> None:
    assert Control.read(on=AFTER, places="", route="").day == date(2025, 8, 15)
    assert Control.read(on="2020", places="", route="", as_of=AFTER).day == date(2020, 12, 31)
    assert Control.read(on="2025", places="", route="", as_of=AFTER).day == date(2025, 8, 15)
    assert Control.read(on="", places="", route="", as_of=AFTER).day == date(2025, 8, 15)
    assert Control.read(on="", places="", route="").day == datetime.now(UTC).date()
    asked = Control.read(on=AFTER, places="us", route="CN,MX")
    assert asked.query() == {"on": AFTER, "in": "US", "route": "CN,MX"} and asked.wanted == ("US",)
    assert Control().wanted == texts_held()


def test_jurisdictions_have_names_in_each_language() -> None:
    assert [name_of(code) for code in ("US", "UN", "EU", "ZZ")] == [
        "United States", "United Nations drug conventions", "European Union", "ZZ",
    ]  # fmt: skip
    assert name_of("EU", "fr") == "Union européenne" and name_of("DE", "es") == "Alemania"
