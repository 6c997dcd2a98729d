"""crmkit plan team: several managers of one area, who visits whom."""

from typing import Annotated

import typer

from crmkit.commands.options import DryRun, MonthWord
from crmkit.commands.searching import told
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Fault, Refusal
from crmkit.model.planning import DEFAULT_SEED, EFFORTS
from crmkit.report.words import _


def hang_team(app: typer.Typer) -> None:
    """Hang the command on `crmkit plan`."""
    command(app, "team", _("Several managers in one area: propose who visits whom; --apply hands over."))(team)


def team(
    ctx: typer.Context,
    month: MonthWord = None,
    managers: Annotated[
        str | None,
        typer.Option(metavar="A,B", help=_("Only these managers; all of the file when left out.")),
    ] = None,
    keep: Annotated[
        int,
        typer.Option(min=0, max=100, metavar="PERCENT", help=_("So many customers in a hundred keep their manager.")),
    ] = 0,
    apply: Annotated[bool, typer.Option("--apply", help=_("Hand the customers over."))] = False,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help=_("Same data and seed, same plan."))] = DEFAULT_SEED,
    effort: Annotated[str, typer.Option(metavar="E", help=_("quick, normal or thorough."))] = "quick",
    assume_weekdays: Annotated[bool, typer.Option(help=_("Take Monday to Friday where nothing is published."))] = False,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import team_plan as papers
    from crmkit.solvers.choosing import best
    from crmkit.workflow.assign_team import assign_team

    context = context_of(ctx)
    wanted = month_of(context, month)
    codes = _codes(managers)
    if effort not in EFFORTS:
        raise Refusal(Fault.BAD_VALUE, option="--effort", value=effort, expected=" ".join(EFFORTS))
    plan = assign_team(
        context.store(),
        context.act(),
        context.policy,
        wanted,
        managers=codes,
        keep=keep,
        seed=seed,
        effort=effort,
        assume_weekdays=assume_weekdays,
        apply=apply and not dry_run,
        chosen=best(told(context)),
    )
    context.show(papers.team_plan(plan, dry_run=dry_run))
    named = f" --managers {','.join(codes)}" if codes else ""
    kept = f" --keep {keep}" if keep else ""
    options = f"{named}{kept}{f' --seed {seed}' if seed != DEFAULT_SEED else ''}"
    options += f" --effort {effort}" if effort != "quick" else ""
    said = papers.next_step(plan, f"crmkit plan team --month {wanted}{options} --apply")
    if said:
        context.say(said)


def _codes(managers: str | None) -> list[str]:
    """The managers named; none when left out. Raises Refusal(BAD_VALUE): naming nobody does not mean everybody."""
    if managers is None:
        return []
    codes = [word.strip() for word in managers.replace("，", ",").replace("、", ",").split(",") if word.strip()]
    if not codes:
        raise Refusal(Fault.BAD_VALUE, option="--managers", value=managers, expected="001,002")
    return codes
