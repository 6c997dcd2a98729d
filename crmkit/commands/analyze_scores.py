"""crmkit analyze score: ability scores by hand, for a group, by a file, or asked one customer after another."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands import typed
from crmkit.commands.analyze_prompts import ask_scores
from crmkit.commands.chosen import Where, choice_of
from crmkit.commands.options import DryRun, ManagerWord, MonthWord, manager_of, own_month_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.context import Context
from crmkit.model.errors import Exit, Fault, Refusal
from crmkit.model.importing import Kind
from crmkit.model.month import Month
from crmkit.model.operating import AbilityItem
from crmkit.model.person import Person
from crmkit.report.papers import imports, operating, scores
from crmkit.report.papers.customer_fields import exported
from crmkit.report.words import _
from crmkit.workflow import analyze_operating as step
from crmkit.workflow.export_scores import export_scores
from crmkit.workflow.find_customer import find_customer
from crmkit.workflow.import_files import import_files
from crmkit.workflow.show_scores import show_scores

_EXPECTED = "CUSTOMER display=4 … | --all 3 | --carry | --export FILE | --import FILE"


def score(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CUSTOMER] [ITEM=N]…",
            help=_("A customer and scores: display stock pricing recommending online lawful; Chinese words too."),
        ),
    ] = None,
    all_: Annotated[
        str | None, typer.Option("--all", metavar="N", help=_("Every item N for all customers without scores."))
    ] = None,
    where: Where = None,
    carry: Annotated[bool, typer.Option("--carry", help=_("Last month's scores for all without any."))] = False,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help=_("Write a CSV or XLSX file to score in."))
    ] = None,
    import_: Annotated[Path | None, typer.Option("--import", metavar="FILE", help=_("Read such a file back."))] = None,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> int:
    context = context_of(ctx)
    given = [word for word in words or [] if "=" in word or "＝" in word]
    named = [word for word in words or [] if word not in given]
    _check_one_way(all_, named, given, export, import_, carry=carry, interactive=context.interactive)
    if import_ is not None:
        return _import(context, import_, dry_run=dry_run)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    if export is not None:
        told = export_scores(
            context.store(), context.act(), context.policy, whose, wanted, export, scores.headers()
        )
        context.show(exported(told))
        return Exit.DONE
    if named and not given:
        customer = find_customer(context.store(), named[0], whose)
        context.show(scores.detail(show_scores(context.store(), context.policy, whose, wanted, customer)))
        return Exit.DONE
    whose = own_month_of(context, manager)
    if not named and not carry and all_ is None:
        ask_scores(context, whose, wanted)
    else:
        state = _score(context, whose, wanted, named, given, all_, where, carry=carry, dry_run=dry_run)
        context.show(operating.state(state, dry_run=dry_run))
        context.say(scores.scored(state.written, dry_run=dry_run))
        context.say(operating.next_step(state))
    return Exit.DONE


def _score(
    context: Context,
    whose: Person,
    month: Month,
    named: list[str],
    given: list[str],
    all_: str | None,
    where: list[str] | None,
    *,
    carry: bool,
    dry_run: bool,
) -> step.OperatingState:
    common = (context.store(), context.act(), context.policy, whose, month)
    found = typed.scores_of(given)
    if carry:
        return step.carry_scores(*common, dry_run=dry_run)
    if all_ is None:
        customer = find_customer(context.store(), named[0], whose)
        return step.score_customer(*common, customer, found, dry_run=dry_run)
    every = dict.fromkeys(AbilityItem, typed.score_of(all_, "--all"))
    group = {one.id for one in choice_of(context, None, where)} if where else None
    return step.score_all(
        *common, {**every, **found}, among=lambda one: group is None or one.id in group, dry_run=dry_run
    )


def _import(context: Context, path: Path, *, dry_run: bool) -> int:
    results = import_files(
        context.store(), context.act(), context.policy, paths=[path], kinds=(Kind.SCORES,),
        describe=imports.describe, dry_run=dry_run,
    )  # fmt: skip
    context.show(imports.imported(results))
    return Exit.DONE_WITH_WARNINGS if any(result.is_warned for result in results) else Exit.DONE


def _check_one_way(
    all_: str | None,
    named: list[str],
    given: list[str],
    export: Path | None,
    import_: Path | None,
    *,
    carry: bool,
    interactive: bool,
) -> None:
    """One customer, --all, --carry, --export or --import: at most one of them; none of them is the prompt."""
    used = {
        "--all": all_ is not None, "--carry": carry, "--export": export is not None, "--import": import_ is not None,
        "CUSTOMER": bool(named),
    }  # fmt: skip
    ways = [name for name, given_ in used.items() if given_]
    if len(ways) > 1:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=ways[0], second=ways[1])
    if given and ways and ways[0] not in ("CUSTOMER", "--all"):
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=ways[0], second=given[0])
    if len(named) > 1 or (not ways and (given or not interactive)):
        raise Refusal(Fault.BAD_VALUE, option="score", value=" ".join([*named, *given]), expected=_EXPECTED)


def hang_scores(app: typer.Typer) -> None:
    """Hang the command on `crmkit analyze`."""
    command(app, "score", _("Step 2: ability scores, 1 to 5: asked one by one, of a group, last month's, by a file."))(
        score
    )
