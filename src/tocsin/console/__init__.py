"""How does it look in a browser, and to a program? Pages and HTTP API over one node, on this machine only."""

from tocsin.console.app import make_app
from tocsin.console.server import serve

__all__ = ["make_app", "serve"]
