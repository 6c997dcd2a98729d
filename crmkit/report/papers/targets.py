"""Steps 3 and 4: brand targets and their target customers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crmkit.model.brand import BrandTarget, RateKind
from crmkit.model.customer import Customer
from crmkit.report.page import Cell, Column, Fact, Page, Table, Term, Text, coded
from crmkit.report.papers.consequences import consequence_data, followed
from crmkit.report.papers.findings import percent
from crmkit.report.papers.headings import coded as codes
from crmkit.report.papers.headings import following, unwritten, whose
from crmkit.report.terms import month_words, word
from crmkit.report.words import _
from crmkit.workflow.set_targets import ChangedTarget, TargetCustomers, TargetList

_SHOWN = 10  # who came on a list or left it; all with --all, in JSON and in spreadsheets


def target_list(found: TargetList) -> Page:
    """Brand targets by product, with the size of their lists."""
    columns = (
        Column("product", _("Code")),
        Column("name", _("Name")),
        Column("first", _("First month")),
        Column("last", _("Last month")),
        *(Column(kind.value, word(kind), "number") for kind in RateKind),
        Column("customers", _("On the list"), "number"),
    )
    rows = tuple(
        (one.code, one.name, str(target.first), str(target.last), *_rates(target), count)
        for one, target, count in found.targets
    )
    said = month_words(found.month) if found.month else _("all months")
    lacking = _(", ").join(f"{one.code} {one.name}" for one in found.untargeted)
    warned = (Text(_("Watched, without a target: ") + lacking, "warning"),) if lacking else ()
    return Page(
        title=_("Brand targets"),
        subtitle=f"{found.manager.name} ({found.manager.code}) · {said}",
        schema="brand-targets/1",
        blocks=(Table(columns, rows, empty=_("No brand target is set.")), *warned),
    )


def changed(result: ChangedTarget, *, dry_run: bool = False) -> Page:
    """Old and new, and what followed."""
    columns = (Column("what", ""), Column("before", _("Before")), Column("after", _("After")))
    pair = (result.before, result.after)
    rows = [
        (_("Months"), *(_range(one) for one in pair)),
        *((word(kind), *(percent(one.rates.get(kind)) if one else "-" for one in pair)) for kind in RateKind),
    ]
    facts = (Fact(_("On the list"), str(result.listed)),) if result.after else ()
    return Page(
        title=f"{result.product.code} {result.product.name}",
        subtitle=_("Brand target of {name} ({code})").format(name=result.manager.name, code=result.manager.code),
        schema="brand-target/1",
        facts=facts,
        blocks=(
            Table(columns, tuple(rows), title=_("Removed") if result.after is None else ""),
            *followed(result.consequences, {**result.names, result.product.code: result.product.name}),
            *unwritten(dry_run=dry_run),
        ),
        data={
            "product": result.product.code,
            "manager": result.manager.code,
            "before": _target_data(result.before),
            "after": _target_data(result.after),
            "customers": result.listed,
            "consequences": consequence_data(result.consequences),
            "dry_run": dry_run,
        },
    )


def next_step(result: ChangedTarget) -> str:
    """Targets are nothing to measure without their customers."""
    if result.after is None or result.listed:
        return following("crmkit analyze target list")
    code, month = result.product.code, result.after.first
    return following(f"crmkit analyze target choose {code} --month {month} --where state=active")


def customers(result: TargetCustomers) -> Page:
    """The list of one target."""
    return _list_page(result, _list(result.customers, empty=_("Nobody is on the list.")), dry_run=False)


def chosen(result: TargetCustomers, *, drop: bool, show_all: bool = False, dry_run: bool = False) -> Page:
    """Whom a command put on the list of a target or took off; the data hold the whole list."""
    if drop:
        moved = _list(result.went, _("Taken off the list"), _("Nobody of them was on the list."))
    else:
        moved = _list(result.came, _("New on the list"), _("Everybody was on the list already."))
    return _list_page(result, moved, dry_run=dry_run, first=None if show_all else _SHOWN)


def _list(who: Sequence[Customer], title: str = "", empty: str = "") -> Table:
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("grade", _("Grade"), "number"),
        Column("market_type", _("Market type")),
        Column("business_type", _("Business type")),
    )
    return Table(columns, tuple(map(_row, who)), title=title if who else "", empty=empty)


def _list_page(result: TargetCustomers, listed: Table, *, dry_run: bool, first: int | None = None) -> Page:
    return Page(
        title=_("Target customers of {code} {name}").format(code=result.product.code, name=result.product.name),
        subtitle=whose(result.manager, result.target.first) + f" … {result.target.last}",
        schema="target-customers/1",
        facts=_facts(result),
        blocks=(
            replace(listed, rows=listed.rows[:first]),
            *_more(listed, first),
            *followed(result.consequences, {**result.names, result.product.code: result.product.name}),
            *unwritten(dry_run=dry_run),
        ),
        data={
            "product": result.product.code,
            "manager": result.manager.code,
            "first": str(result.target.first),
            "last": str(result.target.last),
            "customers": codes(result.customers),
            "came": codes(result.came),
            "went": codes(result.went),
            "consequences": consequence_data(result.consequences),
            "dry_run": dry_run,
        },
        rows=listed,
    )


def _more(listed: Table, first: int | None) -> tuple[Text, ...]:
    more = 0 if first is None else len(listed.rows) - first
    return (Text(_("{count} more; --all shows them.").format(count=more), "note"),) if more > 0 else ()


def _facts(result: TargetCustomers) -> tuple[Fact, ...]:
    on_shelf = percent(result.target.rates.get(RateKind.ON_SHELF))
    return (
        Fact(_("On the list"), str(len(result.customers))),
        Fact(word(RateKind.ON_SHELF), on_shelf),
    )


def _row(one: Customer) -> tuple[Cell, ...]:
    market = Term(one.market_type.value, word(one.market_type)) if one.market_type else None
    business = Term(one.business_type.value, word(one.business_type)) if one.business_type else None
    return one.code, one.name, one.grade, market, business


def _rates(target: BrandTarget) -> list[Cell]:
    return [target.rates.get(kind) for kind in RateKind]


def _range(target: BrandTarget | None) -> str:
    return f"{target.first} … {target.last}" if target else "-"


def _target_data(target: BrandTarget | None) -> dict[str, Any] | None:
    if target is None:
        return None
    rates = {kind.value: coded(target.rates.get(kind)) for kind in RateKind}
    return {"first": str(target.first), "last": str(target.last), **rates}
