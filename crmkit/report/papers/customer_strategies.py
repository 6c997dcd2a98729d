"""Step 7 by hand: one customer's strategies by number, who changed them, what a change brought about."""

from datetime import date
from typing import Any

from crmkit.model.consequence import Follower
from crmkit.model.customer import Frequency
from crmkit.model.document import DocumentState
from crmkit.model.strategy import Strategy, StrategyAction, StrategyEdit
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.consequences import consequence_data, followed
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.papers.feedback import feedback_data, feedback_lines
from crmkit.report.papers.headings import following, unwritten, whose
from crmkit.report.terms import short_day, word
from crmkit.report.words import _, later
from crmkit.workflow.edit_strategy import CustomerStrategies, EditedStrategy

_SAID = {
    StrategyAction.ADD: later("Added as number {number}: {text}"),
    StrategyAction.EDIT: later("Number {number} reworded: {before} → {text}"),
    StrategyAction.DROP: later("Number {number} dropped: {text}"),
    StrategyAction.RESTORE: later("Number {number} is back: {text}"),
}


def customer_strategies(shown: CustomerStrategies) -> Page:
    """The list, nothing changed."""
    return _page(shown, (), {})


def edited_strategy(done: EditedStrategy, *, dry_run: bool = False) -> Page:
    """What was changed, the list as it stands now, and what followed."""
    said = _("That had been done before; nothing was recorded again.") if done.unchanged else _done(done)
    rest = tuple(one for one in done.consequences if one.follower is not Follower.FREQUENCIES)
    blocks = (*_frequencies(done), *followed(rest, done.names), *unwritten(dry_run=dry_run))
    data = {
        "action": done.change.action.value,
        "changed": done.after.number,
        "unchanged": done.unchanged,
        "frequencies": [
            {"customer": code, "before": old, "after": new} for code, old, new in _moved_frequencies(done)
        ],
        "consequences": consequence_data(done.consequences),
        "dry_run": dry_run,
    }
    return _page(done.shown, blocks, data, Text(said))


def next_step(shown: CustomerStrategies) -> str:
    """What to type after it."""
    editable = shown.state in (None, DocumentState.DRAFT)
    return following(f"crmkit plan {'submit' if editable else 'show'} --month {shown.month}")


def _page(shown: CustomerStrategies, after: tuple[Block, ...], data: dict[str, Any], *before: Block) -> Page:
    table = _table(shown)
    return Page(
        title=_("{customer}: strategies").format(customer=f"{shown.customer.code} {shown.customer.name}"),
        subtitle=whose(shown.manager, shown.month),
        schema="customer-strategies/1",
        facts=_facts(shown),
        blocks=(*before, table, *feedback_lines(shown.feedback, {shown.customer.code: shown.customer.name}), *after),
        data={
            "customer": shown.customer.code,
            "manager": shown.manager.code,
            "month": str(shown.month),
            "state": (shown.state or DocumentState.DRAFT).value,
            "counted": shown.counted,
            "frequency": shown.line and shown.line.frequency.value,
            "strategies": [_record(shown, one) for one in shown.listed],
            "feedback": feedback_data(shown.feedback),
            **data,
        },
        rows=table,
    )


def _facts(shown: CustomerStrategies) -> tuple[Fact, ...]:
    facts = [
        Fact(_("State"), word(shown.state or DocumentState.DRAFT)),
        Fact(_("Count for the frequency"), str(shown.counted)),
    ]
    if shown.line:
        facts.append(Fact(_("Visit frequency"), f"{word(shown.line.frequency)} ({word(shown.line.source)})"))
    return tuple(facts)


def _table(shown: CustomerStrategies) -> Table:
    columns = (
        Column("number", _("No."), "number"),
        Column("strategy", _("Strategy")),
        Column("origin", _("From")),
        Column("state", _("State")),
        Column("by_hand", _("By hand")),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.number,
            Term(one.text or one.code, words_of(words)),
            Term(one.origin.value, word(one.origin)),
            Term(one.state.value, word(one.state)),
            _by_hand(shown.edit_of(one)),
        )
        for one, words in zip(shown.listed, shown.words, strict=True)
    )
    return Table(columns, rows, empty=_("No strategy: last in the ranking, not left out."))


def _by_hand(edit: StrategyEdit | None) -> str:
    """Who last changed it, when and why."""
    if edit is None:
        return ""
    day = short_day(date.fromisoformat(edit.at[:10]))
    said = _("{done} by {who}, {day}").format(done=word(edit.action), who=edit.actor, day=day)
    return said + (_(": ") + edit.reason if edit.reason else "")


def _done(done: EditedStrategy) -> str:
    before = words_of(done.was) if done.was else ""
    said = _(_SAID[done.change.action])
    return said.format(number=done.after.number, text=words_of(done.becomes), before=before)


def _frequencies(done: EditedStrategy) -> tuple[Block, ...]:
    """Whose frequency follows: old → new."""
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("before", _("Before")),
        Column("after", _("After")),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (code, done.names.get(code, ""), _frequency(old), _frequency(new))
        for code, old, new in _moved_frequencies(done)
    )
    if rows:
        return (Table(columns, rows, title=_("Visit frequencies that follow")),)
    return () if done.unchanged else (Text(_("No visit frequency moves."), "note"),)


def _moved_frequencies(done: EditedStrategy) -> list[tuple[str, str | None, str | None]]:
    return [
        (code, " ".join(old) or None, " ".join(new) or None)
        for one in done.consequences
        if one.follower is Follower.FREQUENCIES
        for code, old, new in one.turned
    ]


def _frequency(code: str | None) -> Term | None:
    return Term(code, word(Frequency(code))) if code else None


def _record(shown: CustomerStrategies, one: Strategy) -> dict[str, Any]:
    edit = shown.edit_of(one)
    return {
        "number": one.number,
        "code": one.code,
        "origin": one.origin.value,
        "cause": one.cause,
        "state": one.state.value,
        "text": one.text,
        "action": edit and edit.action.value,
        "reason": edit and edit.reason,
        "actor": edit and edit.actor,
        "at": edit and edit.at,
    }
