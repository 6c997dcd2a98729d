"""Visit facts: one record per customer and day."""

from datetime import date
from typing import Any

from crmkit.model.customer import VisitMethod
from crmkit.model.visit import MissReason, Visit
from crmkit.store.connection import Store

_SELECT = """SELECT customer, manager, day, visited, method, miss_reason, ad_hoc, arrived, left_, anomaly, opinion,
                    effect, id, planned FROM visit"""


def on_day(store: Store, manager: int, day: date) -> list[Visit]:
    return [
        _visit(row)
        for row in store.rows(f"{_SELECT} WHERE manager=? AND day=? ORDER BY id", (manager, day.isoformat()))
    ]


def between(store: Store, manager: int, first: date, last: date) -> list[Visit]:
    """A manager's records from first to last, both included."""
    rows = store.rows(
        f"{_SELECT} WHERE manager=? AND day BETWEEN ? AND ? ORDER BY day, id",
        (manager, first.isoformat(), last.isoformat()),
    )
    return [_visit(row) for row in rows]


def of_portfolio(store: Store, manager: int, first: date, last: date) -> list[Visit]:
    """The records of the customers a manager has now, whoever visited them then."""
    rows = store.rows(
        f"{_SELECT} WHERE customer IN (SELECT id FROM customer WHERE manager=?) AND day BETWEEN ? AND ? "
        "ORDER BY day, id",
        (manager, first.isoformat(), last.isoformat()),
    )
    return [_visit(row) for row in rows]


def of_customer(store: Store, customer: int, first: date, last: date) -> list[Visit]:
    """One customer's records, whoever visited him."""
    sql = f"{_SELECT} WHERE customer=? AND day BETWEEN ? AND ? ORDER BY day"
    return [_visit(row) for row in store.rows(sql, (customer, first.isoformat(), last.isoformat()))]


def find(store: Store, customer: int, day: date) -> Visit | None:
    row = store.one(f"{_SELECT} WHERE customer=? AND day=?", (customer, day.isoformat()))
    return None if row is None else _visit(row)


def standing_for(store: Store, planned: int) -> list[Visit]:
    """The records made for, or instead of, a planned visit."""
    return [_visit(row) for row in store.rows(f"{_SELECT} WHERE planned=? ORDER BY day", (planned,))]


def stand_for_nothing(store: Store, planned: int) -> None:
    """A planned visit is no longer another day's: the visit made instead of it is one more."""
    store.execute("UPDATE visit SET planned=NULL WHERE planned=?", (planned,))


def last_real(store: Store, manager: int, before: date) -> dict[int, Visit]:
    """The last visit that took place before a day, by customer, whatever its method."""
    rows = store.rows(
        f"""{_SELECT} WHERE id IN (
              SELECT v.id FROM visit v JOIN customer c ON c.id=v.customer
              WHERE c.manager=? AND v.visited=1 AND v.day<? AND v.day=(
                SELECT max(w.day) FROM visit w WHERE w.customer=v.customer AND w.visited=1 AND w.day<?))""",
        (manager, before.isoformat(), before.isoformat()),
    )
    return {row[0]: _visit(row) for row in rows}


def typed_at(store: Store, manager: int, first: date, last: date) -> dict[int, str]:
    """When each record of a manager's days was first typed in, by its key; those of a migrated file may lack it."""
    rows = store.rows(
        """SELECT v.id, min(o.at) FROM visit v JOIN change c ON c.tbl='visit' AND c.key=v.id AND c.kind='I'
           JOIN operation o ON o.seq=c.op WHERE v.manager=? AND v.day BETWEEN ? AND ? GROUP BY v.id""",
        (manager, first.isoformat(), last.isoformat()),
    )
    return dict(rows)


def add(store: Store, visit: Visit, planned: int | None) -> int:
    cursor = store.execute(
        "INSERT INTO visit(customer, manager, day, visited, method, miss_reason, ad_hoc, arrived, left_, anomaly, "
        "opinion, effect, planned) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (*_cells(visit), planned),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def correct(store: Store, visit: Visit) -> None:
    """Write over the record `visit.id`; the change log keeps what stood there."""
    store.execute(
        """UPDATE visit SET customer=?, manager=?, day=?, visited=?, method=?, miss_reason=?, ad_hoc=?, arrived=?,
           left_=?, anomaly=?, opinion=?, effect=? WHERE id=?""",
        (*_cells(visit), visit.id),
    )


def _cells(visit: Visit) -> tuple[Any, ...]:
    return (
        visit.customer, visit.manager, visit.day.isoformat(), int(visit.visited), visit.method.value,
        visit.miss_reason and visit.miss_reason.value, int(visit.ad_hoc), visit.arrived, visit.left,
        visit.anomaly, visit.opinion, visit.effect,
    )  # fmt: skip


def _visit(row: tuple[Any, ...]) -> Visit:
    return Visit(
        customer=row[0], manager=row[1], day=date.fromisoformat(row[2]), visited=bool(row[3]),
        method=VisitMethod(row[4]), miss_reason=MissReason(row[5]) if row[5] else None,
        ad_hoc=bool(row[6]), arrived=row[7], left=row[8],
        anomaly=row[9], opinion=row[10], effect=row[11], id=row[12],
        planned=row[13],
    )  # fmt: skip
