"""What do the world's publishers say? One module per publisher: bytes in, records out, every row accounted for."""

from tocsin.feeds.catalogue import DEFINITIONS, SOURCES, Definition, Source
from tocsin.feeds.load import load, read

__all__ = ["DEFINITIONS", "SOURCES", "Definition", "Source", "load", "read"]
