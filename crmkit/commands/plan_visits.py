"""crmkit plan visits: step 9, dated visits from the frequencies."""

from datetime import date
from typing import Annotated

import typer

from crmkit.commands.options import All, DryRun, ManagerWord, MonthWord, manager_of, own_month_of
from crmkit.commands.searching import told
from crmkit.commands.times import day_of, month_of, week_of
from crmkit.commands.tree import command, context_of
from crmkit.context import Context
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.planning import DEFAULT_SEED, EFFORTS
from crmkit.model.week import Week
from crmkit.report.words import _


def hang_visits(app: typer.Typer) -> None:
    """Hang the command on `crmkit plan`."""
    command(app, "visits", _("Step 9: dated visits of the month, from the approved frequencies."))(visits)


def visits(
    ctx: typer.Context,
    month: MonthWord = None,
    first: Annotated[str | None, typer.Option("--from", metavar="D", help=_("First day to write."))] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="D", help=_("Last day to write."))] = None,
    week: Annotated[
        str | None, typer.Option("--week", metavar="W", help=_("Only the days of a week: 2026-W45, this, next, 下周."))
    ] = None,
    trial: Annotated[bool, typer.Option("--trial", help=_("Try it before approval; writes nothing."))] = False,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help=_("Same data and seed, same plan."))] = DEFAULT_SEED,
    effort: Annotated[
        str, typer.Option(metavar="E", help=_("quick, normal or thorough: about 2, 12, 65 s."))
    ] = "quick",
    assume_weekdays: Annotated[bool, typer.Option(help=_("Take Monday to Friday where nothing is published."))] = False,
    show_all: All = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import visit_plan as papers
    from crmkit.solvers.choosing import best
    from crmkit.workflow.plan_visits import plan_visits

    context = context_of(ctx)
    whose = manager_of(context, manager) if trial else own_month_of(context, manager)
    wanted, begin, end = _days(context, month, first, last, week)
    plan = plan_visits(
        context.store(),
        context.act(),
        context.policy,
        whose,
        wanted,
        first=begin,
        last=end,
        seed=seed,
        effort=effort_of(effort),
        trial=trial,
        assume_weekdays=assume_weekdays,
        dry_run=dry_run,
        chosen=best(told(context)),
    )
    context.show(papers.visit_plan(plan, show_all=show_all, dry_run=dry_run))
    left = papers.fixed(plan)
    if left:
        context.warn(left)
    context.say(papers.next_step(plan))


def _days(
    context: Context, month: str | None, first: str | None, last: str | None, week: str | None
) -> tuple[Month, date | None, date | None]:
    """The month to plan, and the first and last day to write."""
    if week is None:
        begin, end = (day_of(context, word, f"--{name}") if word else None for name, word in _ends(first, last))
        return month_of(context, month), begin, end
    for name, word in _ends(first, last):
        if word:
            raise Refusal(Fault.CONFLICTING_OPTIONS, first="--week", second=f"--{name}")
    return _of_week(context, week_of(context, week), month_of(context, month) if month else None)


def _ends(first: str | None, last: str | None) -> tuple[tuple[str, str | None], ...]:
    return ("from", first), ("to", last)


def _of_week(context: Context, week: Week, month: Month | None) -> tuple[Month, date, date]:
    """The days of a week that lie in one month: the one asked for, else that of its first day that is not over.
    What belongs to the other month is said. Raises Refusal(BAD_VALUE).
    """
    ahead = [day for day in week.days if day >= context.today] or list(week.days)
    wanted = month or Month.of(ahead[0])
    days = [day for day in week.days if day in wanted]
    if not days:
        expected = " ".join(dict.fromkeys(str(Month.of(day)) for day in week.days))
        raise Refusal(Fault.BAD_VALUE, option="--month", value=str(wanted), expected=expected)
    other = [day for day in ahead if day not in wanted]
    if other:
        way = f"crmkit plan visits --week {week} --month {Month.of(other[0])}"
        context.say(_("The week's days from {day} on: {command}").format(day=other[0].isoformat(), command=way))
    return wanted, days[0], days[-1]


def effort_of(typed: str) -> str:
    if typed not in EFFORTS:
        raise Refusal(Fault.BAD_VALUE, option="--effort", value=typed, expected=" ".join(EFFORTS))
    return typed
