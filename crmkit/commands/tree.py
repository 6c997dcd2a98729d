"""How commands hang on the tree: the options all of them take, and what a command learns of its own call."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import typer
from typer import _click
from typer._click.exceptions import UsageError
from typer.core import TyperCommand, TyperGroup, TyperOption

from crmkit.commands.manual import HelpContext, write_options
from crmkit.commands.repeats import OneValue, refuse_second
from crmkit.model.errors import Fault, Refusal
from crmkit.report.words import LANGUAGES, _

if TYPE_CHECKING:
    from crmkit.context import Context

FORMATS = ("table", "plain", "csv", "tsv", "json", "ndjson", "md", "html", "pdf", "svg", "png")
COLOURS = ("auto", "always", "never")
# parameters whose values can be no name, no phone and no free text
_SAFE = frozenset({"month", "week", "date", "seed", "number", "first", "last", "limit", "reason_code"})
HELP_NAMES = {"help_option_names": ["-h", "--help"]}


def group(help_text: str) -> typer.Typer:
    """A group of commands, e.g. `plan`."""
    return typer.Typer(
        cls=Group,
        help=help_text,
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings=HELP_NAMES,
    )


def single() -> typer.Typer:
    """The holder of a command that has no commands below it, e.g. `init`."""
    return typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


def command(app: typer.Typer, name: str, help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Hang a function on `app` under `name`, with the options all commands take."""
    return app.command(name, cls=Command, help=help_text)


def context_of(ctx: typer.Context, *, draws: bool = False) -> "Context":
    """The context of this run; notes which command runs, with masked arguments. `draws`: its page has charts."""
    context: Context = ctx.obj
    context.options.command = " ".join(ctx.command_path.split()[1:])
    context.options.arguments = _masked(ctx.params)
    context.refuse_bad_call(ctx.params, draws=draws)
    return context


def _masked(params: dict[str, Any]) -> str:
    """Names of the given parameters; values only where they are safe to keep."""
    given = [(name, value) for name, value in params.items() if value not in (None, False, (), [])]
    return " ".join(f"{name}={value}" if name in _SAFE or value is True else f"{name}=…" for name, value in given)


def _keep(ctx: _click.Context, param: Any, value: Any) -> Any:
    """Keep an option of the run, wherever in the line it stood."""
    if value is not None and value is not False and ctx.obj is not None:
        refuse_second(param.opts[-1], getattr(ctx.obj.options, param.name), value)  # crmkit --db A plan --db B
        setattr(ctx.obj.options, param.name, value)
    return value


def _one_of(allowed: tuple[str, ...]) -> Callable[[_click.Context, Any, Any], Any]:
    """A callback that keeps one of these words and refuses all others."""

    def keep(ctx: _click.Context, param: Any, value: Any) -> Any:
        if value is not None and value not in allowed:
            raise Refusal(Fault.BAD_VALUE, option=param.opts[0], value=value, expected=" ".join(allowed))
        return _keep(ctx, param, value)

    return keep


def _option(*flags: str, help_text: str, callback: Any = _keep, **more: Any) -> TyperOption:
    return TyperOption(param_decls=list(flags), help=help_text, expose_value=False, callback=callback, **more)


def _choice(flag: str, allowed: tuple[str, ...], metavar: str, help_text: str) -> TyperOption:
    return _option(flag, type=str, metavar=metavar, help_text=help_text, callback=_one_of(allowed))


def common_options() -> list[TyperOption]:
    """The options every command takes (cli.md)."""
    person = _("Who acts: code or name of a person of the file.")
    output = _("Write the page to a file; its suffix names the format.")
    return [
        _option("--db", type=str, metavar="FILE", help_text=_("Database file.")),
        _option("--as", "actor", type=str, metavar="CODE", help_text=person),
        _choice("--lang", LANGUAGES, "zh|en", _("Language of all words.")),
        _choice("--format", FORMATS, "F", "|".join(FORMATS)),
        _option("-o", "--output", type=str, metavar="FILE", help_text=output),
        _option("--fields", type=str, metavar="A,B", help_text=_("Only these columns of the table.")),
        _choice("--color", COLOURS, "WHEN", "|".join(COLOURS)),
        _option("-q", "--quiet", is_flag=True, default=False, help_text=_("No talk, only the answer.")),
        _option("--verbose", is_flag=True, default=False, help_text=_("Say which files and settings are used.")),
        _option("-y", "--yes", is_flag=True, default=False, help_text=_("Answer yes to every question.")),
        _option("--debug", is_flag=True, default=False, help_text=_("Show the traceback of a bug.")),
    ]


class Command(OneValue, TyperCommand):
    """A command with the options all take."""

    context_class = HelpContext

    def __init__(self, *args: Any, **more: Any) -> None:
        more["params"] = [*(more.get("params") or []), *common_options()]
        super().__init__(*args, **{**more, "rich_markup_mode": None})

    def format_options(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        write_options(self, ctx, formatter)


class Group(OneValue, TyperGroup):
    """A group that takes the options too: `crmkit --db x plan …` and `crmkit plan … --db x` are one."""

    context_class = HelpContext

    def __init__(self, *args: Any, **more: Any) -> None:
        more["params"] = [*(more.get("params") or []), *common_options()]
        more["rich_markup_mode"] = None
        super().__init__(*args, **more)

    def format_options(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        write_options(self, ctx, formatter)

    def format_commands(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        names = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, found.help or "") for name, found in names if found is not None])

    def resolve_command(self, ctx: _click.Context, args: list[str]) -> Any:
        name = args[0]
        if name.startswith("-") or self.get_command(ctx, name) is not None:
            return super().resolve_command(ctx, args)
        near = get_close_matches(name, self.list_commands(ctx))
        meant = _(" Did you mean {names}?").format(names=", ".join(near)) if near else ""
        raise UsageError(_("There is no command {name!r}.").format(name=name) + meant, ctx)
