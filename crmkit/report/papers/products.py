"""Pages about products: list, one, what was set, the category tree, the watch list."""

from collections.abc import Sequence

from crmkit.model.month import Month
from crmkit.model.product import Product, Watched
from crmkit.report.fieldwords import field_word, value_cell, value_word
from crmkit.report.page import Cell, Column, Fact, Page, Table, Term, Text, coded
from crmkit.report.papers.headings import unwritten
from crmkit.report.terms import month_words
from crmkit.report.words import _
from crmkit.rules.categories import Path, shown
from crmkit.workflow.arrange_categories import Arranged, Tree
from crmkit.workflow.issue_watch_list import Issued
from crmkit.workflow.list_products import ProductList, ShownProduct
from crmkit.workflow.set_product import SetProduct


def product_list(found: ProductList) -> Page:
    """Products by code."""
    columns = (
        Column("product", _("Code")),
        Column("name", _("Name")),
        Column("category", _("Category")),
        Column("key_brand", _("Key brand")),
        Column("tar", _("Tar content"), "number"),
        Column("units_per_carton", _("Sticks per carton"), "number"),
        Column("active", _("On sale")),
        Column("watched", _("Watched")),
    )
    rows = tuple(_row(one, found) for one in found.products)
    return Page(
        title=_("Products"),
        schema="products/1",
        facts=(Fact(_("Together"), str(len(rows))),),
        blocks=(Table(columns, rows, empty=_("No products.")),),
    )


def _row(one: Product, found: ProductList) -> tuple[Cell, ...]:
    path = found.paths.get(one.category or 0)
    category = shown(path) if path else None
    return (
        one.code,
        one.name,
        category,
        one.key_brand,
        one.tar,
        one.units_per_carton,
        one.active,
        one.id in found.watched,
    )


def product(found: ShownProduct) -> Page:
    """One product."""
    one = found.product
    facts = [
        Fact(_("Category"), shown(found.path)),
        Fact(_("Key brand"), _("yes") if one.key_brand else _("no")),
        Fact(_("Tar content"), "" if one.tar is None else f"{one.tar:f} mg"),
        Fact(_("Sticks per carton"), str(one.units_per_carton)),
        Fact(_("On sale"), _("yes") if one.active else _("no")),
        Fact(_("Watched"), _(", ").join(map(_range, found.watched))),
        Fact(_("Kept against imports"), _(", ").join(map(field_word, sorted(one.held)))),
    ]
    return Page(
        title=f"{one.code} {one.name}",
        schema="product/1",
        facts=tuple(fact for fact in facts if fact.value),
        data={
            "product": one.code,
            "name": one.name,
            "category": list(found.path),
            "key_brand": one.key_brand,
            "tar": coded(one.tar),
            "units_per_carton": one.units_per_carton,
            "active": one.active,
            "watched": [
                {"first": str(entry.first), "last": str(entry.last) if entry.last else None} for entry in found.watched
            ],
            "held": sorted(one.held),
        },
    )


def _range(entry: Watched) -> str:
    return f"{entry.first}…{entry.last or ''}"


def changed(result: Sequence[SetProduct], *, dry_run: bool) -> Page:
    """Old and new value of every field that changed."""
    columns = (
        Column("product", _("Code")),
        Column("name", _("Name")),
        Column("field", _("Field")),
        Column("before", _("Before")),
        Column("after", _("After")),
    )
    pairs = [(one.product, change) for one in result for change in one.changes]
    rows = tuple(
        (
            one.code,
            one.name,
            Term(change.column, field_word(change.column)),
            value_word(change.column, change.before),
            value_word(change.column, change.after),
        )
        for one, change in pairs
    )
    changes = [
        {
            "product": one.code,
            "field": change.column,
            "before": coded(value_cell(change.column, change.before)),
            "after": coded(value_cell(change.column, change.after)),
        }
        for one, change in pairs
    ]
    return Page(
        title=_("Products changed: {count}").format(count=sum(bool(one.changes) for one in result)),
        schema="product-set/1",
        blocks=(Table(columns, rows, empty=_("Everything stood so already.")), *unwritten(dry_run=dry_run)),
        data={"changes": changes, "dry_run": dry_run},
    )


def tree(found: Tree) -> Page:
    """The category tree, each level set in; products hang on leaves."""
    columns = (Column("category", _("Category")), Column("products", _("Products"), "number"))
    rows = tuple(
        ("　" * (len(path) - 1) + path[-1], count if path in found.leaves else None)
        for path, count in found.counts.items()
    )
    return Page(
        title=_("Category tree"),
        schema="category-tree/1",
        blocks=(Table(columns, rows, empty=_("No categories yet: crmkit product category add '卷烟 > 一类'")),),
        data=[
            {"category": list(path), "leaf": path in found.leaves, "products": count}
            for path, count in found.counts.items()
        ],
    )


def arranged(result: Arranged, *, dry_run: bool) -> Page:
    """A category that was grown, renamed, moved or taken away."""
    facts = [Fact(_("Before"), _path(result.before)), Fact(_("After"), _path(result.after))]
    return Page(
        title=_("Category tree"),
        schema="category/1",
        facts=tuple(facts),
        blocks=unwritten(dry_run=dry_run),
        data={
            "before": list(result.before) if result.before else None,
            "after": list(result.after) if result.after else None,
            "dry_run": dry_run,
        },
    )


def _path(path: Path | None) -> str:
    return shown(path) if path else "-"


def watch_list(month: Month, found: Sequence[tuple[Product, Watched]]) -> Page:
    """The watch list of a month."""
    columns = (
        Column("product", _("Code")),
        Column("name", _("Name")),
        Column("first", _("First month")),
        Column("last", _("Last month")),
    )
    rows = tuple(
        (one.code, one.name, str(entry.first), str(entry.last) if entry.last else None) for one, entry in found
    )
    return Page(
        title=_("Watch list {month}").format(month=month_words(month)),
        schema="watch-list/1",
        blocks=(Table(columns, rows, empty=_("No product is watched in this month.")),),
    )


def issued(result: Issued, *, dry_run: bool) -> Page:
    """Products put on the watch list, or leaving it."""
    names = _("; ").join(f"{one.code} {one.name}" for one in result.products)
    facts = [
        Fact(_("Products"), names),
        Fact(_("First month"), str(result.first) if result.first else ""),
        Fact(_("Last month"), str(result.last) if result.last else _("until further notice")),
    ]
    return Page(
        title=_("Watch list"),
        schema="watch/1",
        facts=tuple(fact for fact in facts if fact.value),
        blocks=(_followed(result), *unwritten(dry_run=dry_run)),
        data={
            "products": [one.code for one in result.products],
            "first": str(result.first) if result.first else None,
            "last": str(result.last) if result.last else None,
            "dry_run": dry_run,
        },
    )


def _followed(result: Issued) -> Text:
    """What targets have to do with it; those that outlive the watch are not taken away silently."""
    if result.first:
        return Text(_("Brand targets are set for these products."))
    if not result.standing:
        return Text(_("No brand target goes on after it."))
    told = _("{count} brand targets go on after it and judge nothing any more: {command}")
    return Text(told.format(count=len(result.standing), command="crmkit analyze target list --all"), "warning")
