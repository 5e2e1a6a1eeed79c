"""Write ``docs/reference.md`` from what ``--help`` says: ``python -m scripts.make_reference``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMANDS = (
    (),
    ("brief",),
    ("substance",),
    ("up",),
    ("config",),
    ("feed",),
    ("feed", "list"),
    ("feed", "pull"),
    ("feed", "load"),
    ("feed", "status"),
    ("feed", "diff"),
    ("node",),
    ("node", "init"),
    ("node", "status"),
    ("node", "backup"),
    ("node", "restore"),
    ("node", "migrate"),
    ("node", "compact"),
    ("series",),
    ("records",),
    ("records", "show"),
    ("records", "search"),
)
TARGET = Path(__file__).parents[1] / "docs" / "reference.md"


def reference() -> str:
    """The page: a heading and the help text for each command."""
    parts = ["# Commands\n", "Made from `--help` by `python -m scripts.make_reference`.\n"]
    environment = {**os.environ, "COLUMNS": "100", "TERM": "dumb"}
    for words in COMMANDS:
        command = [sys.executable, "-m", "tocsin", *words, "--help"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        text = "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())
        text = text.replace("python -m tocsin", "tocsin")
        parts.append(f"## {' '.join(('tocsin', *words))}\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
