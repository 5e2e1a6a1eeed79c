"""The same node on a real PostgreSQL, started by the test on a free port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.node.makers import counts, party_list
from tests.node.test_landing import counts_on, names_on
from tocsin.feeds.starter_set import load_starter
from tocsin.node import Node, read_settings
from tocsin.node.keeping import backup, compact, restore

D1, D2 = date(2024, 1, 10), date(2024, 2, 10)


def _programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return folders[0] if folders else None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of its own."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    user = "postgres" if os.getuid() == 0 else None
    if user and not _exists(user):
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    with tempfile.TemporaryDirectory() as folder:
        if user:
            shutil.chown(folder, user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        data = f"{folder}/data"
        subprocess.run(
            [str(programs / "initdb"), "-D", data, "-U", "tocsin", "-A", "trust"],
            user=user,
            check=True,
            cwd=folder,
            capture_output=True,
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        pg_ctl = [str(programs / "pg_ctl"), "-D", data, "-w"]
        subprocess.run(
            [*pg_ctl, "-o", options, "-l", f"{folder}/log", "start"],
            user=user,
            check=True,
            cwd=folder,
            capture_output=True,
        )
        try:
            yield f"postgresql://tocsin@127.0.0.1:{port}"
        finally:
            subprocess.run([*pg_ctl, "-m", "immediate", "stop"], user=user, check=True, cwd=folder, capture_output=True)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


@pytest.fixture
def on_postgres(server: str, tmp_path: Path) -> Iterator[Node]:
    """A node whose database is PostgreSQL, set by the environment alone."""
    import sqlalchemy as sa

    from tocsin.node.database import driver_url

    name = f"node_{tmp_path.name.replace('-', '_')}".lower()
    engine = sa.create_engine(driver_url(f"{server}/postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    node = Node.create(read_settings(str(tmp_path / "node"), {"TOCSIN_DATABASE": f"{server}/{name}"}))
    yield node
    node.close()


def test_lists_and_vintages(on_postgres: Node) -> None:
    on_postgres.land([party_list(D2, {"b": "B"})], {})
    on_postgres.land([party_list(D1, {"a": "A", "b": "B"}), counts(D1, {2020: 10})], {})
    on_postgres.land([counts(D2, {2020: 12})], {})
    assert names_on(on_postgres, D1) == {"a": "A", "b": "B"}
    assert names_on(on_postgres, D2) == {"b": "B"}
    assert [counts_on(on_postgres, day) for day in (D1, D2)] == [{2020: 10}, {2020: 12}]
    assert on_postgres.engine.dialect.name == "postgresql"


def test_the_starter_set_and_compaction(on_postgres: Node) -> None:
    added = load_starter(on_postgres)
    assert sum(load_starter(on_postgres).values()) == 0
    compact(on_postgres)
    with on_postgres.view() as view:
        assert view.value("SELECT count(*) FROM claim_stored") == added["claim"]


def test_a_backup_moves_a_node_from_sqlite_to_postgres(on_postgres: Node, starter: Node, tmp_path: Path) -> None:
    count = backup(starter, tmp_path / "b.tar")
    assert restore(on_postgres.settings, tmp_path / "b.tar") == count
    assert len(on_postgres.state.ledger()) == len(starter.state.ledger())


def test_two_landings_wait_for_each_other(on_postgres: Node) -> None:
    from concurrent.futures import ThreadPoolExecutor

    other = Node.open(on_postgres.settings)
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(
                lambda pair: pair[0].land([pair[1]], {}),
                [(on_postgres, party_list(D1, {"a": "A"})), (other, party_list(D1, {"a": "A"}))],
            )
        )
    with on_postgres.view() as view:
        assert view.value("SELECT count(*) FROM claim_physical") == 3
    other.close()
