"""Files that are not what they claim to be end in one line, and nothing is kept."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import T404_HEADER
from tocsin.errors import InputError
from tocsin.feeds import load
from tocsin.feeds.files import csv_rows, read_files
from tocsin.node import Node

Write = Callable[[str, "str | bytes"], Path]
GOOD = f"{T404_HEADER}\n2020,1,100,final\n2020,2,110,final\n2020,3,120,final\n"


def zipped(name: str, content: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(name, content)
    return sink.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        "\ufeff" + GOOD,
        gzip.compress(GOOD.encode(), mtime=0),
        zipped("deep/t404.csv", GOOD),
        GOOD.replace("\n", "\r\n"),
    ],
)
def test_plain_gzip_zip_and_byte_order_mark(node: Node, write: Write, content: str | bytes) -> None:
    landed = load(node, "us-cdc-t404", [write("t404.csv", content)])
    assert landed.added == {"observation": 3}


BAD: dict[str, tuple[str | bytes, str]] = {
    "truncated in a row": (GOOD + "2020,4", "t404.csv, row 5: ends in the middle of a row; get the file again"),
    "truncated in quotes": (
        GOOD + '2020,4,"13',
        "t404.csv, row 5: not CSV from here on: unexpected end of data; the file may be cut off",
    ),
    "wrong encoding": (
        GOOD.encode() + "2020,4,é".encode("latin-1"),
        "t404.csv, row 5: byte 83 is not UTF-8; save it as UTF-8",
    ),
    "UTF-16": (GOOD.encode("utf-16"), "t404.csv: is UTF-16, not UTF-8; save it as UTF-8"),
    "swapped columns": (
        f"{T404_HEADER}\n100,2020,final,1\n110,2020,final,2\n",
        "t404.csv, row 2: 2 of 2 rows cannot be read; the first: '100' is not a year; columns may be swapped",
    ),
    "HTML": (
        "  <!DOCTYPE html><html>Sign in</html>",
        "t404.csv: is a web page, not data; the publisher's site may have answered with an error",
    ),
    "gzip bomb": (gzip.compress(b"0" * (300 * 1024 * 1024), 1), "t404.csv: holds more than 256 MB"),
    "endless line": (
        T404_HEADER + "\n" + "1" * 3_000_000,
        "t404.csv, row 2: a line of 3,000,000 signs; this is no CSV",
    ),
    "duplicate header": ("year,month,deaths,deaths\n2020,1,2,3\n", "t404.csv, row 1: column 'deaths' stands twice"),
    "changed columns": (
        "year,month,count,status\n2020,1,2,final\n",
        "t404.csv, row 1: columns changed: missing deaths; new count; the last good state is kept",
    ),
    "zip slip": (
        zipped("../../etc/x.csv", GOOD),
        r"t404.csv: the archive holds '../../etc/x.csv', which points outside it; do not trust it",
    ),
    "zip slip of Windows": (zipped("C:\\x.csv", GOOD), "which points outside it"),
    "damaged gzip": (gzip.compress(GOOD.encode(), mtime=0)[:-10], "t404.csv: the archive is damaged"),
    "damaged zip": (zipped("a.csv", GOOD)[:-30], "t404.csv: the archive is damaged"),
    "empty": ("", "t404.csv: is empty; get the file again"),
    "header only": (T404_HEADER + "\n", "t404.csv: holds no rows; get the file again"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_whole(node: Node, write: Write, name: str) -> None:
    content, message = BAD[name]
    with pytest.raises(InputError) as caught:
        load(node, "us-cdc-t404", [write("t404.csv", content)])
    assert message in caught.value.line()
    assert "\n" not in caught.value.line()
    assert node.state.ledger() == []
    with node.view() as view:
        assert view.value("SELECT count(*) FROM document_physical") == 0


def test_one_bad_file_among_good_ones_stops_them_all(node: Node, write: Write) -> None:
    good = write("good.csv", GOOD)
    with pytest.raises(InputError):
        load(node, "us-cdc-t404", [good, write("bad.csv", "<html>")])
    assert node.state.ledger() == []


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_what_is_no_file_is_named(node: Node, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read: "):
        load(node, "us-cdc-t404", [tmp_path / name])


def test_the_release_day_comes_from_user_then_name_then_today(write: Write) -> None:
    path = write("sdn_2024-05-03.csv", "1,2\n")
    assert read_files([path])[0].published == date(2024, 5, 3)
    assert read_files([path], date(2020, 1, 1))[0].published == date(2020, 1, 1)
    unnamed = read_files([write("sdn.csv", "1,2\n")])[0]
    assert not unnamed.published_is_known
    with pytest.raises(InputError, match="2024-13-03 is no day; give the release day with --published"):
        read_files([write("sdn_2024-13-03.csv", "1,2\n")])


def test_row_numbers_are_those_of_the_lines(write: Write) -> None:
    (file,) = read_files([write("a.csv", 'a,"b\nb"\nc,d\n')])
    assert [line for line, _ in csv_rows(file)] == [1, 3]


def test_bytes_already_held_as_the_newest_release_add_nothing_on_another_day(
    node: Node, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.conftest import NAMES_HEADER

    path = write("names.csv", f"{NAMES_HEADER}\n1,A,individual,SDNTK,\n")
    load(node, "us-ofac-sdn", [path], date(2024, 1, 1))
    assert load(node, "us-ofac-sdn", [path]).added == {}
    assert len(node.state.ledger()) == 1
