"""Measurements: what the spine costs, and the console under load, beside named peers."""
