"""A browser on this machine, let in the way a user is: by the start link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from tocsin.console import make_app
from tocsin.console.access import Access

if TYPE_CHECKING:
    from tocsin.node import Node

ADDRESS = "http://127.0.0.1:8765"
Console = Callable[["Node"], TestClient]


@pytest.fixture(scope="module")
def console() -> Iterator[Console]:
    """Makes a client of a node's console; ``client.app.state.access`` has its secrets."""
    with ExitStack() as held:

        def let_in(node: Node) -> TestClient:
            access = Access()
            client = TestClient(make_app(node, access), base_url=ADDRESS, raise_server_exceptions=False)
            held.enter_context(client)
            assert client.get(access.new_link()).status_code == 200
            return client

        yield let_in
