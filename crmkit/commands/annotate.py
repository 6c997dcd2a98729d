"""crmkit annotate: step 12, ★ on what is done, ● added, and marks restated after the month's results."""

from typing import Annotated

import typer

from crmkit.commands.annotate_results import hang_results
from crmkit.commands.options import (
    All,
    CustomerWord,
    DayWord,
    DryRun,
    Items,
    ManagerWord,
    MonthWord,
    manager_of,
    own_month_of,
)
from crmkit.commands.times import day_of, month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.model.month import Month
from crmkit.report.papers import annotation as papers
from crmkit.report.words import _
from crmkit.workflow.find_customer import find_customer
from crmkit.workflow.list_items import month_items
from crmkit.workflow.mark_items import add_item, mark_items

app = group(_("Step 12: what is done ★ and added ●, what is open and for how long."))


@command(app, "list", _("What is open, the longest open first."))
def list_(
    ctx: typer.Context,
    month: MonthWord = None,
    done: Annotated[bool, typer.Option("--done", help=_("What is done, too."))] = False,
    show_all: All = False,
    manager: ManagerWord = None,
) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = month_items(context.store(), context.policy, whose, wanted, context.today)
    context.show(papers.annotation(found, show_all=show_all, done_too=done))


@command(app, "done", _("Mark items done ★."))
def done(
    ctx: typer.Context, items: Items, day: DayWord = None, manager: ManagerWord = None, dry_run: DryRun = False
) -> None:
    _mark(ctx, items, day, manager, done=True, dry_run=dry_run)


@command(app, "open", _("Take the mark ★ back."))
def open_(
    ctx: typer.Context, items: Items, day: DayWord = None, manager: ManagerWord = None, dry_run: DryRun = False
) -> None:
    _mark(ctx, items, day, manager, done=False, dry_run=dry_run)


def _mark(
    ctx: typer.Context, items: list[str], day: str | None, manager: str | None, *, done: bool, dry_run: bool
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), day_of(context, day)
    common = (context.store(), context.act(), context.policy, whose, Month.of(wanted), items)
    result = mark_items(*common, done=done, day=wanted, dry_run=dry_run)
    context.show(papers.marked(result, context.today, dry_run=dry_run))


@command(app, "add", _("Add an ad hoc item ● of a customer, done or still to do."))
def add(
    ctx: typer.Context,
    customer: CustomerWord,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("What was done, or promised."))],
    open_: Annotated[bool, typer.Option("--open", help=_("Not done yet: a promise."))] = False,
    day: DayWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), day_of(context, day)
    found = find_customer(context.store(), customer, whose)
    common = (context.store(), context.act(), context.policy, whose, found, text)
    result = add_item(*common, done=not open_, day=wanted, dry_run=dry_run)
    context.show(papers.marked(result, context.today, dry_run=dry_run))


hang_results(app)
