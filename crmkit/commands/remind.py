"""crmkit remind: what is late or waits, for cron; silent when nothing is."""

from typing import Annotated

import typer

from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, single
from crmkit.model.errors import Exit
from crmkit.report.papers import status as papers
from crmkit.report.words import _
from crmkit.workflow.acting import looks_at_team, whose_month
from crmkit.workflow.month_status import status_of

app = single()


@command(app, "remind", _("What is late or waits; silent and 0 when nothing is, else 3."))
def remind(
    ctx: typer.Context,
    month: Annotated[str | None, typer.Option(help=_("2026-11, this, last or next."))] = None,
    manager: Annotated[str | None, typer.Option(metavar="CODE", help=_("Whose month."))] = None,
) -> int:
    context = context_of(ctx)
    act = context.act()
    if looks_at_team(context.store(), manager, act):
        from crmkit.commands.desk import reminders_of_desk

        waiting = reminders_of_desk(context, month)
    else:
        whose, wanted = whose_month(context.store(), manager, act.actor), month_of(context, month)
        waiting = papers.reminders(status_of(context.store(), context.policy, whose, wanted, context.today, act.role))
    if waiting is None:
        return Exit.DONE
    context.show(waiting)
    return Exit.DONE_WITH_WARNINGS
