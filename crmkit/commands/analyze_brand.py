"""crmkit analyze brand: step 5, the state of the watched products' rates."""

from typing import Annotated

import typer

from crmkit.commands import typed_targets as typed
from crmkit.commands.analyze_target import ProductWord
from crmkit.commands.options import DryRun, Focus, ManagerWord, MonthWord, Note, Problems, manager_of, own_month_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.commands.typed import code_of
from crmkit.report.papers import brand as papers
from crmkit.report.words import _
from crmkit.workflow import analyze_brand as step
from crmkit.workflow.list_products import find_product

app = group(_("Step 5: the four rates of the watched products in the month before."))


@command(app, "compute", _("Step 5: judge every watched product of the month before."))
def compute(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    found = step.compute_brand(context.store(), context.act(), context.policy, whose, wanted, dry_run=dry_run)
    context.show(papers.brand(found, dry_run=dry_run))
    context.say(papers.next_step(found))


@command(app, "show", _("Step 5 as it stands."))
def show(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = step.brand_state(context.store(), context.policy, whose, wanted, context.act())
    context.show(papers.brand(found))
    context.say(papers.next_step(found))


@command(app, "judge", _("Step 5: change the state of a rate by hand, with a note; both states are kept."))
def judge(
    ctx: typer.Context,
    product: ProductWord,
    rate: Annotated[
        str,
        typer.Argument(metavar="RATE", help=_("on_shelf, sell_through, repurchase or stock_out; Chinese words too.")),
    ],
    state: Annotated[
        str, typer.Argument(metavar="STATE", help=_("abnormal, normal or not_judged; Chinese words too."))
    ],
    note: Note = "",
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    kind, final = code_of(typed.RATES, rate, "RATE"), code_of(typed.JUDGEMENTS, state, "STATE")
    common = (context.store(), context.act(), context.policy, whose, wanted, find_product(context.store(), product))
    found = step.judge_rate(*common, kind, final, typed.note_of(note), dry_run=dry_run)
    context.show(papers.brand(found, dry_run=dry_run))


@command(app, "write", _("Step 5: problems and focus in your own words, in place of the draft."))
def write(
    ctx: typer.Context,
    problems: Problems = None,
    focus: Focus = None,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    texts = typed.texts_of(problems, focus)
    common = (context.store(), context.act(), context.policy, whose, wanted)
    found = step.write_brand_texts(*common, *texts, dry_run=dry_run)
    context.show(papers.brand(found, dry_run=dry_run))
