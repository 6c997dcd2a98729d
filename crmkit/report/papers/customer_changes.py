"""Pages about customers that were changed by hand: set, handed over, merged; and who may be one shop twice."""

from collections.abc import Sequence

from crmkit.model.customer import Customer
from crmkit.report.fieldwords import field_word, value_cell, value_word
from crmkit.report.page import Block, Column, Fact, Page, Table, Term, Text, coded
from crmkit.report.papers.headings import coded as codes
from crmkit.report.papers.headings import named, unwritten
from crmkit.report.terms import short_day, word
from crmkit.report.words import _
from crmkit.rules.duplicates import Pair
from crmkit.rules.load import Load
from crmkit.workflow.merge_customers import Merged
from crmkit.workflow.set_customer import SetCustomer
from crmkit.workflow.transfer_customers import Transfer

_ARROW = " → "


def changed(result: Sequence[SetCustomer], *, dry_run: bool) -> Page:
    """Old and new value of every field that changed, and the visits that fell away."""
    rows = tuple(
        (
            one.customer.code,
            one.customer.name,
            Term(change.column, field_word(change.column)),
            value_word(change.column, change.before),
            value_word(change.column, change.after),
        )
        for one in result
        for change in one.changes
    )
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("field", _("Field")),
        Column("before", _("Before")),
        Column("after", _("After")),
    )
    cancelled = [(one.customer, visit) for one in result for visit in one.cancelled]
    return Page(
        title=_("Customers changed: {count}").format(count=sum(bool(one.changes) for one in result)),
        schema="customer-set/1",
        facts=tuple(_cancelled_facts(result)),
        blocks=(Table(columns, rows, empty=_("Everything stood so already.")), *unwritten(dry_run=dry_run)),
        data={
            "changes": [
                {
                    "customer": one.customer.code,
                    "field": change.column,
                    "before": coded(value_cell(change.column, change.before)),
                    "after": coded(value_cell(change.column, change.after)),
                }
                for one in result
                for change in one.changes
            ],
            "cancelled": [{"customer": c.code, "date": visit.day.isoformat()} for c, visit in cancelled],
            "dry_run": dry_run,
        },
    )


def _cancelled_facts(result: Sequence[SetCustomer]) -> list[Fact]:
    days = [
        f"{one.customer.code} {one.customer.name}: " + _(", ").join(short_day(visit.day) for visit in one.cancelled)
        for one in result
        if one.cancelled
    ]
    return [Fact(_("Visits cancelled"), _("; ").join(days))] if days else []


def transferred(result: Transfer, *, dry_run: bool) -> Page:
    """Who is whose now, and what went along."""
    count = len(result.customers)
    facts = [
        Fact(_("Customers"), f"{count}: {named(result.customers)}" if count else "0"),
        Fact(_("Former manager"), _from(result)),
        Fact(_("Open visits that go along"), str(len(result.visits))),
        Fact(_("Customers now"), f"{result.load.customers} / {result.load.limit}"),
    ]
    blocks: list[Block] = []
    if result.stayed:
        blocks.append(Text(_("Already with this manager: {names}").format(names=named(result.stayed)), "note"))
    if result.visits:
        blocks.append(Text(_("Plan the days anew: crmkit plan visits --manager {code}").format(code=result.to.code)))
    return Page(
        title=_("Handed over to {name} ({code})").format(name=result.to.name, code=result.to.code),
        schema="customer-transfer/1",
        facts=tuple(fact for fact in facts if fact.value),
        blocks=(*blocks, *unwritten(dry_run=dry_run)),
        data={
            "to": result.to.code,
            "customers": codes(result.customers),
            "stayed": codes(result.stayed),
            "visits": len(result.visits),
            "load": result.load.customers,
            "limit": result.load.limit,
            "dry_run": dry_run,
        },
    )


def _from(result: Transfer) -> str:
    owners = {one.manager for one in result.customers if one.manager}
    return _("; ").join(f"{result.former[key].name} ({result.former[key].code})" for key in sorted(owners))


def too_many(load: Load) -> str:
    """A manager has more customers than the policy lets one have."""
    text = _("{name} has {count} customers, {over} more than base_data.customers_per_manager of the policy ({limit}).")
    return text.format(name=load.person.name, count=load.customers, over=load.over, limit=load.limit)


def merged(result: Merged, *, dry_run: bool) -> Page:
    """What moved from one customer to the other, and what went."""
    moved = _("; ").join(f"{_table_word(table)} {count}" for table, count in result.moved.items())
    gone = _("; ").join(f"{_table_word(clash.table)} {clash.when}" for clash in result.gone)
    filled = _("; ").join(f"{field_word(name)} {value_word(name, value)}" for name, value in result.filled.items())
    facts = (
        Fact(_("Stays"), _one(result.keep)),
        Fact(_("Goes"), _one(result.drop)),
        Fact(_("Moved"), moved or "-"),
        Fact(_("Of both, those of the one who goes are dropped"), gone),
        Fact(_("Blanks filled"), filled),
        Fact(_("Given ways forgotten: they led to the one who goes"), str(result.ways or "")),
    )
    note = _("In files to come, code {drop} means {keep}.").format(drop=result.drop.code, keep=result.keep.code)
    return Page(
        title=_("One customer out of two"),
        schema="customer-merge/1",
        facts=tuple(fact for fact in facts if fact.value),
        blocks=(Text(note), *unwritten(dry_run=dry_run)),
        data={
            "keep": result.keep.code,
            "drop": result.drop.code,
            "moved": result.moved,
            "dropped": [{"table": clash.table, "key": clash.when} for clash in result.gone],
            "filled": sorted(result.filled),
            "ways": result.ways,
            "dry_run": dry_run,
        },
    )


def _table_word(table: str) -> str:
    words = {
        "orders": _("orders"),
        "visit": _("visits"),
        "planned_visit": _("planned visits"),
        "visit_move": _("moved visits"),
        "unfit_visit": _("owed visits without a day"),
        "forgiven_debt": _("forgiven visit debts"),
        "score": _("ability scores"),
        "strategy": _("strategies"),
        "effect": _("operating effects"),
        "problem": _("problems"),
        "key_candidate": _("key list"),
        "frequency_line": _("frequency list"),
        "own_value": _("own fields"),
        "own_held": _("own fields kept by hand"),
        "verified": _("dates verified"),
        "closed_range": _("closed dates"),
    }
    return words.get(table, table)


def _one(customer: Customer) -> str:
    return f"{customer.code} {customer.name}"


def duplicates(pairs: Sequence[Pair]) -> Page:
    """Pairs that may be one shop, strongest first."""
    columns = (
        Column("first", _("Code")),
        Column("first_name", _("Name")),
        Column("second", _("Second code")),
        Column("second_name", _("Second name")),
        Column("reasons", _("Why")),
    )
    rows = tuple((p.first.code, p.first.name, p.second.code, p.second.name, _why(p)) for p in pairs)
    then = _("Nothing is merged by itself. One shop? crmkit customer merge KEEP DROP --dry-run")
    return Page(
        title=_("Perhaps one shop twice: {count}").format(count=len(pairs)),
        schema="customer-duplicates/1",
        blocks=(
            Table(columns, rows, empty=_("No two customers look like one.")),
            *((Text(then, "note"),) if pairs else ()),
        ),
        data=[
            {"first": p.first.code, "second": p.second.code, "reasons": [reason.value for reason in p.reasons]}
            for p in pairs
        ],
    )


def _why(pair: Pair) -> str:
    return _("; ").join(word(reason) for reason in pair.reasons)
