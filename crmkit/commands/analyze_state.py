"""crmkit analyze: the area's statistics and the restatement of step 2; they hang on the group."""

import typer

from crmkit.commands.options import All, ManagerWord, MonthWord, manager_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.report.papers import area as papers
from crmkit.report.papers import restating
from crmkit.report.words import _
from crmkit.workflow.area_statistics import area_statistics
from crmkit.workflow.restate_month import restate_month


def restate(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, all_: All = False) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    made = restate_month(context.store(), context.act(), context.policy, whose, wanted)
    context.show(restating.restatement(made, show_all=all_))


def area(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, all_: All = False) -> None:
    context = context_of(ctx, draws=True)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = area_statistics(context.store(), context.act(), context.policy, whose, wanted)
    context.show(papers.statistics(found, show_all=all_))


def hang_state(app: typer.Typer) -> None:
    """Hang these commands on `crmkit analyze`."""
    command(app, "area", _("Step 2: who stands where in effect and ability, as a table and a picture."))(area)
    command(app, "restate", _("Step 2: what orders that came later would change; nothing is written."))(restate)
