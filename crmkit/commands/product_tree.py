"""crmkit product tree, category and watch: they hang on the group of the products."""

from typing import Annotated

import typer

from crmkit.commands.options import DryRun, MonthWord
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers import products as papers
from crmkit.report.words import _
from crmkit.workflow.arrange_categories import (
    add_category,
    category_tree,
    move_category,
    remove_category,
    rename_category,
)
from crmkit.workflow.issue_watch_list import end_watch, watch_list, watch_products

Category = Annotated[str, typer.Argument(metavar="PATH", help=_("Levels joined by >, in quotes."))]
Products = Annotated[list[str], typer.Argument(metavar="PRODUCT…", help=_("Codes or unique parts."))]

categories = group(_("The category tree: add, rename, move, remove."))
watching = group(_("The watch list of the market manager: list, add, end."))


def tree(ctx: typer.Context) -> None:
    context = context_of(ctx)
    context.show(papers.tree(category_tree(context.store())))


@command(categories, "add", _("Add a category, with the levels above it."))
def add(ctx: typer.Context, path: Category, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    made = add_category(context.store(), context.act(), path, dry_run=dry_run)
    context.show(papers.arranged(made, dry_run=dry_run))


@command(categories, "rename", _("Give a category another name."))
def rename(
    ctx: typer.Context,
    path: Category,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("The new name of the last level."))],
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    made = rename_category(context.store(), context.act(), path, name, dry_run=dry_run)
    context.show(papers.arranged(made, dry_run=dry_run))


@command(categories, "move", _("Hang a category under another."))
def move(
    ctx: typer.Context,
    path: Category,
    under: Annotated[str, typer.Option("--under", metavar="PATH", help=_("Its new parent; '' makes it a root."))],
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    made = move_category(context.store(), context.act(), path, under, dry_run=dry_run)
    context.show(papers.arranged(made, dry_run=dry_run))


@command(categories, "remove", _("Take an empty category away."))
def remove(ctx: typer.Context, path: Category, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    made = remove_category(context.store(), context.act(), path, dry_run=dry_run)
    context.show(papers.arranged(made, dry_run=dry_run))


@command(watching, "list", _("The products watched in a month."))
def watch_of(ctx: typer.Context, month: MonthWord = None) -> None:
    context = context_of(ctx)
    wanted = month_of(context, month)
    context.show(papers.watch_list(wanted, watch_list(context.store(), wanted)))


@command(watching, "add", _("Put products on the watch list."))
def watch(
    ctx: typer.Context,
    product: Products,
    first: Annotated[
        str | None, typer.Option("--from", metavar="M", help=_("First month; this when left out."))
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="M", help=_("Last month; open when left out."))] = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    begin, end = month_of(context, first), month_of(context, last) if last else None
    made = watch_products(context.store(), context.act(), context.policy, product, begin, end, dry_run=dry_run)
    context.show(papers.issued(made, dry_run=dry_run))


@command(watching, "end", _("Let products leave the watch list after a month."))
def unwatch(
    ctx: typer.Context,
    product: Products,
    last: Annotated[str | None, typer.Option("--to", metavar="M", help=_("Last month; this when left out."))] = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    ended = end_watch(context.store(), context.act(), context.policy, product, month_of(context, last), dry_run=dry_run)
    context.show(papers.issued(ended, dry_run=dry_run))


def hang_tree(app: typer.Typer) -> None:
    """Hang these commands on `crmkit product`."""
    command(app, "tree", _("The category tree with its products."))(tree)
    app.add_typer(categories, name="category")
    app.add_typer(watching, name="watch")
