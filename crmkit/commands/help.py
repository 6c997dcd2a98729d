"""crmkit help: a command's help, and the table of exit codes."""

from typing import Annotated

import typer

from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Fault, Refusal
from crmkit.report.papers import exit_codes
from crmkit.report.words import _

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@command(app, "help", _("Help on a command, and the exit codes."))
def help_(
    ctx: typer.Context,
    topic: Annotated[list[str] | None, typer.Argument(help=_("A command, or exit-codes."), metavar="[TOPIC]")] = None,
) -> None:
    context = context_of(ctx)
    words = topic or []
    if words == ["exit-codes"]:
        context.show(exit_codes.page())
        return
    context.tell(_help_of(ctx, words))


def _help_of(ctx: typer.Context, words: list[str]) -> str:
    """The help text of the command that `words` lead to."""
    place = ctx.find_root()
    for word in words:
        branch = place.command.get_command(place, word) if hasattr(place.command, "get_command") else None
        if branch is None:
            raise Refusal(Fault.NOT_FOUND, noun="command", value=word)
        place = type(place)(branch, info_name=word, parent=place)
    return place.get_help()
