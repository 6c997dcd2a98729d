"""crmkit plan: replan; visits that leave their day. Hung on the group of the plan."""

from typing import Annotated

import typer

from crmkit.commands.options import (
    All,
    CustomerWord,
    DryRun,
    ManagerWord,
    MonthWord,
    manager_of,
    own_customer,
    own_month_of,
)
from crmkit.commands.times import day_of, month_of
from crmkit.commands.tree import command, context_of
from crmkit.report.words import _

VisitDay = Annotated[
    str, typer.Option("--date", metavar="D", help=_("The day it is planned for: 2026-11-20, today, tomorrow or 周三."))
]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why."))]


def hang_moves(app: typer.Typer) -> None:
    """Hang the commands on `crmkit plan`."""
    command(app, "replan", _("Plan anew what must move, and nothing else: sick days, shut shops, new shops."))(replan)
    command(app, "move", _("Give one planned visit another day, and pin it there."))(move)
    command(app, "pin", _("Keep a planned visit on its day through every planning."))(pin)
    command(app, "unpin", _("Let a pinned visit move again."))(unpin)
    command(app, "skip", _("Take one planned visit off, with a reason; it is no longer owed."))(skip)
    command(app, "compare", _("The month's visits beside round-robin by code and last month: road, evenness."))(compare)
    command(app, "route", _("Put one day's shops in a short order again."))(route)


def replan(
    ctx: typer.Context,
    month: MonthWord = None,
    first: Annotated[str | None, typer.Option("--from", metavar="D", help=_("First day that may change."))] = None,
    effort: Annotated[
        str, typer.Option(metavar="E", help=_("quick, normal or thorough: about 2, 12, 65 s."))
    ] = "quick",
    show_all: All = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    from crmkit.commands.plan_visits import effort_of
    from crmkit.report.papers import visit_moves as papers
    from crmkit.workflow.replan_visits import replan_visits

    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    common = (context.store(), context.act(), context.policy, whose, wanted)
    day = day_of(context, first, "--from") if first else None
    result = replan_visits(*common, first=day, effort=effort_of(effort), dry_run=dry_run)
    context.show(papers.replanned(result, show_all=show_all, dry_run=dry_run))
    context.say(papers.next_step(result))


def move(
    ctx: typer.Context,
    customer: CustomerWord,
    day: VisitDay,
    to: Annotated[str, typer.Option("--to", metavar="D", help=_("Its new day."))],
    reason: Why = "",
    anyway: Annotated[bool, typer.Option("--anyway", help=_("Even to a day that best-day calls red."))] = False,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import moved_visit as papers
    from crmkit.workflow.move_visit import move_visit

    context = context_of(ctx)
    found = own_customer(context, customer)
    days = day_of(context, day), day_of(context, to, "--to")
    common = (context.store(), context.act(), context.policy, found, *days)
    done = move_visit(*common, reason=reason, anyway=anyway, dry_run=dry_run)
    context.show(papers.moved(done, dry_run=dry_run))
    context.say(papers.after_move(done))


def pin(ctx: typer.Context, customer: CustomerWord, day: VisitDay, reason: Why = "", dry_run: DryRun = False) -> None:
    _hold(ctx, customer, day, reason, pinned=True, dry_run=dry_run)


def unpin(ctx: typer.Context, customer: CustomerWord, day: VisitDay, dry_run: DryRun = False) -> None:
    _hold(ctx, customer, day, "", pinned=False, dry_run=dry_run)


def _hold(ctx: typer.Context, customer: str, day: str, reason: str, *, pinned: bool, dry_run: bool) -> None:
    from crmkit.report.papers.moved_visit import held
    from crmkit.workflow.move_visit import pin_visit

    context = context_of(ctx)
    found = own_customer(context, customer)
    common = (context.store(), context.act(), found, day_of(context, day), reason)
    context.show(held(pin_visit(*common, pinned=pinned, dry_run=dry_run), dry_run=dry_run))


def skip(ctx: typer.Context, customer: CustomerWord, day: VisitDay, reason: Why = "", dry_run: DryRun = False) -> None:
    from crmkit.report.papers.moved_visit import held
    from crmkit.workflow.move_visit import skip_visit

    context = context_of(ctx)
    found = own_customer(context, customer)
    common = (context.store(), context.act(), found, day_of(context, day), reason)
    context.show(held(skip_visit(*common, dry_run=dry_run), dry_run=dry_run))


def route(
    ctx: typer.Context,
    day: Annotated[str | None, typer.Option("--date", metavar="D", help=_("2026-11-20, today or tomorrow."))] = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers.moved_visit import routed
    from crmkit.workflow.route_day import route_day

    context = context_of(ctx)
    common = (context.store(), context.act(), context.policy, own_month_of(context, manager), day_of(context, day))
    context.show(routed(route_day(*common, dry_run=dry_run), dry_run=dry_run))


def compare(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None) -> None:
    from crmkit.report.papers import plan_comparison as papers
    from crmkit.workflow.compare_plans import compare_plans

    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = compare_plans(context.store(), context.policy, whose, wanted)
    context.show(papers.comparison(found))
    context.say(papers.next_step(found))
