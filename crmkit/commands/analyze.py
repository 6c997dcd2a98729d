"""crmkit analyze: step 2, the operating state of every customer; the other steps hang on its group."""

from typing import Annotated

import typer

from crmkit.commands import analyze_brand, analyze_demand, analyze_market, analyze_target, typed
from crmkit.commands.analyze_chart import hang_chart
from crmkit.commands.analyze_progress import hang_progress
from crmkit.commands.chosen import Where, choice_of
from crmkit.commands.options import CustomerWord, DryRun, ManagerWord, MonthWord, manager_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operating import AbilityItem
from crmkit.report.papers import operating as papers
from crmkit.report.words import _
from crmkit.workflow import analyze_operating as step
from crmkit.workflow.find_customer import find_customer
from crmkit.workflow.show_effect import show_effect

app = group(_("Steps 1 to 6: effect, ability, what generates strategies."))
app.add_typer(analyze_demand.app, name="demand")
app.add_typer(analyze_target.app, name="target")
app.add_typer(analyze_brand.app, name="brand")
app.add_typer(analyze_market.app, name="market")


@command(app, "compute", _("Step 2: compute the operating effect of every valid customer."))
def compute(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    state = step.compute_effects(context.store(), context.act(), context.policy, whose, wanted, dry_run=dry_run)
    context.show(papers.state(state, dry_run=dry_run))
    context.say(papers.next_step(state))


@command(app, "score", _("Step 2: ability scores, 1 to 5: of one customer, of all without any, or last month's."))
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
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    common = (context.store(), context.act(), context.policy, whose, wanted)
    given = [word for word in words or [] if "=" in word or "＝" in word]
    named = [word for word in words or [] if word not in given]
    _check_one_way(all_, named, given, carry=carry)
    scores = typed.scores_of(given)
    if carry:
        state = step.carry_scores(*common, dry_run=dry_run)
    elif all_ is not None:
        every = dict.fromkeys(AbilityItem, typed.score_of(all_, "--all"))
        group_ = {one.id for one in choice_of(context, None, where)} if where else None
        state = step.score_all(
            *common, {**every, **scores}, among=lambda one: group_ is None or one.id in group_, dry_run=dry_run
        )
    else:
        customer = find_customer(context.store(), named[0], whose)
        state = step.score_customer(*common, customer, scores, dry_run=dry_run)
    context.show(papers.state(state, dry_run=dry_run))
    context.say(papers.next_step(state))


def _check_one_way(all_: str | None, named: list[str], given: list[str], *, carry: bool) -> None:
    """One customer, --all or --carry: exactly one of them."""
    ways = [name for name, used in (("--all", all_ is not None), ("--carry", carry), ("CUSTOMER", bool(named))) if used]
    if len(ways) > 1:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=ways[0], second=ways[1])
    if carry and given:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first="--carry", second=given[0])
    if not ways or len(named) > 1 or (named and not given):
        value = " ".join([*named, *given])
        raise Refusal(Fault.BAD_VALUE, option="score", value=value, expected="CUSTOMER display=4 … | --all 3 | --carry")


@command(app, "generate", _("Step 2: close it, once every valid customer is scored."))
def generate(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    state = step.generate(context.store(), context.act(), context.policy, whose, wanted, dry_run=dry_run)
    context.show(papers.state(state, dry_run=dry_run))
    context.say(papers.next_step(state))


@command(app, "show", _("Step 2 as it stands."))
def show(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    state = step.operating_state(context.store(), context.policy, whose, wanted, context.act())
    context.show(papers.state(state))
    context.say(papers.next_step(state))


@command(app, "effect", _("The operating effect of one customer, item by item."))
def effect(ctx: typer.Context, customer: CustomerWord, month: MonthWord = None, manager: ManagerWord = None) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = find_customer(context.store(), customer, whose)
    context.show(papers.effect(show_effect(context.store(), context.policy, whose, wanted, found)))


hang_progress(app)
hang_chart(app)
