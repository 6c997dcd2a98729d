"""Visit debt 欠访: who is owed a visit, since when and why, what repaid it, who forgave it."""

from collections.abc import Sequence
from typing import Any

from crmkit.model.customer import Customer
from crmkit.model.debt import Debt, DebtState, counted
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.headings import coded, following, named, unwritten
from crmkit.report.terms import day_words, short_day, word
from crmkit.report.words import _, ngettext
from crmkit.workflow.forgive_debt import ForgivenDebts
from crmkit.workflow.visit_debt import VisitDebts

_JOINT = " · "


def visit_debts(found: VisitDebts, customer: Customer | None = None, *, show_all: bool = False) -> Page:
    """The open debts, the longest waiting first; those that have ended with `show_all`."""
    who = f"{customer.code} {customer.name}" if customer else f"{found.manager.name} ({found.manager.code})"
    shown = found.debts if show_all else found.open
    return Page(
        title=_("Visit debt"),
        subtitle=_JOINT.join((who, day_words(found.until))),
        schema="visit-debt/1",
        facts=_facts(found),
        blocks=(_table(found, shown, ended=show_all), *_closed(found), *_more(found, show_all=show_all)),
        data=_data(found),
        rows=_rows(found, shown),
    )


def forgiven(done: ForgivenDebts, *, dry_run: bool) -> Page:
    """What was let go."""
    since = _(", ").join(f"{short_day(debt.since)} ({word(debt.why)})" for debt in done.forgiven)
    facts = [
        Fact(_("Forgiven, owed since"), since),
        Fact(_("Reason"), done.reason),
        *([Fact(_("Still owed"), str(len(done.left)))] if done.left else []),
    ]
    return Page(
        title=_("Visit debt forgiven: {code} {name}").format(code=done.customer.code, name=done.customer.name),
        schema="forgiven-debt/1",
        facts=tuple(facts),
        blocks=(Text(_("crmkit db undo takes this back."), "note"), *unwritten(dry_run=dry_run)),
        data={
            "customer": done.customer.code,
            "since": [debt.since.isoformat() for debt in done.forgiven],
            "reason": done.reason,
            "left": len(done.left),
            "dry_run": dry_run,
        },
    )


def next_step(found: VisitDebts) -> str:
    """What to type after it."""
    if not found.open:
        return following("crmkit visit sheet --date next")
    return following(f"crmkit plan best-day {found.known[found.open[0].customer].code}")


def debt_line(open_debts: Sequence[Debt]) -> tuple[Text, ...]:
    """One line for other pages, the oldest debt first, with the command that says more."""
    if not open_debts:
        return ()
    said = ngettext(
        "Visit debt: {count} visit owed to {customers} customers since {day}: crmkit visit debt",
        "Visit debt: {count} visits owed to {customers} customers, the oldest since {day}: crmkit visit debt",
        len(open_debts),
    )
    customers = len({debt.customer for debt in open_debts})
    said = said.format(count=len(open_debts), customers=customers, day=short_day(open_debts[0].since))
    return (Text(said, "warning"),)


def _facts(found: VisitDebts) -> tuple[Fact, ...]:
    counts = counted(found.debts)
    parts = [f"{word(state)} {counts[state]}" for state in DebtState if counts[state]]
    since = (Fact(_("Counted since"), day_words(found.since)),) if found.since else ()
    owed = f"{len(found.debts)}" + (f" = {' + '.join(parts)}" if parts else "")
    return (Fact(_("Owed in all"), owed), Fact(_("Customers waiting"), str(len(found.waiting))), *since)


def _table(found: VisitDebts, shown: tuple[Debt, ...], *, ended: bool) -> Table:
    columns = [
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("since", _("Owed since")),
        Column("why", _("Why")),
        Column("age", _("Days"), "number"),
        *([Column("state", _("What became of it"))] if ended else []),
    ]
    rows = tuple(_row(found, debt)[: len(columns)] for debt in shown)
    return Table(tuple(columns), rows, empty=_("Nobody is owed a visit."))


def _row(found: VisitDebts, debt: Debt) -> tuple[Cell, ...]:
    customer = found.known[debt.customer]
    return customer.code, customer.name, debt.since, word(debt.why), found.age(debt), ending(debt)


def ending(debt: Debt) -> str:
    """repaid on 17 Nov, by phone; forgiven on 18 Nov by 001: moved away."""
    if debt.state is DebtState.OPEN or debt.ended is None:
        return word(debt.state)
    day = short_day(debt.ended)
    if debt.state is DebtState.REPAID and debt.method is not None:
        return _("repaid on {day}, {way}").format(day=day, way=word(debt.method))
    if debt.forgiveness is not None:
        told = debt.forgiveness
        return _("forgiven on {day} by {who}: {reason}").format(day=day, who=told.actor, reason=told.reason)
    return _("expired on {day}: the result of the month was approved").format(day=day)


def _closed(found: VisitDebts) -> tuple[Block, ...]:
    if not found.closed:
        return ()
    return (Text(_("Closed down, so nothing is owed any more: ") + named(found.closed), "note"),)


def _more(found: VisitDebts, *, show_all: bool) -> tuple[Block, ...]:
    hidden = len(found.debts) - len(found.open)
    if show_all or not hidden:
        return ()
    said = ngettext("{count} more has ended (--all).", "{count} more have ended (--all).", hidden)
    return (Text(said.format(count=hidden), "note"),)


def _rows(found: VisitDebts, shown: tuple[Debt, ...]) -> Table:
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("since", _("Owed since")),
        Column("why", _("Why")),
        Column("age", _("Days"), "number"),
        Column("state", _("State")),
        Column("ended", _("Ended")),
    )
    rows = tuple(
        (
            found.known[debt.customer].code,
            found.known[debt.customer].name,
            debt.since,
            Term(debt.why.value, word(debt.why)),
            found.age(debt),
            Term(debt.state.value, word(debt.state)),
            debt.ended,
        )
        for debt in shown
    )
    return Table(columns, rows)


def _data(found: VisitDebts) -> dict[str, Any]:
    counts = counted(found.debts)
    return {
        "manager": found.manager.code,
        "date": found.until.isoformat(),
        "owed": len(found.debts),
        **{state.value: counts[state] for state in DebtState},
        "customers": len(found.waiting),
        "closed": coded(found.closed),
        "debts": [debt_data(found, debt) for debt in found.debts],
    }


def debt_data(found: VisitDebts, debt: Debt) -> dict[str, Any]:
    """One debt in codes."""
    told = debt.forgiveness
    return {
        "customer": found.known[debt.customer].code,
        "since": debt.since.isoformat(),
        "cause": debt.cause.value,
        "why": debt.why.value,
        "working_days": found.age(debt),
        "state": debt.state.value,
        "ended": debt.ended and debt.ended.isoformat(),
        "method": debt.method and debt.method.value,
        "forgiven_by": told and told.actor,
        "reason": told and told.reason,
    }
