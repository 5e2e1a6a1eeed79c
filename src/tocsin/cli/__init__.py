"""The command line: one module a room, thin. Rooms are imported by the command that needs them."""

from tocsin.cli.main import main

__all__ = ["main"]
