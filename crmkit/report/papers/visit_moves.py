"""What planning anew moved: old day, new day, why."""

from datetime import date
from typing import Any

from crmkit.model.moving import VisitMove
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.headings import coded, following, unwritten, whose
from crmkit.report.papers.visit_plan import warnings
from crmkit.report.terms import short_day, weekday, word
from crmkit.report.words import _, ngettext
from crmkit.workflow.replan_visits import Replanned


def replanned(result: Replanned, *, show_all: bool = False, dry_run: bool = False) -> Page:
    """The difference to the plan before; all that stays is counted only. Every name with --all."""
    plan = result.plan
    told = warnings(plan, show_all=show_all)
    return Page(
        title=_("Planned anew"),
        subtitle=whose(plan.manager, plan.month),
        schema="visit-moves/1",
        facts=tuple(_facts(result)),
        blocks=(_moves(result), *_days(result), *_other_way(result), *told, *unwritten(dry_run=dry_run)),
        data=_data(result, dry_run=dry_run),
        rows=_moves(result),
    )


def next_step(result: Replanned) -> str:
    """What to type after it."""
    month = result.plan.month
    return following(f"crmkit plan compare --month {month}")


def _facts(result: Replanned) -> list[Fact]:
    new = sum(move.was is None for move in result.moves)
    off = sum(move.becomes is None for move in result.moves)
    facts = [
        Fact(_("From and to"), f"{_first(result).isoformat()} - {result.plan.range.last.isoformat()}"),
        Fact(_("Visits moved"), _moved_words(result)),
        Fact(_("Visits that stay on their day"), str(result.stays + len(result.plan.kept))),
    ]
    told = ((_("Newly planned"), new), (_("Off the plan"), off))
    return facts + [Fact(name, str(count)) for name, count in told if count]


def _first(result: Replanned) -> date:
    """The first day that could change: the past is past."""
    return max(result.plan.range.first, result.plan.range.start)


def _moved_words(result: Replanned) -> str:
    if not result.moved:
        return "0"
    if result.fewest:
        return _("{count}; proven: fewer would not do").format(count=result.moved)
    least = result.plan.settled.least_moves
    return _("{count}; at least {least} had to").format(count=result.moved, least=least) if least else str(result.moved)


def _moves(result: Replanned) -> Table:
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("was", _("Old day")),
        Column("becomes", _("New day")),
        Column("reason", _("Why")),
    )
    rows = tuple(_row(result, move) for move in result.moves)
    return Table(columns, rows, title=_("Moved visits"), empty=_("Nothing has to move."))


def _row(result: Replanned, move: VisitMove) -> tuple[Cell, ...]:
    customer = result.plan.known[move.customer]
    reason = Term(move.reason.value, word(move.reason))
    return customer.code, customer.name, day_cell(move.was), day_cell(move.becomes), reason


def day_cell(day: date | None) -> Cell:
    """A day with its weekday for eyes, the ISO date for programs; a dash where there is none."""
    return Term(day.isoformat(), f"{short_day(day)} {weekday(day)}") if day else Term("", "-")


def move_data(move: VisitMove) -> dict[str, Any]:
    """One move as programs read it, with when it was noted and by whom."""
    return {
        "was": move.was and move.was.isoformat(),
        "becomes": move.becomes and move.becomes.isoformat(),
        "reason": move.reason.value,
        "note": move.note or None,
        "at": move.at,
        "actor": move.actor,
    }


def _days(result: Replanned) -> tuple[Block, ...]:
    """How many visits the touched days have now."""
    touched = sorted({day for move in result.moves for day in (move.was, move.becomes) if day})
    if not touched:
        return ()
    columns = (
        Column("date", _("Date")),
        Column("weekday", _("Weekday")),
        Column("gone", _("Gone"), "number"),
        Column("came", _("Moved here"), "number"),
        Column("visits", _("Visits"), "number"),
    )
    rows = tuple(
        (
            day,
            weekday(day),
            sum(move.was == day for move in result.moves),
            sum(move.becomes == day for move in result.moves),
            result.plan.per_day[day],
        )
        for day in touched
    )
    return (Table(columns, rows, title=_("Days that changed")),)


def _other_way(result: Replanned) -> tuple[Block, ...]:
    if not result.by_method:
        return ()
    told = [
        f"{result.plan.known[now.customer].code} {result.plan.known[now.customer].name} {short_day(now.day)} "
        f"{word(now.method)}"
        for _before, now in result.by_method
    ]
    said = ngettext("{count} visit is made in another way: ", "{count} visits are made in another way: ", len(told))
    return (Text(said.format(count=len(told)) + _("; ").join(told), "warning"),)


def _data(result: Replanned, *, dry_run: bool) -> dict[str, Any]:
    plan = result.plan
    return {
        "month": str(plan.month),
        "manager": plan.manager.code,
        "from": _first(result).isoformat(),
        "to": plan.range.last.isoformat(),
        "moved": result.moved,
        "at_least": plan.settled.least_moves,
        "fewest": result.fewest,
        "stays": result.stays + len(plan.kept),
        "moves": _moves(result).records(),
        "other_way": [
            {"customer": plan.known[now.customer].code, "date": now.day.isoformat(), "method": now.method.value}
            for _before, now in result.by_method
        ],
        "repairs": [
            {"customer": one.code, "number": one.number, "kind": one.kind.value} for one in plan.settled.repairs
        ],
        "unfit": [{"customer": one.code, "number": one.number, "why": one.misfit.value} for one in plan.settled.unfit],
        "stranded": coded([plan.known[visit.customer] for visit in plan.stranded]),
        "dry_run": dry_run,
    }
