"""crmkit explain: why a customer is on the plan, why a place on the road, a change, a visit debt."""

from typing import Annotated

import typer

from crmkit.commands.options import CustomerWord, ManagerWord, MonthWord, manager_of
from crmkit.commands.times import day_of, month_of
from crmkit.commands.tree import command, context_of
from crmkit.report.papers import why_plan as papers
from crmkit.report.words import _
from crmkit.workflow.acting import manager_of as manager_of_customer
from crmkit.workflow.explain_change import explain_change
from crmkit.workflow.explain_customer import explain_customer
from crmkit.workflow.explain_debt import explain_debt
from crmkit.workflow.explain_place import explain_place
from crmkit.workflow.find_customer import actors_customer, find_customer

Day = Annotated[str | None, typer.Option("--date", metavar="D", help=_("2026-11-20, today or tomorrow."))]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="D", help=_("As it stood on that day."))]


def hang_plan(app: typer.Typer) -> None:
    """Hang the commands on `crmkit explain`."""
    command(app, "customer", _("Why a customer is, or is not, on the plan of the month."))(customer)
    command(app, "place", _("Why a visit has its place on the road of its day."))(place)
    command(app, "change", _("Who planned, moved, pinned or dropped a customer's visits, when and why."))(change)
    command(app, "debt", _("Why a customer is owed a visit, and what repaid it."))(debt)


def customer(
    ctx: typer.Context, customer: CustomerWord, month: MonthWord = None, manager: ManagerWord = None
) -> None:
    context = context_of(ctx)
    whose = manager_of(context, manager)
    whom = find_customer(context.store(), customer, whose)
    asked = (context.store(), context.policy, whose, month_of(context, month), whom, context.today)
    context.show(papers.on_plan(explain_customer(*asked)))


def place(ctx: typer.Context, customer: CustomerWord, day: Day = None) -> None:
    context = context_of(ctx)
    whom = actors_customer(context.store(), customer, context.act().actor)
    manager = manager_of_customer(context.store(), whom)
    found = explain_place(context.store(), context.policy, manager, whom, day_of(context, day))
    context.show(papers.place(found))


def change(ctx: typer.Context, customer: CustomerWord, month: MonthWord = None) -> None:
    context = context_of(ctx)
    whom = actors_customer(context.store(), customer, context.act().actor)
    context.show(papers.change(explain_change(context.store(), whom, month_of(context, month))))


def debt(ctx: typer.Context, customer: CustomerWord, as_of: AsOf = None) -> None:
    context = context_of(ctx)
    whom = actors_customer(context.store(), customer, context.act().actor)
    manager = manager_of_customer(context.store(), whom)
    day = day_of(context, as_of, "--as-of")
    context.show(papers.debt(explain_debt(context.store(), context.policy, manager, whom, day)))
