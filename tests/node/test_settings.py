"""Settings: flag over environment over file over default, and every value says where it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.errors import UsageError
from tocsin.node import read_settings


def test_flag_environment_file_default(tmp_path: Path) -> None:
    (tmp_path / "tocsin.toml").write_text('database = "sqlite:///from-file.db"\nworkers = 3\n')
    settings = read_settings(str(tmp_path), {"TOCSIN_NODE": "/elsewhere", "TOCSIN_WORKERS": "5"})
    assert (settings.node, settings.database, settings.workers) == (tmp_path, "sqlite:///from-file.db", 5)
    origins = {name: setting.origin for name, setting in settings.origins.items()}
    assert origins == {
        "node": "flag",
        "database": "file",
        "warehouse": "default",
        "workers": "environment",
        "base_url": "default",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("workers = 0", "workers is '0'; give a whole number from 1"),
        ("wrokers = 2", "unknown setting 'wrokers'; use database, warehouse, workers, base_url"),
        ("workers =", "not TOML"),
    ],
)
def test_a_file_that_makes_no_sense(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "tocsin.toml").write_text(text)
    with pytest.raises(UsageError, match=message):
        read_settings(str(tmp_path), {})
