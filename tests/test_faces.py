"""The face of each room: at most eight names, all there, and a docstring that asks a question."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import tocsin

ROOMS = ["records", "node", "engine", "feeds", "substances", "parties", "watch", "harm", "brief", "charts", "console"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_face_is_small_and_true(room: str) -> None:
    face = importlib.import_module(f"tocsin.{room}")
    assert len(face.__all__) <= 8
    for name in face.__all__:
        assert hasattr(face, name)
    assert face.__doc__ and ("?" in face.__doc__)


@pytest.mark.parametrize("room", ROOMS)
def test_the_docs_name_every_face(room: str) -> None:
    page = Path(__file__).parents[1] / "docs" / "rooms" / f"{room}.md"
    text = page.read_text(encoding="utf-8")
    for name in importlib.import_module(f"tocsin.{room}").__all__:
        assert f"`{name}`" in text, name


def test_no_module_is_long() -> None:
    for path in Path(tocsin.__file__).parent.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
