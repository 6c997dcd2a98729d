"""crmkit plan week: step 10, the week schedule; crmkit plan meeting: the page of the Saturday meeting."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import typer

from crmkit.commands.options import All, DryRun, ManagerWord, manager_of, own_month_of
from crmkit.commands.times import day_in, week_of
from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Fault, Refusal
from crmkit.model.week import Week
from crmkit.report.words import _

WeekWord = Annotated[str | None, typer.Option("--week", metavar="W", help=_("2026-W45, this, last, next, 本周, 下周."))]


def hang_week(app: typer.Typer) -> None:
    """Hang the commands on `crmkit plan`."""
    command(app, "week", _("Step 10: the week schedule; focus texts, route and notes are written with it."))(week)
    command(app, "meeting", _("The Saturday meeting on one page: the week's visits, next week's focus."))(meeting)


def week(
    ctx: typer.Context,
    week: WeekWord = None,
    market: Annotated[str | None, typer.Option(metavar="TEXT", help=_("Focus of market collection."))] = None,
    brand: Annotated[str | None, typer.Option(metavar="TEXT", help=_("Focus of brand work."))] = None,
    route: Annotated[
        list[str] | None, typer.Option(metavar="DATE=TEXT", help=_("Route of a day; 周三=东片, '' takes it back."))
    ] = None,
    note: Annotated[list[str] | None, typer.Option(metavar="DATE=TEXT", help=_("Note of a day."))] = None,
    full: Annotated[bool, typer.Option("--full", help=_("Strategies in all their words."))] = False,
    no_mark: Annotated[bool, typer.Option("--no-mark", help=_("Do not record the printing."))] = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import week_schedule as papers
    from crmkit.workflow.schedule_week import TypedWeek, draft_focus, print_week, schedule_week, write_week

    context = context_of(ctx)
    wanted = week_of(context, week)
    typed = TypedWeek(market, brand, _by_day(wanted, route, "--route"), _by_day(wanted, note, "--note"))
    whose = manager_of(context, manager) if typed.is_empty else own_month_of(context, manager)
    on_paper = bool(context.options.output) or context.format() in ("html", "pdf")
    store, act, policy = context.store(), context.act(), context.policy
    drafts = draft_focus(store, whose, wanted)
    if not typed.is_empty:
        schedule = write_week(store, act, policy, whose, wanted, typed, dry_run=dry_run)
    else:
        schedule = schedule_week(store, policy, whose, wanted, act.today)
    if on_paper and not no_mark and not dry_run:
        form = context.format().value
        print_week(
            store, act, policy, whose, wanted, form,
            lambda printed: context.show(papers.week_schedule(printed, drafts, full=full)),
        )  # fmt: skip
    else:
        context.show(papers.week_schedule(schedule, drafts, full=full, dry_run=dry_run))
    context.say(papers.next_step(schedule))


def meeting(ctx: typer.Context, week: WeekWord = None, show_all: All = False, manager: ManagerWord = None) -> None:
    from crmkit.report.papers import meeting as papers
    from crmkit.workflow.hold_meeting import hold_meeting, speakers

    context = context_of(ctx)
    act, wanted = context.act(), week_of(context, week)
    managers = speakers(context.store(), manager, act.actor)
    found = hold_meeting(context.store(), context.policy, managers, wanted, act.today)
    context.show(papers.meeting(found, show_all=show_all))


def _by_day(week: Week, typed: Iterable[str] | None, option: str) -> dict[date, str]:
    """DATE=TEXT as typed, by day. Raises Refusal(BAD_VALUE): no =, a day outside the week, a day twice."""
    found: dict[date, str] = {}
    for word in typed or ():
        name, equals, text = word.partition("=")
        day = day_in(week, name, option) if equals else None
        if day is None or day in found:
            raise Refusal(Fault.BAD_VALUE, option=option, value=word, expected=f"{week.monday}={_('TEXT')}")
        found[day] = text
    return found
