"""How commands hang on the tree: the options all take, plain help that fits Chinese, typed times."""

import shutil
from collections.abc import Callable
from typing import Any

import typer
from typer import _click
from typer.core import TyperCommand, TyperGroup, TyperOption
from wcwidth import wcswidth, wrap

from crmkit.context import Context, Options
from crmkit.report.words import _

FORMATS = ("table", "plain", "csv", "tsv", "json", "ndjson", "md", "html", "pdf")
_SAFE = frozenset({"month", "week", "date", "manager", "seed", "number", "first", "last", "limit", "reason_code"})


def group(help_text: str) -> typer.Typer:
    """A group of commands, e.g. `plan`."""
    return typer.Typer(
        cls=Group, help=help_text, rich_markup_mode=None, add_completion=False,
        no_args_is_help=True, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip


def single() -> typer.Typer:
    """The holder of a command that has no commands below it, e.g. `init`."""
    return typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


def command(app: typer.Typer, name: str, help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Hang a function on `app` under `name`, with the options all commands take."""
    return app.command(name, cls=Command, help=help_text)


def context_of(ctx: typer.Context) -> Context:
    """The context of this run; notes which command runs, with masked arguments, for the operation log."""
    context: Context = ctx.obj
    words = ctx.command_path.split()[1:]
    context.options.command = " ".join(words)
    context.options.arguments = _masked(ctx.params)
    return context


def _masked(params: dict[str, Any]) -> str:
    """Names of the given parameters; values only where they can be no name, phone or free text."""
    given = [(name, value) for name, value in params.items() if value not in (None, False, (), [])]
    return " ".join(f"{name}={value}" if name in _SAFE or value is True else f"{name}=…" for name, value in given)


class Formatter(_click.HelpFormatter):
    """Help whose columns and line ends are counted in terminal cells, so that Chinese fits."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        columns = shutil.get_terminal_size((80, 24)).columns
        super().__init__(indent_increment, width or max(50, min(columns, 100)), max_width)

    def write_text(self, text: str) -> None:
        for paragraph in text.split("\n\n"):
            margin = " " * self.current_indent
            for line in wrap(" ".join(paragraph.split()), self.width - self.current_indent):
                self.write(f"{margin}{line}\n")

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        pairs = list(rows)
        first = min(max((wcswidth(name) for name, _text in pairs), default=0), col_max) + col_spacing
        margin = " " * self.current_indent
        for name, text in pairs:
            lines = wrap(text, max(self.width - first - self.current_indent - 1, 20)) or [""]
            if wcswidth(name) > first - col_spacing:
                self.write(f"{margin}{name}\n{margin}{' ' * first}{lines[0]}\n")
            else:
                self.write(f"{margin}{name}{' ' * (first - wcswidth(name))}{lines[0]}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{margin}{' ' * first}{line}\n")


_click.Context.formatter_class = Formatter


def _store_option(ctx: _click.Context, param: Any, value: Any) -> Any:
    """Keep an option of the run, wherever in the line it stood."""
    if value is not None and value is not False and ctx.obj is not None:
        options: Options = ctx.obj.options
        setattr(options, param.name, value)
    return value


def _option(*flags: str, help_text: str, **more: Any) -> TyperOption:
    return TyperOption(param_decls=list(flags), help=help_text, expose_value=False, callback=_store_option, **more)


def common_options() -> list[TyperOption]:
    """The options every command takes (cli.md)."""
    return [
        _option("--db", type=str, metavar="FILE", help_text=_("Database file.")),
        _option("--as", "actor", type=str, metavar="CODE", help_text=_("Who acts: code or name of a person of the file.")),
        _option("--lang", type=str, metavar="zh|en", help_text=_("Language of all words.")),
        _option("--format", type=str, metavar="F", help_text="|".join(FORMATS)),
        _option("-o", "--output", type=str, metavar="FILE", help_text=_("Write the page to a file; its suffix names the format.")),
        _option("--color", type=str, metavar="WHEN", help_text="auto|always|never"),
        _option("-q", "--quiet", is_flag=True, default=False, help_text=_("No talk, only the answer.")),
        _option("--verbose", is_flag=True, default=False, help_text=_("Say which files and settings are used.")),
        _option("-y", "--yes", is_flag=True, default=False, help_text=_("Answer yes to every question.")),
        _option("--debug", is_flag=True, default=False, help_text=_("Show the traceback of a bug.")),
    ]  # fmt: skip


def _write_options(command_: Any, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
    """Arguments, the command's own options, then those all commands take, each under its own heading."""
    arguments, own, general = [], [], []
    for param in command_.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is None:
            continue
        if param.param_type_name == "argument":
            arguments.append(record)
        else:
            (own if param.expose_value or param.name == "help" else general).append(record)
    for title, records in ((_("Arguments"), arguments), (_("Options"), own), (_("Options of every command"), general)):
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


class Command(TyperCommand):
    """A command with the options all take."""

    def __init__(self, *args: Any, **more: Any) -> None:
        more["params"] = [*(more.get("params") or []), *common_options()]
        more["rich_markup_mode"] = None
        super().__init__(*args, **more)

    def format_options(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)


class Group(TyperGroup):
    """A group that takes the options too: `crmkit --db x plan …` and `crmkit plan … --db x` are one."""

    def __init__(self, *args: Any, **more: Any) -> None:
        more["params"] = [*(more.get("params") or []), *common_options()]
        more["rich_markup_mode"] = None
        super().__init__(*args, **more)

    def format_options(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter)
