"""crmkit calendar: working days, an imported year, days off."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.times import day_of, month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers import calendar as papers
from crmkit.report.words import _
from crmkit.rules.calendar import month_days
from crmkit.workflow.acting import person_named
from crmkit.workflow.days_off import COMPANY, list_days_off, return_days_off, take_days_off, whose_days
from crmkit.workflow.working_calendar import calendar_between, import_calendar

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
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV: date, working or off, name."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be written."))] = False,
) -> None:
    context = context_of(ctx)
    result = import_calendar(context.store(), context.act(), context.policy, file, dry_run=dry_run)
    context.show(papers.imported(result, dry_run=dry_run))
    for doubt in papers.doubts(result):
        context.warn(doubt)


@command(app, "off", _("Days off of the company or of one person: note, remove, list."))
def off(
    ctx: typer.Context,
    day: Annotated[
        str | None, typer.Argument(metavar="[DATE]", help=_("2026-11-20, today or tomorrow; lists when left out."))
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help=_("Last day of several."))] = None,
    person: Annotated[
        str | None,
        typer.Option("--for", metavar="CODE", help=_("Whose: a code, or all for the company; your own when left out.")),
    ] = None,
    reason: Annotated[str, typer.Option(help=_("Why."))] = "",
    remove: Annotated[bool, typer.Option("--remove", help=_("Take it back."))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be written."))] = False,
) -> None:
    context = context_of(ctx)
    if day is None:
        whose = person_named(context.store(), person) if person and person not in COMPANY else None
        context.show(papers.days_off(list_days_off(context.store(), context.today, whose)))
        return
    first = day_of(context, day, "DATE")
    span = (first, day_of(context, last, "--to") if last else first)
    whose = whose_days(context.store(), context.act(), context.policy, person)
    common = (context.store(), context.act(), span, whose, reason)
    if remove:
        done = return_days_off(*common, dry_run=dry_run)
    else:
        done = take_days_off(*common, policy=context.policy, dry_run=dry_run)
    context.show(papers.day_off(done, dry_run=dry_run))
