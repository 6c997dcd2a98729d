"""crmkit analyze: step 2, the operating state of every customer; the other steps hang on its group."""

import typer

from crmkit.commands import analyze_brand, analyze_demand, analyze_market, analyze_target
from crmkit.commands.analyze_borderline import hang_borderline
from crmkit.commands.analyze_chart import hang_chart
from crmkit.commands.analyze_progress import hang_progress
from crmkit.commands.analyze_scores import hang_scores
from crmkit.commands.analyze_state import hang_state
from crmkit.commands.options import CustomerWord, DryRun, ManagerWord, MonthWord, manager_of, own_month_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers import operating as papers
from crmkit.report.words import _
from crmkit.workflow import analyze_operating as step
from crmkit.workflow.find_customer import find_customer
from crmkit.workflow.show_effect import show_effect

app = group(_("Steps 1 to 6: demand, effect and ability, brands, market; the month to date."))
app.add_typer(analyze_demand.app, name="demand")
app.add_typer(analyze_target.app, name="target")
app.add_typer(analyze_brand.app, name="brand")
app.add_typer(analyze_market.app, name="market")


@command(app, "compute", _("Step 2: compute the operating effect of every valid customer."))
def compute(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    state = step.compute_effects(context.store(), context.act(), context.policy, whose, wanted, dry_run=dry_run)
    context.show(papers.state(state, dry_run=dry_run))
    context.say(papers.next_step(state))


@command(app, "generate", _("Step 2: close it, once every valid customer is scored."))
def generate(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
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
hang_scores(app)
hang_state(app)
hang_borderline(app)
