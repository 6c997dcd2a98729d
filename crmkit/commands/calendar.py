"""crmkit calendar: working days, an imported year, days off."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.times import day_of, month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.model.calendar import DayOff
from crmkit.report.papers import calendar as papers
from crmkit.report.words import _
from crmkit.rules.calendar import month_days
from crmkit.workflow.acting import person_named
from crmkit.workflow.working_calendar import calendar_between, import_calendar, take_day_off

app = group(_("Working days: show, import a year, days off."))


@command(app, "show", _("The working days of a month."))
def show(
    ctx: typer.Context,
    month: Annotated[str | None, typer.Option(help=_("2026-11, this, last or next."))] = None,
    assume_weekdays: Annotated[bool, typer.Option(help=_("Take Monday to Friday where nothing is published."))] = False,
) -> None:
    context = context_of(ctx)
    wanted = month_of(context, month)
    calendar = calendar_between(
        context.store(), context.policy, None, wanted.first, wanted.last, assume_weekdays=assume_weekdays
    )
    context.show(papers.month(wanted, month_days(calendar, wanted), provisional=calendar.provisional))


@command(app, "import", _("Keep the days of an official calendar file, e.g. of next year."))
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help=_("CSV: date, working or off, name."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be written."))] = False,
) -> None:
    context = context_of(ctx)
    result = import_calendar(context.store(), context.act(), context.policy, file, dry_run=dry_run)
    context.show(papers.imported(result, dry_run=dry_run))


@command(app, "off", _("A day off of the company, or of one person."))
def off(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("2026-11-20, today or tomorrow."))],
    person: Annotated[str | None, typer.Option("--for", metavar="CODE", help=_("Whose; all when left out."))] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help=_("Why."))] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be written."))] = False,
) -> None:
    context = context_of(ctx)
    whose = person_named(context.store(), person) if person else None
    taken = DayOff(day_of(context, day), whose.id if whose else None, reason)
    planned = take_day_off(context.store(), context.act(), taken, dry_run=dry_run)
    context.show(papers.day_off(taken, whose, planned, dry_run=dry_run))
    if planned:
        context.say(papers.replanning(taken))
