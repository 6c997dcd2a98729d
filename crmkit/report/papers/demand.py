"""Step 1, direct demand: what was asked for, what is confirmed, who is missing; one customer's questionnaire."""

from typing import Any

from crmkit.model.customer import Customer
from crmkit.model.demand import Lacking, Questionnaire, Wish
from crmkit.model.document import DocumentState
from crmkit.model.month import Month
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.consequences import consequence_data, followed
from crmkit.report.papers.headings import coded, following, named, unwritten, whose
from crmkit.report.papers.imports import volume_words
from crmkit.report.terms import day_words, month_words, short_day, word
from crmkit.report.words import _, language
from crmkit.workflow.take_demand import DirectDemand

_SHOWN = 10


def listed(found: DirectDemand, *, dry_run: bool = False) -> Page:
    """Every questionnaire of the month."""
    table = _table(found, tuple(found.questionnaires.values()))
    return Page(
        title=_("Direct demand"),
        subtitle=whose(found.portfolio.manager, found.portfolio.month),
        schema="direct-demand/1",
        facts=_facts(found),
        blocks=(table, *unwritten(dry_run=dry_run)),
        data=_data(found, dry_run=dry_run),
        rows=table,
    )


def missing(found: DirectDemand, *, show_all: bool = False) -> Page:
    """Who has no questionnaire, and why; who is not confirmed."""
    columns = (Column("customer", _("Code")), Column("name", _("Name")), Column("why", _("Waits for")))
    rows = tuple((one.customer.code, one.customer.name, Term(one.why, word(one.why))) for one in found.missing)
    table = Table(columns, rows, empty=_("Every valid customer has a questionnaire."))
    shown = table if show_all else Table(columns, rows[:_SHOWN], empty=table.empty)
    more = len(rows) - len(shown.rows)
    blocks: list[Block] = [shown]
    blocks += [Text(_("and {count} more: --all").format(count=more), "note")] if more > 0 else []
    blocks += _unconfirmed(found)
    return Page(
        title=_("Direct demand: missing"),
        subtitle=whose(found.portfolio.manager, found.portfolio.month),
        schema="demand-missing/1",
        facts=_facts(found),
        blocks=tuple(blocks),
        data=_data(found, dry_run=False),
        rows=table,
    )


def written(found: DirectDemand, *, dry_run: bool = False) -> Page:
    """What a command entered or confirmed."""
    table = _table(found, found.changed)
    late = _("It came online after the cut-off and counts for {month}.")
    month = month_words(found.portfolio.month)
    notes = (Text(late.format(month=month), "warning"),) if found.late else ()
    nothing = () if found.changed else (Text(_("Nothing changed."), "note"),)
    return Page(
        title=_("Direct demand"),
        subtitle=whose(found.portfolio.manager, found.portfolio.month),
        schema="direct-demand/1",
        facts=_facts(found),
        blocks=(
            *((table,) if found.changed else nothing),
            *notes,
            *followed(found.consequences, {one.code: one.name for one in found.customers.values()}),
            *unwritten(dry_run=dry_run),
        ),
        data=_data(found, dry_run=dry_run),
        rows=table,
    )


def other_month(found: DirectDemand, usual: Month) -> str:
    """An entry went to another month than the commands of step 1 mean without --month."""
    said = _("Written for {month}, not for {usual}: the time to enter it for {usual} is over. See it: {command}")
    month = found.portfolio.month
    command = f"crmkit analyze demand list --month {month}"
    return said.format(month=month_words(month), usual=month_words(usual), command=command)


def one(found: DirectDemand, customer: Customer) -> Page:
    """One customer's questionnaire, line by line."""
    record = found.questionnaires.get(customer.id)
    columns = (Column("kind", _("Kind")), Column("what", _("Wanted")), Column("cartons", _("Cartons"), "number"))
    rows: list[tuple[Cell, ...]] = []
    if record:
        products = found.products
        rows += [(Term("product", _("product")), _product(found, line.product), volume_words(line.volume))
                 for line in record.lines if line.product in products]  # fmt: skip
        rows += [(Term("wish", _("service wish")), _wish(found, wish), "") for wish in record.wishes]
    empty = _("Nothing is wanted.") if record else _("There is no questionnaire of this month.")
    facts = _record_facts(record) if record else ()
    return Page(
        title=f"{customer.code} {customer.name}",
        subtitle=month_words(found.portfolio.month),
        schema="questionnaire/1",
        facts=facts,
        blocks=(Table(columns, tuple(rows), empty=empty),),
        data={"customer": customer.code, **(_record(found, record) if record else {"came_on": None})},
    )


def in_one_line(found: DirectDemand, customer: Customer) -> str:
    """1003 Corner Shop: P1 Gold 5; delivery."""
    record = found.questionnaires.get(customer.id)
    lines = [
        f"{_product(found, line.product)} {volume_words(line.volume)}"
        for line in (record.lines if record else ())
        if line.product in found.products
    ]
    wishes = [_wish(found, wish) for wish in (record.wishes if record else ())]
    said = _("; ").join((*lines, *wishes)) or _("Nothing is wanted.")
    return f"{customer.code} {customer.name}{_(': ')}{said}"


def next_step(found: DirectDemand) -> str:
    """What to type after it."""
    month = found.portfolio.month
    if found.state in (None, DocumentState.DRAFT):
        if found.unconfirmed:
            return following(f"crmkit analyze demand confirm --all --month {month}")
        if found.missing:
            return following(f"crmkit analyze demand missing --month {month}")
    return following(f"crmkit status --month {month}")


def by_hand(found: DirectDemand) -> str:
    """How the first of those missing is entered; a file may bring many."""
    first, month = found.missing[0].customer.code, found.portfolio.month
    told = _("By hand: {command}; by file: crmkit import FILE")
    return told.format(command=f"crmkit analyze demand enter {first} --month {month}")


def _facts(found: DirectDemand) -> tuple[Fact, ...]:
    valid = len(found.portfolio.valid)
    there = sum(key in found.portfolio.by_id for key in found.questionnaires)
    return (
        Fact(_("Questionnaires"), _("{count} of {all} valid customers").format(count=there, all=valid)),
        Fact(_("Confirmed"), str(there - len(found.unconfirmed))),
        Fact(_("Not confirmed"), str(len(found.unconfirmed))),
        Fact(_("Missing"), _missing_words(found)),
        Fact(_("Online up to"), day_words(found.cut_off)),
        Fact(_("By hand up to"), day_words(found.deadline)),
    )


def _missing_words(found: DirectDemand) -> str:
    """171: by hand 160, awaited online 11."""
    counts = {why: sum(one.why is why for one in found.missing) for why in Lacking}
    parts = [f"{word(why)} {count}" for why, count in counts.items() if count]
    return str(len(found.missing)) + (_(" (") + _(", ").join(parts) + _(")") if parts else "")


def _unconfirmed(found: DirectDemand) -> list[Block]:
    if not found.unconfirmed:
        return []
    customers = [found.customers[record.customer] for record in found.unconfirmed]
    return [Text(_("Not confirmed: ") + named(customers, first=_SHOWN))]


def _table(found: DirectDemand, records: tuple[Questionnaire, ...]) -> Table:
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("came_on", _("Came on")),
        Column("channel", _("How")),
        Column("lines", _("Products"), "number"),
        Column("cartons", _("Cartons"), "number"),
        Column("wishes", _("Wishes")),
        Column("confirmed", _("Confirmed")),
    )
    rows = tuple(_row(found, record) for record in records if record.customer in found.customers)
    return Table(columns, rows, empty=_("No questionnaire of this month yet."))


def _row(found: DirectDemand, record: Questionnaire) -> tuple[Cell, ...]:
    customer = found.customers[record.customer]
    wishes = _(", ").join(_kind(found, wish) for wish in record.wishes)
    return (
        customer.code,
        customer.name,
        Term(record.came_on.isoformat(), short_day(record.came_on)),
        Term(record.channel, word(record.channel)),
        len(record.lines),
        volume_words(sum(line.volume for line in record.lines)),
        Term(" ".join(wish.kind for wish in record.wishes), wishes),
        Term("yes", _("yes")) if record.confirmed else Term("no", _("no")),
    )


def _record_facts(record: Questionnaire) -> tuple[Fact, ...]:
    by = f"{record.confirmed_by} {(record.confirmed_at or '')[:16].replace('T', ' ')}"
    return (
        Fact(_("Came on"), day_words(record.came_on)),
        Fact(_("How"), word(record.channel)),
        Fact(_("Confirmed"), by if record.confirmed else _("no")),
    )


def _product(found: DirectDemand, key: int) -> str:
    return f"{found.products[key].code} {found.products[key].name}"


def _kind(found: DirectDemand, wish: Wish) -> str:
    """送货需求: what stands before the colon in the catalogue."""
    entry = found.catalogue.get(f"demand.{wish.kind}")
    if entry is None:
        return wish.kind
    return entry.zh.partition("：")[0] if language() == "zh" else entry.en.partition(":")[0]


def _wish(found: DirectDemand, wish: Wish) -> str:
    return _kind(found, wish) + (_(": ") + wish.note if wish.note else "")


def _record(found: DirectDemand, record: Questionnaire) -> dict[str, Any]:
    products = found.products
    return {
        "came_on": record.came_on.isoformat(),
        "channel": record.channel.value,
        "confirmed": record.confirmed,
        "confirmed_by": record.confirmed_by,
        "confirmed_at": record.confirmed_at,
        "lines": [{"product": products[one.product].code, "cartons": volume_words(one.volume)} for one in record.lines],
        "wishes": [{"kind": wish.kind, "note": wish.note} for wish in record.wishes],
    }


def _data(found: DirectDemand, *, dry_run: bool) -> dict[str, Any]:
    known = found.customers
    codes = {key: known[key].code for key in found.questionnaires if key in known}
    return {
        "month": str(found.portfolio.month),
        "manager": found.portfolio.manager.code,
        "valid": len(found.portfolio.valid),
        "cut_off": found.cut_off.isoformat(),
        "deadline": found.deadline.isoformat(),
        "missing": [{"customer": one.customer.code, "why": one.why.value} for one in found.missing],
        "unconfirmed": coded(known[one.customer] for one in found.unconfirmed),
        "changed": [codes[one.customer] for one in found.changed],
        "late": found.late,
        "consequences": consequence_data(found.consequences),
        "questionnaires": [
            {"customer": code, **_record(found, found.questionnaires[key])} for key, code in codes.items()
        ],
        "dry_run": dry_run,
    }
