"""Every example in README and docs runs, every command is in the reference, and the reference is what --help says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.node import Node

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(
        kind,
        text,
        id=f"{page.relative_to(ROOT)}:{page.read_text(encoding='utf-8')[: match.start()].count(chr(10)) + 1}",
    )
    for page in PAGES
    for match in BLOCK.finditer(page.read_text(encoding="utf-8"))
    for kind, text in [match.groups()]
]
ROW = re.compile(r"\| `(tocsin [^`|]*)` \|$", re.MULTILINE)


def environment(node: Node) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "TOCSIN_NODE": str(node.settings.node), "PATH": path}


@pytest.mark.parametrize(("kind", "text"), BLOCKS)
def test_an_example_runs(kind: str, text: str, node: Node, tmp_path: Path) -> None:
    from tocsin.feeds.starter_set import load_starter

    load_starter(node)
    if kind == "python":
        runs = [[sys.executable, "-W", "ignore", "-c", text]]
    else:
        runs = [["bash", "-euo", "pipefail", "-c", line[2:]] for line in text.splitlines() if line.startswith("$ ")]
        assert runs, "a console block holds commands"
    for command in runs:
        done = subprocess.run(command, cwd=tmp_path, env=environment(node), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ROW.findall((ROOT / "README.md").read_text(encoding="utf-8")))
def test_the_readmes_commands_run(command: str, starter: Node, tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment(starter), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_readme_has_a_command_for_every_user() -> None:
    assert len(ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))) >= 6


def test_links_inside_the_repository_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_reference_is_what_help_says() -> None:
    from scripts.make_reference import reference

    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == reference()
