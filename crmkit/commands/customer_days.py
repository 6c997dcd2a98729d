"""crmkit customer: appoint, closed; they hang on the group of the list."""

from typing import Annotated

import typer

from crmkit.commands.options import CustomerWord, DryRun
from crmkit.commands.times import day_of
from crmkit.commands.tree import command, context_of
from crmkit.report.papers import customer_days as papers
from crmkit.report.words import _
from crmkit.workflow.close_days import close_days, open_days
from crmkit.workflow.find_customer import actors_customer
from crmkit.workflow.keep_appointment import drop_appointment, keep_appointment

Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why."))]
Day = Annotated[str, typer.Argument(metavar="DATE", help=_("2026-11-20, today or tomorrow."))]
Remove = Annotated[bool, typer.Option("--remove", help=_("Take it back."))]


def appoint(
    ctx: typer.Context,
    customer: CustomerWord,
    day: Day,
    reason: Why = "",
    remove: Remove = False,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    found, when = actors_customer(context.store(), customer, context.act().actor), day_of(context, day, "DATE")
    if remove:
        kept = drop_appointment(context.store(), context.act(), found, when, dry_run=dry_run)
    else:
        kept = keep_appointment(context.store(), context.act(), context.policy, found, when, reason, dry_run=dry_run)
    context.show(papers.appointment(kept, dry_run=dry_run))


def closed(
    ctx: typer.Context,
    customer: CustomerWord,
    first: Annotated[str, typer.Argument(metavar="FROM", help=_("First day: 2026-11-20, today or tomorrow."))],
    last: Annotated[str | None, typer.Argument(metavar="[TO]", help=_("Last day; one day only when left out."))] = None,
    reason: Why = "",
    remove: Remove = False,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    found, begin = actors_customer(context.store(), customer, context.act().actor), day_of(context, first, "FROM")
    end = day_of(context, last, "TO") if last else begin
    if remove:
        shut = open_days(context.store(), context.act(), found, begin, end, dry_run=dry_run)
    else:
        shut = close_days(context.store(), context.act(), found, begin, end, reason, dry_run=dry_run)
    context.show(papers.closed(shut, dry_run=dry_run))


def hang_days(app: typer.Typer) -> None:
    """Hang these commands on `crmkit customer`."""
    command(app, "appoint", _("A date on which a customer must be visited; planning keeps it."))(appoint)
    command(app, "closed", _("Dates on which a shop is shut; nothing is planned on them."))(closed)
