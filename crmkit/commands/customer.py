"""crmkit customer: list, show; the rest of the group hangs on it from customer_care, customer_fields, customer_days."""

from typing import Annotated

import typer

from crmkit.commands.chosen import Valid, Where, Without
from crmkit.commands.customer_care import hang_care
from crmkit.commands.customer_days import hang_days
from crmkit.commands.customer_fields import hang_fields
from crmkit.commands.options import CustomerWord, ManagerWord, MonthWord
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers import customers as papers
from crmkit.report.words import _
from crmkit.workflow.acting import person_named
from crmkit.workflow.find_customer import actors_customer
from crmkit.workflow.list_customers import list_customers, show_customer

app = group(_("The customers: list, show, set, hand over, merge, check."))


@command(app, "list", _("The customers, phones masked."))
def list_(
    ctx: typer.Context,
    manager: ManagerWord = None,
    valid: Valid = False,
    without_method: Annotated[
        bool, typer.Option("--without-method", help=_("Only valid customers without a visit method."))
    ] = False,
    grade: Annotated[str | None, typer.Option(metavar="N", help=_("Only this grade, or grades such as 20-30."))] = None,
    market_type: Annotated[str | None, typer.Option(metavar="TYPE", help=_("Only urban or rural."))] = None,
    state: Annotated[str | None, typer.Option(metavar="STATE", help=_("Only this state, e.g. active."))] = None,
    neighbourhood: Annotated[str | None, typer.Option(metavar="NAME", help=_("Only this neighbourhood."))] = None,
    where: Where = None,
    without: Without = None,
) -> None:
    context = context_of(ctx)
    whose = person_named(context.store(), manager) if manager else None
    short = {"grade": grade, "market_type": market_type, "state": state, "neighbourhood": neighbourhood}
    conditions = [*(where or ()), *(f"{name}={value}" for name, value in short.items() if value)]
    found = list_customers(
        context.store(), context.policy, context.today, whose, without_method=without_method, only_valid=valid,
        where=conditions, without=without or (),
    )  # fmt: skip
    context.show(papers.customer_list(found))
    if without_method and found.customers:
        context.say(papers.giving_a_method())


@command(app, "show", _("One customer and what the month says of it."))
def show(ctx: typer.Context, customer: CustomerWord, month: MonthWord = None) -> None:
    context = context_of(ctx)
    wanted = month_of(context, month)
    found = actors_customer(context.store(), customer, context.act().actor)
    context.show(papers.customer(show_customer(context.store(), context.policy, context.today, found, wanted)))


hang_care(app)
hang_fields(app)
hang_days(app)
