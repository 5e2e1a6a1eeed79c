"""Where this node lives and how it works, read once: flag, then environment, then file, then default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from tocsin.errors import UsageError

FILE_NAME = "tocsin.toml"
_NAMES = ("node", "database", "warehouse", "workers", "base_url")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value with where it came from: ``flag``, ``environment``, ``file`` or ``default``."""

    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Settings:
    """A node's settings.

    ``database``: the SQL URL of catalog and state. ``warehouse``: the URL of the lake's files. ``workers``: processes
    the engine may use. ``base_url``: a mirror that feeds are fetched from in place of their publishers; usually empty.
    """

    node: Path
    database: str
    warehouse: str
    workers: int
    base_url: str
    origins: Mapping[str, Setting]


def read_settings(node: str | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. ``node`` is the flag; UsageError when the file or a value cannot be understood."""
    env = os.environ if environment is None else environment
    place = _pick("node", {"node": node} if node else {}, env, {}, str(user_data_path("tocsin", appauthor=False)))
    folder = _folder(place.value)
    file = _file(folder / FILE_NAME)
    defaults = {
        "database": f"sqlite:///{folder / 'tocsin.db'}",
        "warehouse": f"file://{folder / 'lake'}",
        "workers": str(min(os.cpu_count() or 1, 8)),
        "base_url": "",
    }
    found = {"node": place} | {name: _pick(name, {}, env, file, defaults[name]) for name in _NAMES[1:]}
    workers = found["workers"].value
    if not workers.isdigit() or int(workers) < 1:
        raise UsageError(f"workers is {workers!r}", mend="give a whole number from 1")
    return Settings(
        folder, found["database"].value, found["warehouse"].value, int(workers), found["base_url"].value, found
    )


def _folder(text: str) -> Path:
    """The node's folder; its name becomes part of addresses, where some signs mean something else."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError("the node's folder has a name that is not UTF-8", mend="name another with --node") from None
    if set(text) & set("?#%\n"):
        raise UsageError(f"the node's folder {text!r} has one of ? # % in its name", mend="name another with --node")
    return Path(text).expanduser().absolute()


def _pick(
    name: str, flags: Mapping[str, str], env: Mapping[str, str], file: Mapping[str, str], default: str
) -> Setting:
    if name in flags:
        return Setting(flags[name], "flag")
    if value := env.get(f"TOCSIN_{name.upper()}"):
        return Setting(value, "environment")
    return Setting(file[name], "file") if name in file else Setting(default, "default")


def _file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"not TOML: {error}", file=str(path), mend="mend or remove the file") from error
    for name in values:
        if name not in _NAMES[1:]:
            raise UsageError(f"unknown setting {name!r}", file=str(path), mend=f"use {', '.join(_NAMES[1:])}")
    return {name: str(value) for name, value in values.items()}
