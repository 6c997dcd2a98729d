"""Visits that left their day, as they happened."""

from collections.abc import Iterable
from datetime import date

from crmkit.model.month import Month
from crmkit.model.moving import MoveReason, VisitMove
from crmkit.model.operation import Act
from crmkit.store.connection import Store

_SELECT = "SELECT customer, was, becomes, reason, note, at, actor FROM visit_move"


def add(store: Store, act: Act, manager: int, moved: Iterable[VisitMove]) -> None:
    """Keep moves with who made them, and when."""
    at = act.now.isoformat(timespec="seconds")
    store.executemany(
        "INSERT INTO visit_move(customer, manager, was, becomes, reason, note, at, actor) VALUES (?,?,?,?,?,?,?,?)",
        [
            (one.customer, manager, _iso(one.was), _iso(one.becomes), one.reason.value, one.note or None, at, act.actor)
            for one in moved
        ],
    )


def of_customer(store: Store, customer: int) -> list[VisitMove]:
    """All moves of a customer's visits, in the order they were made."""
    return [_move(row) for row in store.rows(f"{_SELECT} WHERE customer=? ORDER BY id", (customer,))]


def skipped(store: Store, manager: int, first: date, last: date) -> list[VisitMove]:
    """Visits of these days that a person took off the plan."""
    rows = store.rows(
        f"{_SELECT} WHERE manager=? AND reason=? AND was BETWEEN ? AND ? ORDER BY id",
        (manager, MoveReason.SKIPPED.value, first.isoformat(), last.isoformat()),
    )
    return [_move(row) for row in rows]


def since(store: Store, manager: int, month: Month, op: int) -> list[VisitMove]:
    """Moves of a month's visits that were made after operation `op`, in their order."""
    rows = store.rows(
        f"{_SELECT} WHERE manager=?1 AND (substr(was,1,7)=?2 OR substr(becomes,1,7)=?2) AND id IN "
        "(SELECT key FROM change WHERE tbl='visit_move' AND kind='I' AND op>?3) ORDER BY id",
        (manager, str(month), op),
    )
    return [_move(row) for row in rows]


def skipped_of_portfolio(store: Store, manager: int) -> list[VisitMove]:
    """All visits taken off by a person, of the customers a manager has now."""
    rows = store.rows(
        f"{_SELECT} WHERE customer IN (SELECT id FROM customer WHERE manager=?) AND reason=? ORDER BY id",
        (manager, MoveReason.SKIPPED.value),
    )
    return [_move(row) for row in rows]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _move(row: tuple[int, str | None, str | None, str, str | None, str, str]) -> VisitMove:
    customer, was, becomes, reason, note, at, actor = row
    return VisitMove(customer, _day(was), _day(becomes), MoveReason(reason), note or "", at, actor)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
