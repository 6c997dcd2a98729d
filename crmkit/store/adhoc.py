"""Ad hoc items ● of customers: added when they came up, done or still open."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crmkit.model.evening import AdHocItem
from crmkit.store.connection import Store

_SELECT = "SELECT i.customer, i.manager, i.day, i.text, i.done_on, i.id FROM ad_hoc_item i"


def between(store: Store, manager: int, first: date, last: date) -> list[AdHocItem]:
    """The items a manager added from first to last, both included."""
    sql = f"{_SELECT} WHERE i.manager=? AND i.day BETWEEN ? AND ? ORDER BY i.day, i.id"
    return [_item(row) for row in store.rows(sql, (manager, first.isoformat(), last.isoformat()))]


def open_of(store: Store, manager: int) -> list[AdHocItem]:
    """What is open with the customers a manager has now, the oldest first."""
    sql = f"{_SELECT} JOIN customer c ON c.id=i.customer WHERE c.manager=? AND i.done_on IS NULL ORDER BY i.day, i.id"
    return [_item(row) for row in store.rows(sql, (manager,))]


def waiting_at(store: Store, manager: int, day: date) -> list[AdHocItem]:
    """What was open at the end of a day with the customers a manager has now, the oldest first."""
    sql = f"""{_SELECT} JOIN customer c ON c.id=i.customer
              WHERE c.manager=?1 AND i.day<=?2 AND (i.done_on IS NULL OR i.done_on>?2) ORDER BY i.day, i.id"""
    return [_item(row) for row in store.rows(sql, (manager, day.isoformat()))]


def done_between(store: Store, manager: int, first: date, last: date) -> list[AdHocItem]:
    """The items of a manager that were done from first to last, both included."""
    sql = f"{_SELECT} WHERE i.manager=? AND i.done_on BETWEEN ? AND ? ORDER BY i.done_on, i.id"
    return [_item(row) for row in store.rows(sql, (manager, first.isoformat(), last.isoformat()))]


def of_customer(store: Store, customer: int) -> list[AdHocItem]:
    return [_item(row) for row in store.rows(f"{_SELECT} WHERE i.customer=? ORDER BY i.day, i.id", (customer,))]


def add(store: Store, items: Iterable[AdHocItem]) -> None:
    """Add items; one of the same day and words stays as it is."""
    store.executemany(
        "INSERT INTO ad_hoc_item(customer, manager, day, text, done_on) VALUES (?,?,?,?,?) "
        "ON CONFLICT(customer, day, text) DO NOTHING",
        [(i.customer, i.manager, i.day.isoformat(), i.text, i.done_on and i.done_on.isoformat()) for i in items],
    )


def finish(store: Store, keys: Iterable[int], day: date | None) -> None:
    """Mark items done on a day; None opens them again."""
    done = None if day is None else day.isoformat()
    store.executemany("UPDATE ad_hoc_item SET done_on=? WHERE id=?", [(done, key) for key in keys])


def _item(row: tuple[Any, ...]) -> AdHocItem:
    done = None if row[4] is None else date.fromisoformat(row[4])
    return AdHocItem(row[0], row[1], date.fromisoformat(row[2]), row[3], done, row[5])
