"""When somebody last made sure of a customer's field."""

from collections.abc import Iterable
from datetime import date

from crmkit.store.connection import Store


def note(store: Store, customer: int, fields: Iterable[str], day: date) -> None:
    """These fields of a customer were looked at on that day; an earlier day never replaces a later one."""
    store.executemany(
        "INSERT INTO verified(customer, field, day) VALUES (?,?,?) ON CONFLICT(customer, field) "
        "DO UPDATE SET day=excluded.day WHERE day<excluded.day",
        [(customer, field, day.isoformat()) for field in fields],
    )


def by_customer(store: Store) -> dict[int, dict[str, date]]:
    """Customer → field → the day it was last verified."""
    found: dict[int, dict[str, date]] = {}
    for customer, field, day in store.rows("SELECT customer, field, day FROM verified ORDER BY id"):
        found.setdefault(customer, {})[field] = date.fromisoformat(day)
    return found
