"""crmkit help: a command's help, the table of exit codes, and how mapping files are written."""

from difflib import get_close_matches
from typing import Annotated

import typer

from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Fault, Refusal
from crmkit.report.papers import exit_codes, mapping_help
from crmkit.report.words import _

TOPICS = {"exit-codes": exit_codes.page, "mapping": mapping_help.page}
app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@command(app, "help", _("Help on a command, the exit codes, mapping files."))
def help_(
    ctx: typer.Context,
    topic: Annotated[
        list[str] | None, typer.Argument(help=_("A command, exit-codes or mapping."), metavar="[TOPIC]")
    ] = None,
) -> None:
    context = context_of(ctx)
    words = topic or []
    if len(words) == 1 and words[0] in TOPICS:
        context.show(TOPICS[words[0]]())
        return
    context.tell(_help_of(ctx, words))


def _help_of(ctx: typer.Context, words: list[str]) -> str:
    """The help text of the command that `words` lead to."""
    place = ctx.find_root()
    for word in words:
        branch = place.command.get_command(place, word) if hasattr(place.command, "get_command") else None
        if branch is None:
            known = [*TOPICS, *place.command.list_commands(place)] if hasattr(place.command, "list_commands") else []
            raise Refusal(Fault.NOT_FOUND, noun="command", value=word, known=get_close_matches(word, known, 3, 0.5))
        place = type(place)(branch, info_name=word, parent=place)
    return place.get_help()
