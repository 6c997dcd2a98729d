"""crmkit product: list, show, set, export; the tree and the watch list hang on it from product_tree."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.options import DryRun, EncodingWord, MonthWord
from crmkit.commands.product_tree import hang_tree
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers import products as papers
from crmkit.report.papers.customer_fields import exported
from crmkit.report.words import _
from crmkit.workflow.export_base_data import export_products
from crmkit.workflow.list_products import list_products, show_product
from crmkit.workflow.set_product import set_products

app = group(_("The products: list, show, set, category tree, watch list."))


class Blank(StrEnum):
    """What a product may lack."""

    TAR = "tar"
    CATEGORY = "category"


@command(app, "list", _("The products, all or some."))
def list_(
    ctx: typer.Context,
    category: Annotated[str | None, typer.Option(metavar="PATH", help=_("Only below this category."))] = None,
    key: Annotated[bool, typer.Option("--key", help=_("Only key brands."))] = False,
    watched: Annotated[bool, typer.Option("--watched", help=_("Only the watch list of the month."))] = False,
    without: Annotated[Blank | None, typer.Option(help=_("Only without tar content, or without a category."))] = None,
    month: MonthWord = None,
) -> None:
    context = context_of(ctx)
    found = list_products(
        context.store(), month_of(context, month), category=category, key_brand=key, watched=watched,
        without=without.value if without else None,
    )  # fmt: skip
    context.show(papers.product_list(found))


@command(app, "show", _("One product."))
def show(
    ctx: typer.Context,
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help=_("Code, or a unique part of code or name."))],
) -> None:
    context = context_of(ctx)
    context.show(papers.product(show_product(context.store(), product)))


@command(app, "set", _("Set or clear fields of products by hand; imports keep what was set."))
def set_(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="PRODUCT… FIELD=VALUE…", help=_("Codes, and what to set: P1 tar=8 key_brand=yes")),
    ],
    release: Annotated[
        list[str] | None, typer.Option("--release", metavar="FIELD", help=_("Let imports change this field again."))
    ] = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    typed = [word.replace("＝", "=") for word in words]
    named, fields = [word for word in typed if "=" not in word], [word for word in typed if "=" in word]
    result = set_products(context.store(), context.act(), named, fields, release=release or (), dry_run=dry_run)
    context.show(papers.changed(result, dry_run=dry_run))


@command(app, "export", _("Write all products into a file that import reads back."))
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or XLSX file to make; import reads it back."))],
    encoding: EncodingWord = None,
) -> None:
    context = context_of(ctx)
    context.show(exported(export_products(context.store(), file, encoding)))


hang_tree(app)
