"""crmkit status: the front page."""

from typing import Annotated

import typer

from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, single
from crmkit.report.papers import status as papers
from crmkit.report.words import _
from crmkit.workflow.acting import looks_at_team, whose_month
from crmkit.workflow.month_status import status_of

app = single()


@command(app, "status", _("The month's fourteen steps and what to type next."))
def status(
    ctx: typer.Context,
    month: Annotated[str | None, typer.Option(help=_("2026-11, this, last or next."))] = None,
    manager: Annotated[str | None, typer.Option(metavar="CODE", help=_("Whose month."))] = None,
) -> None:
    context = context_of(ctx)
    act = context.act()
    if looks_at_team(context.store(), manager, act):
        from crmkit.commands.desk import show_desk  # what only one reader of many needs

        show_desk(context, month)
        return
    whose = whose_month(context.store(), manager, act.actor)
    front = status_of(context.store(), context.policy, whose, month_of(context, month), context.today, act.role)
    context.show(papers.page(front, context.carry))
