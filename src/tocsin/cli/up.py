"""``tocsin up``: a node, the starter set, the brief, and the console."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.options import NodeOption, fresh_index


def up(
    node: NodeOption = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port on this machine.")] = 8765,
) -> None:
    """Make the node if it is missing, print the brief, and serve it on http://127.0.0.1:8765."""
    from rich.console import Console

    from tocsin.brief import build, print_brief
    from tocsin.console import serve
    from tocsin.console.running import running_link
    from tocsin.console.server import invitation
    from tocsin.feeds.starter_set import load_starter
    from tocsin.node import Node, read_settings

    settings = read_settings(node)
    if link := running_link(settings.node, port):
        print(f"This node's console is running. {invitation(link)}")
        return
    opened = Node.create(settings)
    if not opened.ledger():
        load_starter(opened)
    fresh_index(opened)
    print_brief(build(opened), Console())
    serve(opened, port)
