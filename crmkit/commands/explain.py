"""crmkit explain: why."""

from typing import Annotated

import typer

from crmkit.commands.explain_analysis import Rows, hang_analysis
from crmkit.commands.explain_plan import hang_plan
from crmkit.commands.times import day_of, month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers import explanations as papers
from crmkit.report.words import _
from crmkit.workflow.acting import manager_of
from crmkit.workflow.explain_frequency import explain_frequency
from crmkit.workflow.explain_visit import explain_visit
from crmkit.workflow.find_customer import actors_customer

app = group(_("Why: who is planned, how often, on which day and place; a change, debt, figure."))


@command(app, "frequency", _("Why a customer is visited as often as the month plan says."))
def frequency(
    ctx: typer.Context,
    customer: Annotated[str, typer.Argument(help=_("Code, or a unique part of code or name."))],
    month: Annotated[str | None, typer.Option(help=_("2026-11, this, last or next."))] = None,
    rows: Rows = 0,
) -> None:
    context = context_of(ctx)
    whom = actors_customer(context.store(), customer, context.act().actor)
    manager = manager_of(context.store(), whom)
    asked = (context.store(), context.policy, manager, month_of(context, month), whom)
    context.show(papers.frequency(explain_frequency(*asked, rows=rows)))


@command(app, "visit", _("Why a planned visit stands on its day."))
def visit(
    ctx: typer.Context,
    customer: Annotated[str, typer.Argument(help=_("Code, or a unique part of code or name."))],
    date: Annotated[str | None, typer.Option(help=_("2026-11-20, today or tomorrow; else the next one."))] = None,
) -> None:
    context = context_of(ctx)
    whom = actors_customer(context.store(), customer, context.act().actor)
    manager = manager_of(context.store(), whom)
    day = day_of(context, date) if date else None
    context.show(papers.visit(explain_visit(context.store(), context.policy, manager, whom, day, context.today)))


hang_plan(app)
hang_analysis(app)
