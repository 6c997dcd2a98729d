"""crmkit plan: best-day and add, a day for one visit by hand. Hung on the group of the plan."""

from typing import Annotated

import typer

from crmkit.commands.options import CustomerWord, DryRun, MonthWord, Reason, own_customer
from crmkit.commands.times import day_of, month_of
from crmkit.commands.tree import command, context_of
from crmkit.model.month import Month
from crmkit.report.words import _
from crmkit.workflow.find_customer import actors_customer


def hang_add(app: typer.Typer) -> None:
    """Hang the commands on `crmkit plan`."""
    weighed = _("What each day would cost for a visit: detour, fullness, gaps; green, yellow, red.")
    command(app, "best-day", weighed)(best_day)
    command(app, "add", _("Plan one visit by hand, beyond what the month owes; it is pinned to its day."))(add)


def add(
    ctx: typer.Context,
    customer: CustomerWord,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("2026-11-20, today, tomorrow or 周三."))],
    reason: Reason = "",
    anyway: Annotated[bool, typer.Option("--anyway", help=_("Even on a day that best-day calls red."))] = False,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import moved_visit as papers
    from crmkit.workflow.add_visit import add_visit

    context = context_of(ctx)
    found, when = own_customer(context, customer), day_of(context, day, "DATE")
    common = (context.store(), context.act(), context.policy, found, when, reason)
    done = add_visit(*common, anyway=anyway, dry_run=dry_run)
    context.show(papers.added(done, dry_run=dry_run))
    context.say(papers.after_add(done))


def best_day(
    ctx: typer.Context,
    customer: CustomerWord,
    day: Annotated[
        str | None, typer.Option("--date", metavar="D", help=_("Which visit: the day it is planned for."))
    ] = None,
    month: MonthWord = None,
) -> None:
    from crmkit.report.papers import best_day as papers
    from crmkit.workflow.weigh_days import weigh_days

    context = context_of(ctx)
    found = actors_customer(context.store(), customer, context.act().actor)
    meant = day_of(context, day) if day else None
    wanted = Month.of(meant) if meant else month_of(context, month)
    weighed = weigh_days(context.store(), context.policy, found, wanted, context.today, meant)
    context.show(papers.best_day(weighed))
    step = papers.next_step(weighed)
    if step:
        context.say(step)
