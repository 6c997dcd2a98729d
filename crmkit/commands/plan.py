"""crmkit plan: steps 7 and 8, strategies and the month plan; approval and visit dates hang on the same group."""

from typing import Annotated

import typer

from crmkit.commands import typed
from crmkit.commands.options import (
    All,
    CustomerWord,
    DryRun,
    Focus,
    ManagerWord,
    MonthWord,
    Problems,
    Reason,
    manager_of,
    own_month_of,
)
from crmkit.commands.plan_add import hang_add
from crmkit.commands.plan_approval import hang_approval
from crmkit.commands.plan_export import hang_export
from crmkit.commands.plan_feedback import hang_feedback
from crmkit.commands.plan_moves import hang_moves
from crmkit.commands.plan_open import hang_open
from crmkit.commands.plan_package import hang_package
from crmkit.commands.plan_strategy import hang_strategy
from crmkit.commands.plan_team import hang_team
from crmkit.commands.plan_verify import hang_verify
from crmkit.commands.plan_visits import hang_visits
from crmkit.commands.plan_week import hang_week
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.commands.typed_targets import satisfaction_of, texts_of
from crmkit.model.strategy import Standing
from crmkit.report.papers import month_plan as plan_papers
from crmkit.report.papers import strategies as strategy_papers
from crmkit.report.words import _
from crmkit.workflow.compare_rounds import argument_of
from crmkit.workflow.find_customer import find_customer
from crmkit.workflow.generate_month_plan import change_key, generate_month_plan, month_plan, override_frequency
from crmkit.workflow.generate_strategies import generate_strategies
from crmkit.workflow.visit_debt import visit_debts

app = group(_("Steps 7 to 10: strategies, month plan, approval, visit dates."))


@command(app, "strategies", _("Step 7: set the satisfaction target and generate the month's strategies."))
def strategies(
    ctx: typer.Context,
    month: MonthWord = None,
    satisfaction: Annotated[
        str | None, typer.Option(metavar="N", help=_("Satisfaction target, 0 to 100; needed to submit."))
    ] = None,
    show_all: All = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    target = None if satisfaction is None else satisfaction_of(satisfaction)
    made = generate_strategies(context.store(), context.act(), context.policy, whose, wanted, target, dry_run=dry_run)
    context.show(strategy_papers.strategies(made, show_all=show_all, dry_run=dry_run))
    context.say(strategy_papers.next_step(made))


@command(app, "generate", _("Step 8: draft the month plan: problems, key customers, frequencies, room."))
def generate(
    ctx: typer.Context,
    month: MonthWord = None,
    problems: Problems = None,
    focus: Focus = None,
    show_all: All = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    texts = (problems, focus) if problems is None and focus is None else texts_of(problems, focus)
    common = (context.store(), context.act(), context.policy, whose, wanted)
    plan = generate_month_plan(*common, texts=texts, dry_run=dry_run)
    context.show(plan_papers.month_plan(plan, show_all=show_all, dry_run=dry_run))
    context.say(plan_papers.next_step(plan))


@command(app, "show", _("The month plan as it stands."))
def show(ctx: typer.Context, month: MonthWord = None, show_all: All = False, manager: ManagerWord = None) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    plan = month_plan(context.store(), context.policy, whose, wanted, context.today)
    argued = argument_of(context.store(), context.policy, whose, wanted)
    owed = visit_debts(context.store(), context.policy, whose, min(context.today, wanted.last))
    context.show(plan_papers.month_plan(plan, argued, owed, show_all=show_all))
    context.say(plan_papers.next_step(plan))


@command(app, "key", _("Add a key customer or remove one; the frequencies follow."))
def key(
    ctx: typer.Context,
    customer: CustomerWord,
    add: Annotated[bool, typer.Option("--add/--remove", help=_("On the key list, or off it."))],
    reason: Reason,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    found = find_customer(context.store(), customer, whose)
    standing = Standing.ADDED if add else Standing.REMOVED
    common = (context.store(), context.act(), context.policy, whose, wanted)
    plan = change_key(*common, found, standing, reason, dry_run=dry_run)
    context.show(plan_papers.changed(plan, found, dry_run=dry_run))


@command(app, "frequency", _("Give one customer another frequency by hand, until the next approval."))
def frequency(
    ctx: typer.Context,
    customer: CustomerWord,
    frequency: Annotated[
        str,
        typer.Argument(metavar="FREQUENCY", help=_("weekly, twice_monthly or monthly; 每周一次 每月两次 每月一次.")),
    ],
    reason: Reason,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    found = find_customer(context.store(), customer, whose)
    common = (context.store(), context.act(), context.policy, whose, wanted)
    given = typed.code_of(typed.FREQUENCIES, frequency, "FREQUENCY")
    plan = override_frequency(*common, found, given, reason, dry_run=dry_run)
    context.show(plan_papers.changed(plan, found, dry_run=dry_run))


hang_strategy(app)
hang_open(app)
hang_approval(app)
hang_feedback(app)
hang_package(app)
hang_visits(app)
hang_moves(app)
hang_add(app)
hang_team(app)
hang_week(app)
hang_export(app)
hang_verify(app)
