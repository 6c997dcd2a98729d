"""Annotation 任务执行标注表: what is done ★, what is open and for how long, what was added ●, what was restated."""

from collections.abc import Sequence
from datetime import date

from crmkit.model.annotation import ItemKind, MarkRestatement, MonthItem
from crmkit.report.page import Block, Column, Fact, Heading, Page, Table, Term, Text
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.papers.headings import unwritten, whose
from crmkit.report.terms import short_day, word
from crmkit.report.words import _, ngettext
from crmkit.rules.annotation import days_open
from crmkit.workflow.list_items import MonthItems
from crmkit.workflow.mark_items import Marked
from crmkit.workflow.restate_marks import Restated

_SHOWN = 40
_DONE = "★"


def annotation(found: MonthItems, *, show_all: bool = False, done_too: bool = False) -> Page:
    """Open items, the longest open first; with `done_too` the finished ones behind them."""
    listed = [*found.open, *(item for item in found.items if item.done and done_too)]
    shown = listed if show_all else listed[:_SHOWN]
    table = _table(shown, found.today)
    more = len(listed) - len(shown)
    blocks: list[Block] = [table]
    if more:
        blocks.append(Text(_("… and {count} more: --all").format(count=more), "note"))
    if found.restatements:
        blocks += [Heading(_("Restatements")), _restatements(found.restatements)]
    return Page(
        title=_("Annotation"),
        subtitle=whose(found.manager, found.month),
        schema="annotation/1",
        facts=tuple(_facts(found)),
        blocks=tuple(blocks),
        data={
            "manager": found.manager.code,
            "month": str(found.month),
            "state": found.state.value if found.state else None,
            "items": [_item_data(item, found.today) for item in found.items],
            "restatements": [_restatement_data(one) for one in found.restatements],
        },
        rows=_table(listed, found.today),
    )


def marked(result: Marked, today: date, *, dry_run: bool = False) -> Page:
    """What was marked, taken back or added."""
    blocks: list[Block] = [_table(result.changed, today)] if result.changed else []
    if result.same:
        codes = _(", ").join(item.code for item in result.same)
        blocks.append(Text(_("That was so before: {codes}").format(codes=codes), "note"))
    return Page(
        title=_("Marked"),
        subtitle=whose(result.manager, result.month),
        schema="marked/1",
        blocks=(*blocks, *unwritten(dry_run=dry_run)),
        data={
            "manager": result.manager.code,
            "month": str(result.month),
            "changed": [_item_data(item, today) for item in result.changed],
            "same": [item.code for item in result.same],
            "dry_run": dry_run,
        },
    )


def restated(results: Sequence[Restated], *, dry_run: bool = False) -> Page:
    """Restatements asked for or decided."""
    rows = tuple((one.asked.id or None, one.item.code, *_asked_cells(one.asked)) for one in results)
    columns = (Column("number", _("No."), "number"), Column("item", _("Item")), *_asked_columns())
    table = Table(columns, rows, empty=_("Nothing to restate: the marks stand so already."))
    first = results[0] if results else None
    return Page(
        title=_("Restatement of marks"),
        subtitle=whose(first.manager, first.asked.month) if first else "",
        schema="mark-restatements/1",
        blocks=(table, *unwritten(dry_run=dry_run)),
        data={"restatements": [{"item": one.item.code, **_restatement_data(one.asked)} for one in results]},
    )


def _facts(found: MonthItems) -> list[Fact]:
    own = [item for item in found.items if item.kind is ItemKind.STRATEGY]
    done = sum(item.done for item in own)
    extra = [item for item in found.items if item.kind is ItemKind.AD_HOC]
    facts = [Fact(_("Service strategies"), _("{done} of {all} done ★").format(done=done, all=len(own)))]
    if extra:
        waiting = sum(not item.done for item in extra)
        told = ngettext("{count} added ●", "{count} added ●", len(extra)).format(count=len(extra))
        facts.append(Fact(_("Ad hoc items"), told + _("; {count} open").format(count=waiting)))
    if found.state:
        facts.append(Fact(_("Month record"), word(found.state)))
    return facts


def _table(items: Sequence[MonthItem], today: date) -> Table:
    columns = (
        Column("item", _("Item")),
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("mark", _("Mark")),
        Column("days", _("Days open"), "number"),
        Column("since", _("Since")),
        Column("text", _("What")),
    )
    return Table(columns, tuple(_row(item, today) for item in items), empty=_("Nothing is open."))


def _row(item: MonthItem, today: date) -> tuple[str | int | date | Term | None, ...]:
    return (
        item.code,
        item.customer.code,
        item.customer.name,
        Term("done" if item.done else "open", _DONE if item.done else ""),
        None if item.done else days_open(item, today),
        Term(item.since.isoformat(), short_day(item.since)),
        words_of(item.words),
    )


def _item_data(item: MonthItem, today: date) -> dict[str, object]:
    return {
        "item": item.code,
        "kind": item.kind.value,
        "customer": item.customer.code,
        "strategy": item.words.code,
        "text": item.words.zh if item.kind is ItemKind.AD_HOC else None,
        "origin": item.origin.value if item.origin else None,
        "done": item.done,
        "done_on": item.done_on.isoformat() if item.done_on else None,
        "since": item.since.isoformat(),
        "days_open": None if item.done else days_open(item, today),
    }


def _asked_columns() -> tuple[Column, ...]:
    return (
        Column("wanted", _("Wanted")),
        Column("state", _("State")),
        Column("by", _("By")),
        Column("reason", _("Reason")),
        Column("answer", _("Answer")),
    )


def _asked_cells(asked: MarkRestatement) -> tuple[str | Term | None, ...]:
    wanted = Term("done" if asked.done else "open", _DONE if asked.done else _("open"))
    by = asked.asked_by + (f" → {asked.decided_by}" if asked.decided_by else "")
    return wanted, Term(asked.state.value, word(asked.state)), by, asked.reason, asked.answer


def _restatements(asked: Sequence[MarkRestatement]) -> Table:
    columns = (Column("number", _("No."), "number"), *_asked_columns())
    return Table(columns, tuple((one.id, *_asked_cells(one)) for one in asked))


def _restatement_data(asked: MarkRestatement) -> dict[str, object]:
    return {
        "number": asked.id,
        "done": asked.done,
        "reason": asked.reason,
        "asked_by": asked.asked_by,
        "asked_at": asked.asked_at,
        "state": asked.state.value,
        "decided_by": asked.decided_by,
        "decided_at": asked.decided_at,
        "answer": asked.answer,
    }

