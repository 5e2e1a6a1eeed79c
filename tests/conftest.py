"""What tests share: nodes, publishers' real files where they are at hand, hand-made files in their layouts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from tocsin.feeds.starter_set import load_starter
from tocsin.node import Node, read_settings
from tocsin.records import Claim, Record, record_id, record_key
from tocsin.records.kinds import Body

settings.register_profile("tocsin", deadline=None)
settings.load_profile("tocsin")

SHARED = Path(__file__).parents[2] / "shared" / "data"
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The publishers' real files; tests that need them skip where they are not at hand."""
    if not SHARED.is_dir():
        pytest.skip("the publishers' files are not beside this checkout")
    return SHARED


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """An empty node."""
    return Node.create(read_settings(str(tmp_path / "node"), {}))


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """A node with the starter set, to be read only."""
    made = Node.create(read_settings(str(tmp_path_factory.mktemp("starter") / "node"), {}))
    load_starter(made)
    return made


def a_record(body: Body | None = None, published: datetime = NOW, locator: str = "row 1") -> Record:
    """A record around a body."""
    body = body or Claim("ofac-1", "name", "王树成", schema="Person")
    name = record_id("s", "d", locator, body, published)
    return Record(body, name, record_key(body), "s", "d", locator, published, NOW, "US-PD")


NAMES_HEADER = "uid,name,type,programs,alternate_names"
T404_HEADER = "year,month,deaths,status"
NFLIS_HEADER = (
    "LABTYPE,RPTAGGR,YYYY,PERIOD,DRUG_REPORTS,QUERY_RUN_DATE,SUBSTANCE_ID,SUBSTANCE_DESCRIPTION,BASE_ID,"
    "BASE_DESCRIPTION,DRUG_CATEGORY_CODE,DRUG_CATEGORY_DESCRIPTION,STATE,STATE_LONG_NAME,STATE_FIPS"
)


def nflis_row(
    reports: str, year: str = "2024", half: int = 1, state: str = "OH", query: str = "2025-03-01 10:00:00"
) -> str:
    """A row of an NFLIS-Drug export by half-year."""
    period = ("SA1 (JAN - JUN)", "SA2 (JUL - DEC)")[half - 1]
    return (
        f'"Local/Municipal,State,Federal,Private","DrugReport  ","{year}","{period}","{reports}","{query}","1497",'
        f'"CARFENTANIL","1497","Carfentanil","33","Fentanyl and Fentanyl-related","{state}","Ohio","39"'
    )


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file and say where it is."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file
