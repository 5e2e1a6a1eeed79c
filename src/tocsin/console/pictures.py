"""The pictures of a page, from the numbers it shows."""

from __future__ import annotations

from typing import Any

from tocsin.console.chosen import Chosen


def picture_of(chosen: Chosen, language: str) -> list[Any]:
    return []
