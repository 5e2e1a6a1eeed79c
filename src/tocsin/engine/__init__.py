"""How does heavy work run? A pure function over batches or groups of a table, in local processes."""

from tocsin.engine.local import map_batches, map_groups
from tocsin.engine.stream import map_stream

__all__ = ["map_batches", "map_groups", "map_stream"]
