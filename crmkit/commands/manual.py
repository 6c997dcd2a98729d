"""How help looks: columns and line ends counted in cells, headings and Typer's own words in the reader's language."""

import shutil
from collections.abc import Iterable
from typing import Any

import typer.core
from typer import _click

from crmkit.report.words import _, later
from crmkit.report.wrapping import cells, filled, wrap

_WIDEST = 100
_NARROWEST = 50

# Typer says these through its own `_`: let it speak the language of this run
TYPERS_WORDS = (later("required"), later("default: {default}"), later("(dynamic)"))
typer.core._ = _  # type: ignore[attr-defined]


class Formatter(_click.HelpFormatter):
    """Help set by the width of characters, so that Chinese stays aligned."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        columns = shutil.get_terminal_size((80, 24)).columns
        super().__init__(indent_increment, width or max(_NARROWEST, min(columns, _WIDEST)), max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        head = prefix if prefix is not None else _("Usage: ")
        said = args.replace("[OPTIONS]", _("[OPTIONS]")).replace("COMMAND [ARGS]...", _("COMMAND [ARGS]..."))
        first, *rest = wrap(f"{head}{prog} {said}", self.width - cells(head)) or [head]
        self.write(f"{first}\n")
        for line in rest:
            self.write(f"{' ' * cells(head)}{line}\n")

    def write_heading(self, heading: str) -> None:
        self.write(" " * self.current_indent + _("{heading}:").format(heading=heading) + "\n")

    def write_text(self, text: str) -> None:
        margin = " " * self.current_indent
        for paragraph in text.split("\n\n"):
            for line in wrap(paragraph, self.width - self.current_indent):
                self.write(f"{margin}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        pairs = list(rows)
        left = min(max((cells(name) for name, _text in pairs), default=0), col_max) + col_spacing
        margin = " " * self.current_indent
        for name, text in pairs:
            lines = wrap(text, max(self.width - left - self.current_indent, 20))
            if cells(name) + col_spacing > left:
                self.write(f"{margin}{name}\n")
            else:
                self.write(f"{margin}{filled(name, left)}{lines.pop(0) if lines else ''}".rstrip() + "\n")
            for line in lines:
                self.write(f"{margin}{' ' * left}{line}\n")


class HelpContext(_click.Context):
    """Typer's context with our formatter."""

    formatter_class = Formatter


def write_options(command: Any, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
    """Arguments, the command's own options, then those all commands take, each under its own heading."""
    arguments: list[tuple[str, str]] = []
    own: list[tuple[str, str]] = []
    general: list[tuple[str, str]] = []
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is None:
            continue
        if param.param_type_name == "argument":
            arguments.append(record)
        elif param.name == "help":
            own.append((record[0], _("Show this help.")))
        else:
            (own if param.expose_value or param.is_eager else general).append(record)
    titles = (_("Arguments"), _("Options"), _("Options of every command"))
    for title, records in zip(titles, (arguments, own, general), strict=True):
        if records:
            with formatter.section(title):
                formatter.write_dl(records)
