"""crmkit analyze borderline: what a point more or less would have judged otherwise."""

import typer

from crmkit.commands.options import All, ManagerWord, MonthWord, manager_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.report.papers import borderline as papers
from crmkit.report.words import _
from crmkit.workflow.list_borderline import list_borderline


def hang_borderline(app: typer.Typer) -> None:
    """Hang the command on `crmkit analyze`."""
    command(app, "borderline", _("Judgements within half a point of their threshold, on either side."))(borderline)


def borderline(
    ctx: typer.Context, month: MonthWord = None, show_all: All = False, manager: ManagerWord = None
) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = list_borderline(context.store(), context.policy, whose, wanted, context.today)
    context.show(papers.borderline(found, context.policy, show_all=show_all))
