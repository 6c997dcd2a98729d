"""The market manager's desk as `review`, `status` and `remind` show it."""

from crmkit.commands.times import month_of
from crmkit.context import Context
from crmkit.report.page import Page
from crmkit.report.papers import review as papers
from crmkit.workflow.list_waiting import Desk, list_waiting


def desk_of(context: Context, month: str | None) -> Desk:
    """What waits: of the month asked for, else of all."""
    wanted = month_of(context, month) if month else None
    return list_waiting(context.store(), context.policy, wanted, context.today)


def show_desk(context: Context, month: str | None) -> None:
    """The list of what waits, and which to look at first."""
    desk = desk_of(context, month)
    context.show(papers.desk(desk))
    if desk.waiting:
        context.say(papers.next_step(desk))


def reminders_of_desk(context: Context, month: str | None) -> Page | None:
    """What waits and whose month is late, for cron; None when nothing is."""
    return papers.reminders(desk_of(context, month))
