"""crmkit customer: list, show."""

from typing import Annotated

import typer

from crmkit.commands.options import CustomerWord, ManagerWord, MonthWord
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers import customers as papers
from crmkit.report.words import _
from crmkit.workflow.acting import person_named
from crmkit.workflow.find_customer import actors_customer
from crmkit.workflow.list_customers import list_customers, show_customer

app = group(_("The customers: list, show."))


@command(app, "list", _("The customers, phones masked."))
def list_(
    ctx: typer.Context,
    manager: ManagerWord = None,
    valid: Annotated[bool, typer.Option("--valid", help=_("Only valid customers."))] = False,
    without_method: Annotated[
        bool, typer.Option("--without-method", help=_("Only valid customers without a visit method."))
    ] = False,
) -> None:
    context = context_of(ctx)
    whose = person_named(context.store(), manager) if manager else None
    found = list_customers(
        context.store(), context.policy, context.today, whose, without_method=without_method, only_valid=valid
    )
    context.show(papers.customer_list(found))


@command(app, "show", _("One customer and what the month says of it."))
def show(ctx: typer.Context, customer: CustomerWord, month: MonthWord = None) -> None:
    context = context_of(ctx)
    wanted = month_of(context, month)
    found = actors_customer(context.store(), customer, context.act().actor)
    context.show(papers.customer(show_customer(context.store(), context.policy, context.today, found, wanted)))
