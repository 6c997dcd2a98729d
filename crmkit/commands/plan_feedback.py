"""crmkit plan diff: what was generated, submitted, said and made of each line. Hung on the group of the plan."""

from typing import Annotated

import typer

from crmkit.commands.options import ManagerWord, MonthWord, manager_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.report.words import _


def hang_feedback(app: typer.Typer) -> None:
    """Hang the command on `crmkit plan`."""
    told = _("Each line of the month: as generated, as submitted in each round, the feedback, as it stands.")
    command(app, "diff", told)(diff)


def diff(
    ctx: typer.Context,
    month: MonthWord = None,
    show_all: Annotated[bool, typer.Option("--all", help=_("Every line, also those nobody changed."))] = False,
    manager: ManagerWord = None,
) -> None:
    from crmkit.report.papers import feedback as papers
    from crmkit.workflow.compare_rounds import compare_rounds

    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = compare_rounds(context.store(), context.policy, whose, wanted, context.today)
    context.show(papers.rounds(found, show_all=show_all))
    context.say(papers.next_step(found))
