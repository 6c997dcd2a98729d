"""Which fields the printed sheet of a day asked to verify in each shop, in the order of their numbers."""

from collections.abc import Mapping, Sequence
from datetime import date

from crmkit.store.connection import Store

Fields = Mapping[int, Sequence[str]]  # customer → fields, the first is number 1


def note(store: Store, day: date, fields: Fields) -> None:
    """The sheet of a day asks this; what an earlier printing of it asked stays. Inside an operation."""
    store.executemany(
        "INSERT INTO asked(customer, day, number, field) VALUES (?,?,?,?) "
        "ON CONFLICT(customer, day, number) DO NOTHING",
        [
            (customer, day.isoformat(), number, name)
            for customer, names in fields.items()
            for number, name in enumerate(names, start=1)
        ],
    )


def of_day(store: Store, day: date) -> dict[int, tuple[str, ...]]:
    """Customer → what the papers printed for the day asked."""
    sql = "SELECT customer, field FROM asked WHERE day=? ORDER BY customer, number"
    found: dict[int, list[str]] = {}
    for customer, name in store.rows(sql, (day.isoformat(),)):
        found.setdefault(customer, []).append(name)
    return {customer: tuple(names) for customer, names in found.items()}
