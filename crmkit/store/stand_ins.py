"""Who stands in for whom, from one day to another."""

from datetime import date

from crmkit.model.person import StandIn
from crmkit.store.connection import Store


def all(store: Store) -> list[StandIn]:  # noqa: A001 - stand_ins.all reads as it should
    """Every stand-in, the earliest first."""
    rows = store.rows("SELECT id, person, substitute, first, last FROM stand_in ORDER BY first, person")
    return [StandIn(key, a, b, date.fromisoformat(c), date.fromisoformat(d)) for key, a, b, c, d in rows]


def on(store: Store, day: date) -> list[StandIn]:
    """Those that hold on a day."""
    return [one for one in all(store) if one.first <= day <= one.last]


def add(store: Store, person: int, substitute: int, first: date, last: date) -> None:
    store.execute(
        "INSERT INTO stand_in(person, substitute, first, last) VALUES (?,?,?,?)",
        (person, substitute, first.isoformat(), last.isoformat()),
    )


def remove(store: Store, key: int) -> None:
    store.execute("DELETE FROM stand_in WHERE id=?", (key,))
