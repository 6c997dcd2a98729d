"""crmkit visit: debt and forgive, visits owed and not made; they hang on the group of the visits."""

from typing import Annotated

import typer

from crmkit.commands.options import All, CustomerWord, DryRun, ManagerWord, manager_of, own_customer
from crmkit.commands.times import day_of
from crmkit.commands.tree import command, context_of
from crmkit.report.words import _
from crmkit.workflow.acting import manager_of as manager_of_customer
from crmkit.workflow.find_customer import actors_customer

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="D", help=_("As it stood on that day."))]
Since = Annotated[str | None, typer.Option("--since", metavar="D", help=_("Only the visit owed since that day."))]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why."))]


def hang_debt(app: typer.Typer) -> None:
    """Hang the commands on `crmkit visit`."""
    command(app, "debt", _("Visits owed and not made: since when, why, and what became of them."))(debt)
    command(app, "forgive", _("Let the visits owed to a customer go, with a reason."))(forgive)


def debt(
    ctx: typer.Context,
    customer: Annotated[
        str | None, typer.Argument(metavar="[CUSTOMER]", help=_("Of one customer only, with what has ended."))
    ] = None,
    as_of: AsOf = None,
    show_all: All = False,
    manager: ManagerWord = None,
) -> None:
    from crmkit.report.papers import visit_debts as papers
    from crmkit.workflow.visit_debt import visit_debts

    context = context_of(ctx)
    day = day_of(context, as_of, "--as-of")
    if customer is None:
        whose = manager_of(context, manager)
        found = visit_debts(context.store(), context.policy, whose, day)
        context.show(papers.visit_debts(found, show_all=show_all))
    else:
        one = actors_customer(context.store(), customer, context.act().actor)
        whose = manager_of_customer(context.store(), one)
        found = visit_debts(context.store(), context.policy, whose, day, (one.id,))
        context.show(papers.visit_debts(found, one, show_all=True))
    context.say(papers.next_step(found))


def forgive(
    ctx: typer.Context, customer: CustomerWord, reason: Why = "", since: Since = None, dry_run: DryRun = False
) -> None:
    from crmkit.report.papers import visit_debts as papers
    from crmkit.workflow.forgive_debt import forgive_debt

    context = context_of(ctx)
    found = own_customer(context, customer)
    day = day_of(context, since, "--since") if since else None
    done = forgive_debt(context.store(), context.act(), context.policy, found, reason, since=day, dry_run=dry_run)
    context.show(papers.forgiven(done, dry_run=dry_run))
