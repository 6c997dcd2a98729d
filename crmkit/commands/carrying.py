"""What a command was typed with goes on into the commands it names: the month, and whose it is."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from typer import _click
from typer.core import TyperGroup

_NAMED = re.compile(r"crmkit((?: [a-z][a-z-]*)+)((?:(?!crmkit )[^;；。\n])*)")
_MONTH = re.compile(r" --month [0-9a-z-]+")
_CARRIED = ("month", "manager")


def carry(ctx: _click.Context, text: str) -> str:
    """The text with --month and --manager as typed added to every command in it that takes them and lacks them."""
    given = {name: ctx.params[name] for name in _CARRIED if isinstance(ctx.params.get(name), str)}
    return _NAMED.sub(partial(_carried, ctx.find_root(), given), text) if given else text


def _carried(root: _click.Context, given: Mapping[str, str], named: re.Match[str]) -> str:
    words, rest = named.group(1).split(), named.group(2)
    command, depth = _command(root, words)
    flags = {name: f"--{name}" for name in given if _takes(command, f"--{name}")}
    added = "".join(f" {flag} {given[name]}" for name, flag in flags.items() if flag not in rest)
    tail = "".join(f" {word}" for word in words[depth:]) + rest
    month = _MONTH.search(tail)
    place = month.end() if month else 0
    return " ".join(["crmkit", *words[:depth]]) + tail[:place] + added + tail[place:]


def _command(root: _click.Context, words: list[str]) -> tuple[Any, int]:
    """The command that words name, and how many of them name it; what follows are arguments or prose."""
    found: Any = root.command
    for depth, word in enumerate(words):
        below = found.get_command(root, word) if isinstance(found, TyperGroup) else None
        if below is None:
            return found, depth
        found = below
    return found, len(words)


def _takes(command: Any, flag: str) -> bool:
    return any(flag in one.opts for one in command.params)
