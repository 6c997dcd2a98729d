"""crmkit plan visits: step 9, dated visits from the frequencies."""

from typing import Annotated

import typer

from crmkit.commands.options import All, DryRun, ManagerWord, MonthWord, manager_of, own_month_of
from crmkit.commands.searching import told
from crmkit.commands.times import day_of, month_of
from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Fault, Refusal
from crmkit.report.papers import visit_plan as papers
from crmkit.report.words import _
from crmkit.solvers.choosing import best
from crmkit.workflow.plan_visits import DEFAULT_SEED, EFFORTS, plan_visits


def hang_visits(app: typer.Typer) -> None:
    """Hang the command on `crmkit plan`."""
    command(app, "visits", _("Step 9: dated visits of the month, from the approved frequencies."))(visits)


def visits(
    ctx: typer.Context,
    month: MonthWord = None,
    first: Annotated[str | None, typer.Option("--from", metavar="D", help=_("First day to write."))] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="D", help=_("Last day to write."))] = None,
    trial: Annotated[bool, typer.Option("--trial", help=_("Try it before approval; writes nothing."))] = False,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help=_("Same data and seed, same plan."))] = DEFAULT_SEED,
    effort: Annotated[
        str, typer.Option(metavar="E", help=_("quick, normal or thorough: about 1, 10, 60 s."))
    ] = "quick",
    assume_weekdays: Annotated[bool, typer.Option(help=_("Take Monday to Friday where nothing is published."))] = False,
    show_all: All = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose = manager_of(context, manager) if trial else own_month_of(context, manager)
    wanted = month_of(context, month)
    plan = plan_visits(
        context.store(),
        context.act(),
        context.policy,
        whose,
        wanted,
        first=day_of(context, first, "--from") if first else None,
        last=day_of(context, last, "--to") if last else None,
        seed=seed,
        effort=effort_of(effort),
        trial=trial,
        assume_weekdays=assume_weekdays,
        dry_run=dry_run,
        chosen=best(told(context)),
    )
    context.show(papers.visit_plan(plan, show_all=show_all, dry_run=dry_run))
    left = papers.fixed(plan)
    if left:
        context.warn(left)
    context.say(papers.next_step(plan))


def effort_of(typed: str) -> str:
    if typed not in EFFORTS:
        raise Refusal(Fault.BAD_VALUE, option="--effort", value=typed, expected=" ".join(EFFORTS))
    return typed
