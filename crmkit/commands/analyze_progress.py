"""crmkit analyze progress and team: the running month to date, the month of everybody."""

from typing import Annotated

import typer

from crmkit.commands.options import ManagerWord, MonthWord, manager_of
from crmkit.commands.times import as_of_day, month_of
from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.report.papers import progress as papers
from crmkit.report.papers import team_month as team_papers
from crmkit.report.words import _
from crmkit.workflow.analyze_team import analyze_team
from crmkit.workflow.show_progress import show_progress

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="D", help=_("As it stood on this day."))]
Team = Annotated[bool, typer.Option("--team", help=_("Every customer manager of the file, and all together."))]


def hang_progress(app: typer.Typer) -> None:
    """Hang the commands on `crmkit analyze`."""
    command(app, "progress", _("The month to date: volume, carton value, key brands, against its base."))(progress)
    command(app, "team", _("The month of every customer manager side by side; writes nothing."))(team)


def progress(
    ctx: typer.Context, month: MonthWord = None, as_of: AsOf = None, manager: ManagerWord = None, team: Team = False
) -> None:
    context = context_of(ctx)
    if team and manager:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first="--team", second="--manager")
    day = as_of_day(context, as_of)
    wanted = month_of(context, month) if month else Month.of(day)
    whose = None if team else manager_of(context, manager)
    context.show(papers.progress(show_progress(context.store(), context.policy, whose, wanted, day), team=team))


def team(ctx: typer.Context, month: MonthWord = None) -> None:
    context = context_of(ctx)
    found = analyze_team(context.store(), context.policy, month_of(context, month), context.today)
    context.show(team_papers.team(found))
