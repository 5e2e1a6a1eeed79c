"""The catalogues: whole, with every placeholder, up to date with the templates; numbers and places in each language."""

from __future__ import annotations

import io
import re

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po, write_po
from fastapi.testclient import TestClient
from scripts.update_catalogues import CATALOGUES, extracted

from tests.console.conftest import Console
from tocsin.console.language import LANGUAGES, number, place_name, translations
from tocsin.node import Node

OTHERS = [code for code in LANGUAGES if code != "en"]


def messages(language: str) -> dict[object, Message]:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return {message.id: message for message in read_po(file, locale=language) if message.id}


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_text_and_no_other(language: str) -> None:
    assert set(messages(language)) == {message.id for message in extracted() if message.id}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_with_its_placeholders(language: str) -> None:
    for message in messages(language).values():
        said = [str(one) for one in (message.string if isinstance(message.string, tuple) else (message.string or "",))]
        assert all(said), message.id
        assert not list(message.check()), message.id
        text = message.id if isinstance(message.id, str) else message.id[0]
        wanted = set(re.findall(r"%\(\w+\)s", text))
        assert all(set(re.findall(r"%\(\w+\)s", one)) == wanted for one in said), text
        assert not message.fuzzy


@pytest.mark.parametrize("language", OTHERS)
def test_writing_a_catalogue_again_changes_nothing(language: str) -> None:
    data = (CATALOGUES / f"{language}.po").read_bytes()
    out = io.BytesIO()
    write_po(out, read_po(io.BytesIO(data), locale=language), width=120, no_location=True, sort_output=True)
    assert out.getvalue() == data


def test_numbers_and_places_are_written_as_the_language_does() -> None:
    assert number(1234567.25, "en") == "1,234,567.25"
    assert number(1234567.25, "es") == "1.234.567,25"
    assert number(1234567.25, "fr") == "1\u202f234\u202f567,25"
    assert number(None, "zh") == "–"
    assert [place_name("CN", code) for code in LANGUAGES] == ["China", "China", "Chine", "中国"]
    assert place_name("US-OH", "fr") == "Ohio"
    assert place_name("nowhere", "fr") == "nowhere"


def test_every_brief_heading_is_in_the_catalogues(starter: Node) -> None:
    from tocsin.brief import build

    for section in build(starter).sections:
        assert translations("es").gettext(section.title) != section.title
        for table in section.tables:
            assert translations("zh").gettext(table.title) != table.title, table.title


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("fr-CA,fr;q=0.9", "fr"),
        ("zh-Hant-TW, en", "zh"),
        ("de, es;q=0.5", "es"),
        ("de", "en"),
        ("", "en"),
        (";;,=", "en"),
    ],
)
def test_the_browsers_language_is_taken(console: Console, starter: Node, asked: str, language: str) -> None:
    page = console(starter).get("/records", headers={"accept-language": asked}).text
    assert f'<html lang="{language}">' in page


def test_a_chosen_language_is_kept(console: Console, starter: Node) -> None:
    client = console(starter)
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/records").text)
    assert csrf
    answer = client.post(
        "/language", data={"csrf": csrf[1], "language": "zh", "back": "/places?x=1"}, follow_redirects=False
    )
    assert answer.headers["location"] == "/places?x=1"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert '<html lang="zh">' in client.get("/records").text
    assert client.post("/language", data={"csrf": csrf[1], "language": "tlh"}).status_code == 400
    assert client.post("/language", data={"language": "es"}).status_code == 403


def test_no_language_needs_a_session(console: Console, starter: Node) -> None:
    with TestClient(console(starter).app, base_url="http://127.0.0.1:8765") as stranger:
        assert "está bloqueada" in stranger.get("/", headers={"accept-language": "es"}).text
