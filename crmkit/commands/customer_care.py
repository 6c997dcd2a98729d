"""crmkit customer: set, assign, transfer, merge, duplicates; they hang on the group of the list."""

from typing import Annotated

import typer

from crmkit.commands.chosen import Named, Owner, Valid, Where, Without, choice_of
from crmkit.commands.options import CustomerWord, DryRun
from crmkit.commands.tree import command, context_of
from crmkit.context import Context
from crmkit.model.errors import Exit
from crmkit.report.papers import customer_changes as papers
from crmkit.report.words import _
from crmkit.workflow.acting import person_named
from crmkit.workflow.find_customer import actors_customer
from crmkit.workflow.merge_customers import find_duplicates, merge_customers
from crmkit.workflow.set_customer import set_customers
from crmkit.workflow.transfer_customers import Transfer, assign_customers, transfer_customers

To = Annotated[str, typer.Option("--to", metavar="CODE", help=_("The customer manager who gets them."))]


def set_(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CUSTOMER…] [FIELD=VALUE…]",
            help=_("Codes, and what to set: 1001 grade=20 phone=13800138000 contact=clear"),
        ),
    ] = None,
    where: Where = None,
    without: Without = None,
    manager: Owner = None,
    release: Annotated[
        list[str] | None, typer.Option("--release", metavar="FIELD", help=_("Let imports change this field again."))
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why; kept with cancelled visits."))] = "",
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    typed = [word.replace("＝", "=") for word in words or []]
    named, fields = [word for word in typed if "=" not in word], [word for word in typed if "=" in word]
    chosen = choice_of(context, named, where, without, manager)
    result = set_customers(
        context.store(), context.act(), chosen, fields, release=release or (), reason=reason, dry_run=dry_run
    )
    context.show(papers.changed(result, dry_run=dry_run))


def assign(
    ctx: typer.Context,
    to: To,
    customers: Named = None,
    where: Where = None,
    without: Without = None,
    dry_run: DryRun = False,
) -> int:
    context = context_of(ctx)
    chosen, whose = choice_of(context, customers, where, without), person_named(context.store(), to)
    return _told(
        context,
        assign_customers(context.store(), context.act(), context.policy, chosen, whose, dry_run=dry_run),
        dry_run=dry_run,
    )


def transfer(
    ctx: typer.Context,
    to: To,
    customers: Named = None,
    where: Where = None,
    without: Without = None,
    manager: Owner = None,
    valid: Valid = False,
    dry_run: DryRun = False,
) -> int:
    context = context_of(ctx)
    chosen = choice_of(context, customers, where, without, manager, valid)
    whose = person_named(context.store(), to)
    return _told(
        context,
        transfer_customers(context.store(), context.act(), context.policy, chosen, whose, dry_run=dry_run),
        dry_run=dry_run,
    )


def _told(context: Context, result: Transfer, *, dry_run: bool) -> int:
    context.show(papers.transferred(result, dry_run=dry_run))
    if not result.load.over:
        return Exit.DONE
    context.warn(papers.too_many(result.load))
    return Exit.DONE_WITH_WARNINGS


def merge(
    ctx: typer.Context,
    keep: CustomerWord,
    drop: Annotated[str, typer.Argument(metavar="DROP", help=_("The code that goes; its records move."))],
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    both = [actors_customer(context.store(), word, context.act().actor) for word in (keep, drop)]
    merged = merge_customers(context.store(), context.act(), both[0], both[1], dry_run=dry_run)
    context.show(papers.merged(merged, dry_run=dry_run))


def duplicates(ctx: typer.Context) -> None:
    context = context_of(ctx)
    context.show(papers.duplicates(find_duplicates(context.store(), context.policy)))


def hang_care(app: typer.Typer) -> None:
    """Hang these commands on `crmkit customer`."""
    command(app, "set", _("Set or clear fields of customers by hand; imports keep what was set."))(set_)
    command(app, "assign", _("Give customers without a manager to one."))(assign)
    command(app, "transfer", _("Hand customers over; open visits and strategies go along."))(transfer)
    command(app, "merge", _("Make one customer out of two: CUSTOMER stays, DROP goes."))(merge)
    command(app, "duplicates", _("Customers that are perhaps one shop, with the reasons."))(duplicates)
