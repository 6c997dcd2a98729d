"""How commands hang on the tree, and what a command learns of its own call."""

from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any

import typer
from typer import _click
from typer._click.exceptions import UsageError
from typer.core import TyperCommand, TyperGroup

from crmkit.commands.carrying import carry
from crmkit.commands.long_texts import refuse_long
from crmkit.commands.manual import HelpContext, write_options
from crmkit.commands.repeats import OneValue
from crmkit.commands.run_options import common_options
from crmkit.report.words import _

if TYPE_CHECKING:
    from crmkit.context import Context

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


def context_of(ctx: typer.Context, *, draws: bool = False, writes: tuple[str, ...] = ()) -> "Context":
    """The context of this run; notes which command runs, with masked arguments, for the operation log. `draws`: its
    page has charts, so it may be asked for as a picture; `writes`: kinds of files it makes by itself, no page.
    """
    context: Context = ctx.obj
    context.options.command = " ".join(ctx.command_path.split()[1:])
    context.options.arguments = _masked(ctx.params)
    context.carry = partial(carry, ctx)
    context.refuse_bad_call(ctx.params, draws=draws, writes=writes)
    refuse_long(ctx, context.options.command)
    return context


def _masked(params: dict[str, Any]) -> str:
    """Names of the given parameters; values only where they are safe to keep."""
    given = [(name, value) for name, value in params.items() if value not in (None, False, (), [])]
    return " ".join(f"{name}={value}" if name in _SAFE or value is True else f"{name}=…" for name, value in given)


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
