"""Where does this member keep what it knows, and what was known when? Settings, lake, state, ledger, views."""

from tocsin.node.merge import Draft, Release
from tocsin.node.node import Node
from tocsin.node.settings import Settings, read_settings
from tocsin.node.state import Accounting
from tocsin.node.view import View

__all__ = ["Accounting", "Draft", "Node", "Release", "Settings", "View", "read_settings"]
