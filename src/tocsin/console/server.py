"""Serving the console on the loopback address."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from tocsin.console.access import Access
from tocsin.console.app import make_app
from tocsin.console.drawing import Drawers
from tocsin.console.pages.brief import front_page
from tocsin.console.pictures import prepare
from tocsin.console.running import HOST, announced
from tocsin.errors import UsageError
from tocsin.node import Node


def serve(node: Node, port: int) -> None:
    """Serve until interrupted, and print the link that lets one browser in; UsageError when the port is taken."""
    access = Access(port)
    known = announced(node.settings.node, access)
    # Ctrl-C is how a user ends it: no error.
    with ExitStack() as held:
        listener = held.enter_context(closing(_listener(port)))
        for one in (suppress(KeyboardInterrupt), _orderly_end(), known):
            held.enter_context(one)
        drawers = held.enter_context(closing(Drawers(node.settings.workers, prepare)))
        link = f"http://{HOST}:{port}{access.new_link()}"
        print(f"\n{invitation(link)}\nStop with Ctrl-C.", flush=True)
        # The front page takes a second to make: begun now, it is there when somebody comes.
        threading.Thread(target=front_page, args=(node,), daemon=True).start()
        _server(make_app(node, access, drawers)).run(sockets=[listener])


def _server(app: FastAPI) -> uvicorn.Server:
    # What stands before us on this machine, if anything, has no say in who asks.
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=False, ws="none"
    )
    return uvicorn.Server(config)


def invitation(link: str) -> str:
    """What a user reads who may come in."""
    return f"Open the console by this link, which works once, in a browser on this machine:\n{link}"


def _listener(port: int) -> socket.socket:
    """A socket that takes connections from now on: who reads the note or the link finds somebody there."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UsageError(f"port {port} is taken: {error.strerror}", mend="name another with --port") from error
    return listener


@contextmanager
def _orderly_end() -> Iterator[None]:
    """End like Ctrl-C when told to end or when the terminal is closed, so that no token stays behind."""
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    kinds = [signal.Signals[name] for name in names] if threading.current_thread() is threading.main_thread() else []
    kinds = [kind for kind in kinds if signal.getsignal(kind) is signal.SIG_DFL]  # nohup ignores SIGHUP: keep that
    for kind in kinds:
        signal.signal(kind, _end)
    try:
        yield
    finally:
        for kind in kinds:
            signal.signal(kind, signal.SIG_DFL)


def _end(number: int, _frame: FrameType | None) -> None:
    if number != signal.SIGTERM:
        # While it serves, uvicorn has a handler for SIGTERM that lets answers be finished.
        signal.raise_signal(signal.SIGTERM)
    else:
        raise SystemExit(128 + number)
