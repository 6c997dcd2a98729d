"""crmkit review: the market manager's desk: what waits, and one plan to decide on."""

from typing import Annotated, Any

import typer
from typer import _click
from typer._click.exceptions import UsageError

from crmkit.commands.desk import show_desk
from crmkit.commands.options import All, MonthWord
from crmkit.commands.review_package import hang_review_package
from crmkit.commands.times import month_of
from crmkit.commands.tree import Group, command, context_of, group
from crmkit.report.papers import review as papers
from crmkit.report.words import _
from crmkit.workflow.review_plan import review_plan, whose_review


class DeskGroup(Group):
    """`crmkit review` alone is its list; who types a manager after approve or reject is told where that is done."""

    def parse_args(self, ctx: _click.Context, args: list[str]) -> list[str]:
        asks = {"-h", "--help"} & set(args)
        named = set(self.list_commands(ctx)) & set(args) or any(not word.startswith("-") for word in args[:1])
        return super().parse_args(ctx, args if asks or named else ["list", *args])

    def resolve_command(self, ctx: _click.Context, args: list[str]) -> Any:
        meant = args[1] if args[0] in ("approve", "reject") and len(args) > 1 else ""
        if meant and not meant.startswith("-") and not _is_file(meant):
            more = " --reason REASON" if args[0] == "reject" else ""
            said = _("A month in this file is decided on with: {command}")
            raise UsageError(said.format(command=f"crmkit plan {args[0]} --manager {meant}{more}"), ctx)
        return super().resolve_command(ctx, args)


def _is_file(word: str) -> bool:
    """A file that is there, or a word only a file can be called."""
    from pathlib import Path

    return "." in word or "/" in word or "\\" in word or Path(word).exists()


app = group(_("The market manager's desk: what waits, packages, approve, send back."))
app.info.cls = DeskGroup


@command(app, "list", _("Every plan that waits, the longest waiting first; alone: crmkit review."))
def list_(ctx: typer.Context, month: MonthWord = None) -> None:
    show_desk(context_of(ctx), month)


@command(app, "show", _("One manager's month to decide on: the most unusual first, and what to type."))
def show(
    ctx: typer.Context,
    manager: Annotated[str | None, typer.Argument(metavar="MANAGER", help=_("Code or name of the manager."))] = None,
    month: MonthWord = None,
    show_all: All = False,
) -> None:
    context = context_of(ctx)
    wanted = month_of(context, month)
    whose = whose_review(context.store(), manager, context.act(), wanted)
    reviewed = review_plan(context.store(), context.act(), context.policy, whose, wanted)
    context.show(papers.plan(reviewed, context.policy, show_all=show_all))


hang_review_package(app)
