"""Dates on which a customer's shop is shut: holidays of the owner, rebuilding, harvest."""

from datetime import date

from crmkit.store.connection import Store

Range = tuple[date, date]


def by_customer(store: Store, customer: int | None = None) -> dict[int, tuple[Range, ...]]:
    """The closed ranges of every customer that has one, or of one customer, by first day."""
    sql = "SELECT customer, first, last FROM closed_range WHERE ?1 IS NULL OR customer=?1 ORDER BY 1, 2, 3"
    found: dict[int, tuple[Range, ...]] = {}
    for key, first, last in store.rows(sql, (customer,)):
        found[key] = (*found.get(key, ()), (date.fromisoformat(first), date.fromisoformat(last)))
    return found


def listed(store: Store, customer: int) -> list[tuple[date, date, str]]:
    """(first, last, reason) of one customer."""
    sql = "SELECT first, last, ifnull(reason, '') FROM closed_range WHERE customer=? ORDER BY first, last"
    return [(date.fromisoformat(a), date.fromisoformat(b), why) for a, b, why in store.rows(sql, (customer,))]


def add(store: Store, customer: int, first: date, last: date, reason: str) -> None:
    store.execute(
        "INSERT INTO closed_range(customer, first, last, reason) VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
        (customer, first.isoformat(), last.isoformat(), reason or None),
    )


def remove(store: Store, customer: int, first: date, last: date) -> int:
    """Take closed ranges back that lie within these dates; returns how many."""
    sql = "DELETE FROM closed_range WHERE customer=? AND first>=? AND last<=?"
    return store.execute(sql, (customer, first.isoformat(), last.isoformat())).rowcount
