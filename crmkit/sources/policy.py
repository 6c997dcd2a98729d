"""Reads a policy: the shipped texts of sources/policies, and a user's TOML file that overrides single values.

A user's file holds only what it changes, and optionally name, version and `extends = "standard" | "ratio"`
(default standard). Unknown keys, wrong types and impossible values are refused with the file and the line.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, get_args, get_origin

from crmkit.model.errors import Fault, Refusal
from crmkit.model.limits import BETWEEN, outside_range
from crmkit.model.policy import CatalogueEntry, Policy, flat
from crmkit.sources.config import refuse_writable_by_others

SHIPPED = ("standard", "ratio")
LANGUAGES = ("zh", "en")
_FOLDER = Path(__file__).parent / "policies"
_OPEN_TABLES = ("strategy.catalogue.demand.", "strategy.routine.")  # here a user may add entries of his own
_ENTRY_TABLES = ("strategy.catalogue.", "strategy.routine.")
_TEXT_LIMIT = 400

Flat = dict[str, Any]


def shipped_policy(name: str = "standard") -> Policy:
    """A policy of the package. Raises Refusal(BAD_VALUE) for a name that does not ship."""
    if name not in SHIPPED:
        raise Refusal(Fault.BAD_VALUE, option="policy", value=name, expected=", ".join(SHIPPED))
    return _built(_shipped(name))


def load_policy(path: Path | None = None, base: str = "standard") -> Policy:
    """The policy of a user's file, or the shipped one named by `base` without a file.

    Raises Refusal: FILE_MISSING (path), UNSAFE_FILE when others may write it, or BAD_POLICY with path, line, key,
    code, reason (an English sentence) and expected (the range or kind, "" where none fits), where code is one of
    syntax, text, unknown-key, wrong-type, out-of-range, impossible, extends.
    """
    return shipped_policy(base) if path is None else _built(_read(path, base).values)


def policy_origins(path: Path | None = None, base: str = "standard") -> dict[str, str]:
    """Where each key of `flat(policy)` comes from: "standard", "ratio", or the user's file as "path:line"."""
    layers = {"standard": _shipped("standard"), "ratio": _own("ratio")}
    text = None if path is None else _read(path, base)
    name = base if text is None else text.extends
    origins = dict.fromkeys(layers["standard"], "standard")
    origins.update(dict.fromkeys(layers[name], name))
    if text is not None:
        lines = text.lines()
        origins["name"] = str(path)  # a file without a name is called after itself
        origins.update({key: f"{path}:{lines[key]}" for key in text.own})
    known = _shipped(name) if text is None else text.values
    return {key: origins[key] for key in flat(_built(known))}


@dataclass(frozen=True, slots=True)
class _PolicyText:
    """A user's file: its own keys, and all values once they lie over the policy it extends."""

    path: Path
    text: str
    extends: str
    own: Flat
    values: Flat

    def lines(self) -> dict[str, int]:
        """The line of each key."""
        return lines_of_keys(self.text)


def lines_of_keys(text: str) -> dict[str, int]:
    """The line each dotted key of a TOML text begins on.

    tomllib keeps no places, so ever longer beginnings of the text are parsed: exact for every way TOML can
    write a key, and used only to name a mistake or to show origins, never by an ordinary command.
    """
    found: dict[str, int] = {}
    rows = [f"{row}\n" for row in text.split("\n")]
    begin = 0
    for end in range(1, len(rows) + 1):
        try:
            known = tomllib.loads("".join(rows[:end]))
        except tomllib.TOMLDecodeError:
            continue  # in the middle of a value of several lines
        for key, _ in _paths("", known, inner=True):
            found.setdefault(key, begin + 1)
        begin = end
    return found


def _read(path: Path, base: str) -> _PolicyText:
    text = _text_of(path)
    tree = _parsed(path, text)
    extends = tree.pop("extends", base)
    if extends not in SHIPPED:
        _refuse(path, text, "extends", "extends", f"extends must be one of: {', '.join(SHIPPED)}")
    known = _shipped(extends)
    own = dict(_paths("", tree))
    for key, value in own.items():
        _check_known(path, text, key, value, known)
        _check_value(path, text, key, value, known)
    values = {**known, "name": path.stem[:_TEXT_LIMIT], **own}
    _check_entries(path, text, own, values)
    _check_between(path, text, own, values)
    return _PolicyText(path, text, extends, own, values)


def _text_of(path: Path) -> str:
    try:
        refuse_writable_by_others(path)
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise Refusal(Fault.FILE_MISSING, path=str(path)) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Refusal(
            Fault.BAD_POLICY,
            path=str(path),
            line=line,
            key="",
            code="text",
            reason="the file is not UTF-8",
            expected="",
        ) from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise Refusal(
            Fault.BAD_POLICY, path=str(path), line=1, key="", code="syntax", reason="nested too deeply", expected=""
        ) from None
    except tomllib.TOMLDecodeError as error:
        line, reason = _place_of_syntax_error(text, str(error))
        raise Refusal(
            Fault.BAD_POLICY, path=str(path), line=line, key="", code="syntax", reason=reason, expected=""
        ) from None


def _place_of_syntax_error(text: str, message: str) -> tuple[int, str]:
    """tomllib says "… (at line 3, column 5)" or "… (at end of document)"."""
    reason, _, place = message.rpartition(" (at ")
    digits = place.removeprefix("line ").partition(",")[0]
    return (int(digits) if digits.isdigit() else text.count("\n") + 1), reason or message


def _paths(prefix: str, tree: Mapping[str, Any], *, inner: bool = False) -> Iterator[tuple[str, Any]]:
    """Dotted key and value of everything in a table; with `inner`, of the tables themselves too."""
    for name, value in tree.items():
        key = f"{prefix}{name}"
        is_table = isinstance(value, dict)
        if inner or not is_table or not value:
            yield key, value
        if is_table:
            yield from _paths(f"{key}.", value, inner=inner)


def _check_known(path: Path, text: str, key: str, value: Any, known: Flat) -> None:
    opened = key.startswith(_OPEN_TABLES) and key.rpartition(".")[2] in LANGUAGES and key.count(".") <= 4
    is_empty_table = isinstance(value, dict) and any(other.startswith(f"{key}.") for other in known)
    if key not in known and not opened and not is_empty_table:
        _refuse(path, text, key, "unknown-key", f"no policy has a value called {key}")


def _check_value(path: Path, text: str, key: str, value: Any, known: Flat) -> None:
    if isinstance(value, dict) and key not in known:
        return
    expected = _wrong_type(key, value)
    if expected:
        _refuse(path, text, key, "wrong-type", f"{key} must be {expected}", expected)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        broken = outside_range(key, value)
        if broken:
            low, high = broken
            _refuse(path, text, key, "out-of-range", f"{key} must be {low} to {high}", f"{low}-{high}")


def _wrong_type(key: str, value: Any) -> str | None:
    """What the value should have been, or None when it is right."""
    kind = _kinds().get(key, str)
    if get_origin(kind) is not None:
        words = get_args(kind)
        return None if value in words else " or ".join(f'"{word}"' for word in words)
    if kind is bool:
        return None if isinstance(value, bool) else "true or false"
    if kind is int:
        return None if isinstance(value, int) and not isinstance(value, bool) else "a whole number"
    if kind is Decimal:
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return None if is_number and Decimal(value).is_finite() else "a number"
    return None if isinstance(value, str) and _is_fit(value) else f"a text of 1 to {_TEXT_LIMIT} characters"


def _is_fit(value: str) -> bool:
    return bool(value.strip()) and len(value) <= _TEXT_LIMIT and "\0" not in value


def _check_entries(path: Path, text: str, own: Flat, values: Flat) -> None:
    for key in own:
        if not key.startswith(_ENTRY_TABLES):
            continue
        entry = key.rpartition(".")[0]
        lacking = [language for language in LANGUAGES if f"{entry}.{language}" not in values]
        if lacking:
            _refuse(path, text, key, "impossible", f"{entry} needs {' and '.join(lacking)} as well")


def _check_between(path: Path, text: str, own: Flat, values: Flat) -> None:
    for law in BETWEEN:
        if not law.holds(values):
            changed = next((key for key in reversed(law.keys) if key in own), law.keys[0])
            _refuse(path, text, changed, "impossible", law.rule)


def _refuse(path: Path, text: str, key: str, code: str, reason: str, expected: str = "") -> NoReturn:
    line = lines_of_keys(text).get(key, 1)
    raise Refusal(Fault.BAD_POLICY, path=str(path), line=line, key=key, code=code, reason=reason, expected=expected)


@cache
def _own(name: str) -> Mapping[str, Any]:
    """The keys a shipped text writes itself."""
    tree = tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)
    tree.pop("extends", None)
    return MappingProxyType(dict(_paths("", tree)))


def _shipped(name: str) -> Flat:
    return {**_own("standard"), **_own(name)}


@cache
def _kinds() -> Mapping[str, Any]:
    """Dotted key → type, for every number and word of Policy."""
    return MappingProxyType(dict(_kinds_of("", Policy)))


def _kinds_of(prefix: str, table: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(table):
        if is_dataclass(field.type):
            yield from _kinds_of(f"{prefix}{field.name}.", field.type)
        else:
            yield f"{prefix}{field.name}", field.type


def _built(values: Mapping[str, Any]) -> Policy:
    built: Policy = _table("", Policy, values)
    return built


def _table(prefix: str, table: Any, values: Mapping[str, Any]) -> Any:
    return table(**{field.name: _field(f"{prefix}{field.name}", field.type, values) for field in fields(table)})


def _field(key: str, kind: Any, values: Mapping[str, Any]) -> Any:
    if is_dataclass(kind):
        return _table(f"{key}.", kind, values)
    if get_origin(kind) is tuple:
        return _entries(f"{key}.", values)
    return Decimal(values[key]) if kind is Decimal else values[key]


def _entries(prefix: str, values: Mapping[str, Any]) -> tuple[CatalogueEntry, ...]:
    codes = dict.fromkeys(key[len(prefix) :].rpartition(".")[0] for key in values if key.startswith(prefix))
    return tuple(CatalogueEntry(code, values[f"{prefix}{code}.zh"], values[f"{prefix}{code}.en"]) for code in codes)
