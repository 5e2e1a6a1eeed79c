"""Serving the console on the loopback address."""

from __future__ import annotations

import socket
from contextlib import suppress

import uvicorn

from tocsin.console.app import make_app
from tocsin.errors import UsageError
from tocsin.node import Node

HOST = "127.0.0.1"


def serve(node: Node, port: int) -> None:
    """Serve until interrupted; UsageError when the port is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise UsageError(f"port {port} is taken: {error.strerror}", mend="name another with --port") from error
    print(f"\nThe brief is on http://{HOST}:{port} (stop with Ctrl-C)", flush=True)
    # Ctrl-C is how a user ends it: no error.
    with suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn.Config(make_app(node), log_level="warning", access_log=False)).run(sockets=[listener])
