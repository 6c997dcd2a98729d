"""Settings: crmkit.toml found upward from the working folder, then the user's own file."""

import os
import shlex
import stat
from dataclasses import dataclass, field
from pathlib import Path

from crmkit.model.errors import Fault, Refusal

FILE_NAME = "crmkit.toml"
KEYS = frozenset({"database", "actor", "lang", "zone", "policy", "format", "review_key"})
PATHS = ("database", "policy", "review_key")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and where it came from (for `crmkit doctor`)."""

    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Config:
    """Settings by key; those of the nearer file stand before those of the user's file."""

    settings: dict[str, Setting] = field(default_factory=dict)
    files: tuple[Path, ...] = ()

    def get(self, key: str) -> str | None:
        found = self.settings.get(key)
        return found.value if found else None


def read_config(start: Path, home: Path) -> Config:
    """The settings in force below `start` for a user whose configuration folder is `home`.

    Raises Refusal(BAD_CONFIG) with the line, and Refusal(UNSAFE_FILE) when others may write the file.
    """
    files = [path for path in (find_upward(start, FILE_NAME), home / "config.toml") if path and path.is_file()]
    settings: dict[str, Setting] = {}
    for path in reversed(files):
        settings.update(_read(path))
    return Config(settings, tuple(files))


def find_upward(start: Path, name: str) -> Path | None:
    """The nearest file of that name in `start` or a folder above it."""
    for folder in (start, *start.parents):
        if (folder / name).is_file():
            return folder / name
    return None


def user_folder() -> Path:
    """Where the user's own settings live."""
    if os.name == "nt":
        return Path(os.environ.get("APPDATA") or Path.home()) / "crmkit"
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))  # its specification: a relative one is to be ignored
    return (named if named.is_absolute() else Path.home() / ".config") / "crmkit"


def refuse_writable_by_others(path: Path) -> None:
    """A file of settings or numbers others can write could redirect the database or the month (bad-input.md 235)."""
    if os.name != "nt" and path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        command = f"chmod go-w {shlex.quote(str(path))}"
        raise Refusal(Fault.UNSAFE_FILE, path=str(path), reason="writable-by-others", command=command)


def _read(path: Path) -> dict[str, Setting]:
    import tomllib

    refuse_writable_by_others(path)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(Fault.BAD_CONFIG, path=str(path), line=_line_in(str(error)), reason="toml") from error
    settings = {}
    for key, value in raw.items():
        if key not in KEYS or not isinstance(value, str):
            reason = "setting-text" if key in KEYS else "unknown-setting"
            raise Refusal(Fault.BAD_CONFIG, path=str(path), line=_line_of(path, key), reason=reason, key=key)
        settings[key] = Setting(_anchored(path, key, value), str(path))
    return settings


def _anchored(path: Path, key: str, value: str) -> str:
    """Paths in a settings file are meant from that file's folder."""
    return str(path.parent / Path(value).expanduser()) if key in PATHS else value


def _line_of(path: Path, key: str) -> int:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if line.split("=")[0].strip().strip("\"'[]") == key:
            return number
    return 1


def _line_in(message: str) -> int:
    """tomllib says "(at line 3, column 5)"."""
    words = message.replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words and words[-1] != "line" else 1
