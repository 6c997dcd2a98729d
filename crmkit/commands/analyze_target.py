"""crmkit analyze target: steps 3 and 4, brand targets and their target customers."""

from typing import Annotated

import typer

from crmkit.commands import typed_targets as typed
from crmkit.commands.chosen import Named, Where, choice_of
from crmkit.commands.options import All, DryRun, ManagerWord, MonthWord, manager_of, own_month_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers import targets as papers
from crmkit.report.words import _
from crmkit.workflow import set_targets as step
from crmkit.workflow.list_products import find_product

app = group(_("Steps 3 and 4: brand targets and their target customers."))

ProductWord = Annotated[str, typer.Argument(metavar="PRODUCT", help=_("Code or a unique part of code or name."))]
FirstMonth = Annotated[
    str | None, typer.Option("--from", metavar="M", help=_("First month; this when left out."))
]


@command(app, "set", _("Step 3: the target of a watched product, from one month to another; or change it."))
def set_(
    ctx: typer.Context,
    product: ProductWord,
    rates: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RATE=PERCENT]…",
            help=_("on_shelf=60 sell_through=85 repurchase=70 stock_out=5; Chinese words too; RATE=- takes one away."),
        ),
    ] = None,
    first: FirstMonth = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="M", help=_("Last month; the first one when left out."))
    ] = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, begin = own_month_of(context, manager), month_of(context, first)
    end = month_of(context, last) if last else None
    found, aims = find_product(context.store(), product), typed.rates_of(rates or [])
    common = (context.store(), context.act(), context.policy, whose, found)
    made = step.set_target(*common, begin, end, aims, dry_run=dry_run)
    context.show(papers.changed(made, dry_run=dry_run))
    context.say(papers.next_step(made))


@command(app, "list", _("The brand targets of a month, or of all months."))
def list_(
    ctx: typer.Context,
    month: MonthWord = None,
    show_all: Annotated[bool, typer.Option("--all", help=_("Of all months."))] = False,
    manager: ManagerWord = None,
) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    context.show(papers.target_list(step.target_list(context.store(), whose, None if show_all else wanted)))


@command(app, "remove", _("Take a brand target away, with its target customers."))
def remove(
    ctx: typer.Context,
    product: ProductWord,
    first: Annotated[
        str | None, typer.Option("--from", metavar="M", help=_("A month in which it holds; this when left out."))
    ] = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, begin = own_month_of(context, manager), month_of(context, first)
    common = (context.store(), context.act(), context.policy, whose, find_product(context.store(), product))
    made = step.remove_target(*common, begin, dry_run=dry_run)
    context.show(papers.changed(made, dry_run=dry_run))
    context.say(papers.next_step(made))


@command(app, "customers", _("Step 4: the target customers of a product."))
def customers(
    ctx: typer.Context, product: ProductWord, month: MonthWord = None, manager: ManagerWord = None
) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = find_product(context.store(), product)
    context.show(papers.customers(step.target_customers(context.store(), whose, found, wanted)))


@command(app, "choose", _("Step 4: put customers on the list of a product, by name or by filter, or take them off."))
def choose(
    ctx: typer.Context,
    product: ProductWord,
    named: Named = None,
    where: Where = None,
    drop: Annotated[bool, typer.Option("--drop", help=_("Take them off the list."))] = False,
    all_: All = False,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    found = find_product(context.store(), product)
    chosen = choice_of(context, named, where, None, whose.code if where else None, bool(where) and not drop)
    common = (context.store(), context.act(), context.policy, whose, found, wanted, chosen)
    made = step.choose_target_customers(*common, drop=drop, dry_run=dry_run)
    context.show(papers.chosen(made, drop=drop, show_all=all_, dry_run=dry_run))
