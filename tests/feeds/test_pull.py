"""Pulling from a real server on this machine: new, unchanged, broken, gone; the last good state is kept each time."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from tests.feeds.test_statistics_rows import CBP, VSRR, cbp, vsrr
from tocsin.errors import UsageError
from tocsin.feeds.fetch import Limits
from tocsin.feeds.pull import FAILED, NEW, UNCHANGED, Pulled, downloads, period, pull, pullable
from tocsin.node import Node

QUICK = Limits(most_bytes=50_000_000, seconds=5, stall_seconds=1, attempts=1)


class Mirror(BaseHTTPRequestHandler):
    """Serves ``files`` by path, with the size as ETag; what was asked is written down."""

    files: ClassVar[dict[str, bytes]] = {}
    modified: ClassVar[float | None] = None
    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        data = self.files.get(self.path)
        self.asked.append((self.path, self.headers.get("If-None-Match")))
        tag = f'"{hash(data)}"'
        if data is None:
            self.send_error(404)
        elif self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(data)))
            if self.modified is not None:
                self.send_header("Last-Modified", formatdate(self.modified, usegmt=True))
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture
def base() -> Iterator[str]:
    """The base URL of a mirror with nothing on it."""
    Mirror.files, Mirror.asked, Mirror.modified = {}, [], None
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def table(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def pulled(node: Node, base: str, *names: str) -> list[Pulled]:
    return list(pull(node, names, base, QUICK))


def one(node: Node, base: str, name: str = "us-cdc-vsrr") -> Pulled:
    (result,) = pulled(node, base, name)
    return result


def held(node: Node) -> list[tuple[str, float | None]]:
    with node.view() as view:
        rows = view.rows(
            "SELECT place, value FROM observation WHERE definition = 'us-vsrr-12-month-reported' ORDER BY 1"
        )
    return [(row["place"], row["value"]) for row in rows]


def test_new_then_unchanged_then_new(node: Node, base: str) -> None:
    Mirror.files["/us-cdc-vsrr/rows.csv"] = table(VSRR, vsrr())
    Mirror.modified = 1_767_225_600.0
    first = one(node, base)
    assert (first.outcome, first.line) == (NEW, "4 records added")
    second = one(node, base)
    assert (second.outcome, second.line) == (UNCHANGED, "the publisher still offers the copy held")
    assert Mirror.asked[1][1] is not None
    Mirror.files["/us-cdc-vsrr/rows.csv"] = table(VSRR, vsrr(value="101"))
    Mirror.modified = 1_769_904_000.0
    third = one(node, base)
    assert (third.outcome, third.line) == (NEW, "5 records added; 1 number revised")
    assert held(node) == [("US-OH", 101.0)]
    assert [str(entry.published_at.date()) for entry in node.ledger()] == ["2026-01-01", "2026-02-01"]


def test_changed_columns_keep_the_last_good_state_and_are_asked_for_again(node: Node, base: str) -> None:
    good = table(VSRR, vsrr())
    Mirror.files["/us-cdc-vsrr/rows.csv"] = good
    one(node, base)
    Mirror.files["/us-cdc-vsrr/rows.csv"] = good.replace(b"data_value", b"value")
    for _ in range(2):
        broken = one(node, base)
        assert broken.outcome == FAILED
        assert (
            "rows.csv, row 1: columns changed: missing data_value; new value; the last good state is kept"
            in broken.line
        )
        assert len(broken.line.splitlines()) == 1
    assert held(node) == [("US-OH", 100.0)]
    folder = node.settings.node / "pulled" / "us-cdc-vsrr"
    assert (folder / "rows.csv").read_bytes() == good
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["rows.csv"]
    (noted,) = node.pulls.all()
    assert (noted.outcome, noted.message) == (FAILED, broken.line)
    Mirror.files["/us-cdc-vsrr/rows.csv"] = good
    assert one(node, base).outcome == UNCHANGED


@pytest.mark.parametrize("data", [b"", b"<!doctype html><html>Sorry</html>", table(VSRR), b"PK\x03\x04broken"])
def test_what_is_no_data_fails_in_one_line(node: Node, base: str, data: bytes) -> None:
    Mirror.files["/us-cdc-vsrr/rows.csv"] = data
    result = one(node, base)
    assert result.outcome == FAILED
    assert len(result.line.splitlines()) == 1
    assert node.ledger() == []


def test_a_feed_that_fails_does_not_stop_the_next(node: Node, base: str) -> None:
    Mirror.files["/us-cbp-seizures/nationwide-drugs.csv"] = table(CBP, cbp(), cbp(month="NOV"))
    first, second = pulled(node, base, "us-cdc-vsrr", "us-cbp-seizures")
    assert (first.outcome, second.outcome) == (FAILED, NEW)
    assert "answered 404: it is not there" in first.line


def test_a_copy_that_was_lost_or_altered_is_not_asked_conditionally(node: Node, base: str) -> None:
    Mirror.files["/us-cdc-vsrr/rows.csv"] = table(VSRR, vsrr())
    one(node, base)
    copy = node.settings.node / "pulled" / "us-cdc-vsrr" / "rows.csv"
    copy.write_bytes(b"altered")
    assert one(node, base).outcome == UNCHANGED
    assert copy.read_bytes() == Mirror.files["/us-cdc-vsrr/rows.csv"]
    copy.unlink()
    one(node, base)
    assert [tag for _, tag in Mirror.asked] == [None, None, None]


def test_the_files_of_one_list_are_loaded_together(node: Node, base: str) -> None:
    sdn = b'1,"ONE",individual,"SDNTK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1970."\n'
    Mirror.files |= {
        "/us-ofac-sdn/sdn.csv": sdn,
        "/us-ofac-sdn/alt.csv": b'1,1,"aka","UNO",-0- \n',
        "/us-ofac-sdn/add.csv": b'1,1,-0- ,"Wuhan","China",-0- \n',
        "/us-ofac-sdn/sdn_comments.csv": b"\x1a\n",
    }
    result = one(node, base, "us-ofac-sdn")
    assert result.outcome == FAILED
    Mirror.files["/us-ofac-sdn/sdn_comments.csv"] = b'1,"; a note."\n'
    assert one(node, base, "us-ofac-sdn").outcome in (NEW, FAILED)


def test_the_real_files_through_a_mirror(node: Node, base: str, shared: Path) -> None:
    Mirror.files |= {
        "/us-cdc-vsrr/rows.csv": (shared / "cdc/vsrr_T404_2026-06-27.csv").read_bytes(),
        "/ca-phac-harms/SubstanceHarmsData.csv": (shared / "canada/SubstanceHarmsData_vintage2023-04.csv").read_bytes(),
        "/us-cbp-seizures/nationwide-drugs.csv": (shared / "cbp/nationwide-drugs-fy23-fy26-dec.csv").read_bytes(),
        "/un-sc-sanctions/consolidated.xml": (shared / "un/UN_consolidated_2026-02-27.xml").read_bytes(),
    }
    names = ("us-cdc-vsrr", "ca-phac-harms", "us-cbp-seizures", "un-sc-sanctions")
    assert [result.outcome for result in pulled(node, base, *names)] == [NEW] * 4
    assert [result.outcome for result in pulled(node, base, *names)] == [UNCHANGED] * 4
    Mirror.files["/ca-phac-harms/SubstanceHarmsData.csv"] = (
        shared / "canada/SubstanceHarmsData_vintage2026-04.csv"
    ).read_bytes()
    result = one(node, base, "ca-phac-harms")
    assert "1,211 numbers revised" in result.line


def test_what_can_be_fetched() -> None:
    usual = pullable((), "")
    assert "us-ofac-sdn" in usual and "un-sc-sanctions" in usual
    assert not {"opensanctions", "us-cbp-seizures", "us-cdc-t404"} & set(usual)
    assert pullable(("opensanctions",), "") == ["opensanctions"]
    with pytest.raises(
        UsageError, match="us-cbp-seizures has no stable address to fetch it from; get the file from https"
    ):
        pullable(("us-cbp-seizures",), "")
    with pytest.raises(UsageError, match="no feed is called 'sdn'"):
        pullable(("sdn",), "")
    assert all(one.url.startswith("https://") or not one.url for one in downloads())


@pytest.mark.parametrize("text", ["file:///etc", "mirror", "ftp://x/"])
def test_a_base_url_must_be_one(node: Node, text: str) -> None:
    with pytest.raises(UsageError, match="is no base URL"):
        list(pull(node, ("us-cdc-vsrr",), text))


@pytest.mark.parametrize(("text", "seconds"), [("30m", 1800), ("6h", 21_600), ("1d", 86_400)])
def test_periods(text: str, seconds: float) -> None:
    assert period(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "6", "-1h", "0m", "6 h", "1w", "٣h", "99999h"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(UsageError, match="is no period; write it like 30m, 6h or 1d"):
        period(text)


def tocsin(node: Node, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tocsin", *arguments, "--node", str(node.settings.node)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, "TOCSIN_NODE": ""}
    )


def test_the_command(node: Node, base: str) -> None:
    Mirror.files["/us-cdc-vsrr/rows.csv"] = table(VSRR, vsrr())
    done = tocsin(node, "feed", "pull", "us-cdc-vsrr", "--base-url", base)
    assert (done.returncode, done.stdout, done.stderr) == (0, "us-cdc-vsrr: new: 4 records added\n", "")
    done = tocsin(node, "feed", "pull", "us-cdc-vsrr", "us-cdc-dose", "--base-url", base, "--format", "json")
    assert done.returncode == 2
    assert [row["outcome"] for row in json.loads(done.stdout)] == [UNCHANGED, FAILED]
    assert len(done.stderr.splitlines()) == 1
    status = tocsin(node, "feed", "status").stdout
    assert "pulled: us-cdc-dose/jurisdiction.csv" in status


def test_again_and_again_until_interrupted(node: Node, base: str) -> None:
    Mirror.files["/us-cdc-vsrr/rows.csv"] = table(VSRR, vsrr())
    command = [sys.executable, "-m", "tocsin", "feed", "pull", "us-cdc-vsrr", "--every", "1d", "--base-url", base]
    with subprocess.Popen(
        [*command, "--node", str(node.settings.node)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell may have had the signal ignored, which a child inherits.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "us-cdc-vsrr: new: 4 records added\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (errors, process.returncode) == ("tocsin: interrupted; what was committed stays\n", 130)


def test_a_mirror_with_a_certificate_nobody_vouches_for(node: Node, base: str, tmp_path: Path) -> None:
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        result = one(node, f"https://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
    assert result.outcome == FAILED
    assert len(result.line.splitlines()) == 1 and "certificate" in result.line


def test_the_day_of_a_release_is_never_to_come(node: Node, base: str) -> None:
    Mirror.files["/us-cdc-vsrr/rows.csv"] = table(VSRR, vsrr())
    Mirror.modified = 4_102_444_800.0
    one(node, base)
    (entry,) = node.ledger()
    assert entry.published_at.date() <= date.today()


CT = "ID,Date,DateType,Age,Sex,Race,ResidenceCity,ResidenceCounty,ResidenceState,DeathCity,DeathCounty,Location,LocationifOther,DescriptionofInjury,InjuryPlace,InjuryCity,InjuryCounty,InjuryState,COD,OtherSignifican,Heroin,Cocaine,Fentanyl,FentanylAnalogue,Oxycodone,Oxymorphone,Ethanol,Hydrocodone,Benzodiazepine,Methadone,Amphet,Tramad,Morphine_NotHeroin,Hydromorphone,Other,OpiateNOS,AnyOpioid,MannerofDeath,DeathCityGeo,ResidenceCityGeo,InjuryCityGeo"


def test_a_listing_of_single_deaths_is_nowhere_in_the_node(node: Node, base: str) -> None:
    case = "19-1,05/05/2015 12:00:00 AM,DateofDeath,35,Male,White,SAMPLETON" + "," * 31 + "Accident,,,"
    assert case.count(",") == CT.count(",")
    Mirror.files["/us-ct-ocme/rows.csv"] = "\n".join([CT, *([case] * 12), ""]).encode()
    assert one(node, base, "us-ct-ocme").outcome == NEW
    assert one(node, base, "us-ct-ocme").outcome == UNCHANGED
    assert Mirror.asked[-1][1] is not None
    for path in node.settings.node.rglob("*"):
        assert not path.is_file() or b"SAMPLETON" not in path.read_bytes()
    assert not (node.settings.node / "pulled").exists()


def test_a_file_from_before_its_periods_is_refused(node: Node, base: str) -> None:
    Mirror.files["/us-cdc-vsrr/rows.csv"] = table(VSRR, vsrr())
    Mirror.modified = 1_262_304_000.0
    result = one(node, base)
    assert (
        "would be released on 2010-01-01, before the period 2020-01-01/2020-12-31 that it states was over"
        in result.line
    )
    Mirror.modified = 0.0
    assert one(node, base).outcome == NEW


@pytest.mark.parametrize("text", ["http://127.0.0.1:99999", "http://[::1", "http://x:port/"])
def test_a_base_url_that_cannot_be_read(node: Node, text: str) -> None:
    with pytest.raises(UsageError, match="is no base URL"):
        list(pull(node, ("us-cdc-vsrr",), text))
