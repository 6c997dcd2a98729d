"""A restatement: what late orders would change in a month's operating state, and what would follow of it."""

from typing import Any

from crmkit.model.month import Month
from crmkit.model.operating import Quadrant
from crmkit.model.restating import CustomerRestated, LateRows, RowsSeen
from crmkit.report.page import Block, Cell, Column, Fact, Heading, Page, Table, Term, Text, coded
from crmkit.report.papers.consequences import consequence_data, followed
from crmkit.report.papers.headings import whose
from crmkit.report.papers.imports import amount_words, volume_words
from crmkit.report.terms import month_words, word
from crmkit.report.words import _, later
from crmkit.workflow.restate_month import RestatedMonth

_SHOWN = 20
_FIGURES = {
    "volume": later("volume"),
    "amount": later("amount"),
    "orders": later("orders"),
    "products": later("products"),
    "key_products": later("key-brand products"),
    "key_volume": later("key-brand volume"),
    "ordered_limited": later("ordered of what is limited"),
    "allowed": later("allowed quantity"),
}


def restatement(made: RestatedMonth, *, show_all: bool = False) -> Page:
    """Old and new side by side; nothing was written."""
    table = _customers(made)
    shown = table if show_all else Table(table.columns, table.rows[:_SHOWN], table.title, table.empty)
    more = len(table.rows) - len(shown.rows)
    blocks: list[Block] = [_rows(made)]
    blocks += [_late(made.found.late)] if made.found.late else []
    blocks += [_quadrants(made)] if made.found.quadrants else []
    blocks.append(shown)
    blocks += [Text(_("and {count} more: --all").format(count=more), "note")] if more else []
    blocks += _followed(made)
    blocks.append(Text(_("Nothing was written: what is computed stays as it is."), "note"))
    return Page(
        title=_("Restatement"),
        subtitle=whose(made.portfolio.manager, made.portfolio.month),
        schema="restatement/1",
        facts=_facts(made),
        blocks=tuple(blocks),
        data=_data(made),
        rows=table,
    )


def _facts(made: RestatedMonth) -> tuple[Fact, ...]:
    kept = made.found.computing
    if kept is None:
        told = _("by an older crmkit, which did not keep it; compute again to keep it")
        return (Fact(_("Computed"), told),)
    by_orders = sum(bool(one.moved) for one in made.found.customers)
    return (
        Fact(_("Computed"), f"{kept.at[:16].replace('T', ' ')} · {kept.actor} · {kept.policy}"),
        Fact(_("Order rows since then"), _("the same") if made.found.same_rows else _("others")),
        Fact(_("Customers otherwise"), _("{count}, of them {own} by their own orders").format(
            count=len(made.found.customers), own=by_orders)),
    )  # fmt: skip


def _rows(made: RestatedMonth) -> Table:
    columns = (
        Column("month", _("Month")),
        Column("what", _("Order rows")),
        Column("old", _("computed from"), "number"),
        Column("new", _("now"), "number"),
    )
    kept = {one.month: one for one in made.found.computing.rows} if made.found.computing else {}
    rows = tuple(row for now in made.found.rows for row in _row_lines(now.month, kept.get(now.month), now))
    return Table(columns, rows, title=_("Rows seen"))


def _row_lines(month: Month, old: RowsSeen | None, new: RowsSeen) -> list[tuple[Cell, ...]]:
    def pair(name: str, told: str, words: Any) -> tuple[Cell, ...]:
        was = words(getattr(old, name)) if old else "-"
        return Term(str(month), month_words(month)), Term(name, told), was, words(getattr(new, name))

    return [
        pair("lines", _("lines"), str),
        pair("volume", _("volume"), volume_words),
        pair("amount", _("amount"), amount_words),
    ]


def _late(late: tuple[LateRows, ...]) -> Table:
    columns = (
        Column("operation", _("Operation"), "number"),
        Column("at", _("When")),
        Column("actor", _("Who")),
        Column("command", _("Command")),
        Column("lines", _("Order lines"), "number"),
    )
    rows = tuple((one.op, one.at[:16].replace("T", " "), one.actor, one.command, one.lines or None) for one in late)
    return Table(columns, rows, title=_("What came since"))


def _quadrants(made: RestatedMonth) -> Table:
    columns = (Column("old", _("Old")), Column("new", _("New")), Column("count", _("Customers"), "number"))
    moved = sorted(made.found.quadrants.items(), key=lambda one: (-one[1], str(one[0])))
    return Table(columns, tuple((_place(old), _place(new), n) for (old, new), n in moved), title=_("Quadrants moved"))


def _customers(made: RestatedMonth) -> Table:
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("effect", _("Operating effect")),
        Column("quadrant", _("Quadrant")),
        Column("weak", _("Weak")),
        Column("why", _("Why")),
    )
    rows = tuple(_customer(made, one) for one in made.found.customers)
    return Table(columns, rows, title=_("Customers"), empty=_("Nothing would be otherwise."))


def _customer(made: RestatedMonth, one: CustomerRestated) -> tuple[Cell, ...]:
    customer = made.customers[one.customer]
    old, new = one.quadrant
    place = f"{_said(old)} → {_said(new)}" if old is not new else _said(new)
    weak = [f"+{word(item)}" for item in one.weak_came] + [f"−{word(item)}" for item in one.weak_went]
    return (
        customer.code,
        customer.name,
        " → ".join("-" if score is None else f"{score:.1f}" for score in one.effect),
        place,
        _(", ").join(weak),
        _why(one) if made.found.computing else "",
    )


def _why(one: CustomerRestated) -> str:
    """own orders: October 2026 volume 20 → 25; or its peers moved."""
    if not one.moved:
        return _("its peers moved")
    month, name, old, new = next((move for move in one.moved if move[1] == "volume"), one.moved[0])
    told = f"{month_words(month)} {_(_FIGURES[name])} {_figure(name, old)} → {_figure(name, new)}"
    return told + (_(" and {count} figures more").format(count=len(one.moved) - 1) if len(one.moved) > 1 else "")


def _figure(name: str, value: int) -> str:
    if name == "amount":
        return amount_words(value)
    return volume_words(value) if name in ("volume", "key_volume", "ordered_limited", "allowed") else str(value)


def _followed(made: RestatedMonth) -> list[Block]:
    if not made.found.consequences:
        return []
    names = {one.code: one.name for one in made.customers.values()}
    return [Heading(_("If the later steps were made now")), *followed(made.found.consequences, names)]


def _said(place: Quadrant | None) -> str:
    return word(place) if place else "-"


def _place(place: Quadrant | None) -> Term:
    return Term(place.value if place else "none", _said(place))


def _data(made: RestatedMonth) -> dict[str, Any]:
    kept, found = made.found.computing, made.found
    return {
        "month": str(made.portfolio.month),
        "manager": made.portfolio.manager.code,
        "computed": {"at": kept.at, "actor": kept.actor, "policy": kept.policy, "through": kept.through,
                     "rows": [_seen(one) for one in kept.rows]} if kept else None,
        "rows": [_seen(one) for one in found.rows],
        "same_rows": found.same_rows,
        "late": [{"operation": one.op, "at": one.at, "actor": one.actor, "command": one.command, "lines": one.lines}
                 for one in found.late],
        "quadrants_moved": sum(found.quadrants.values()),
        "customers": [_customer_data(made, one) for one in found.customers],
        "consequences": consequence_data(found.consequences),
    }  # fmt: skip


def _seen(one: RowsSeen) -> dict[str, Any]:
    return {
        "month": str(one.month),
        "orders": one.orders,
        "lines": one.lines,
        "volume": volume_words(one.volume),
        "amount": amount_words(one.amount),
        "digest": one.digest,
    }


def _customer_data(made: RestatedMonth, one: CustomerRestated) -> dict[str, Any]:
    return {
        "customer": made.customers[one.customer].code,
        "effect": [coded(score) for score in one.effect],
        "quadrant": [place.value if place else None for place in one.quadrant],
        "weak_came": [item.value for item in one.weak_came],
        "weak_went": [item.value for item in one.weak_went],
        "moved": [
            {"month": str(month), "figure": name, "old": _figure(name, old), "new": _figure(name, new)}
            for month, name, old, new in one.moved
        ],
    }
