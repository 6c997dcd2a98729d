"""crmkit visit check: the writer looks at his own days first."""

import typer

from crmkit.commands.options import DayWord, ManagerWord, MonthWord, manager_of
from crmkit.commands.times import day_of, month_of
from crmkit.commands.tree import command, context_of
from crmkit.report.words import _


def hang_check(app: typer.Typer) -> None:
    """Hang the command on `crmkit visit`."""
    command(app, "check", _("Look at your own visits first: what would somebody ask about?"))(check)


def check(ctx: typer.Context, day: DayWord = None, month: MonthWord = None, manager: ManagerWord = None) -> None:
    from crmkit.report.papers.honesty import honesty_page
    from crmkit.workflow.check_honesty import check_visits

    context = context_of(ctx)
    whose = manager_of(context, manager)
    if day is not None:
        first = last = day_of(context, day)
    else:
        wanted = month_of(context, month)
        first, last = wanted.first, wanted.last
    context.show(honesty_page(check_visits(context.store(), context.act(), context.policy, whose, first, last)))
