"""Owed visits that stand on no day, and visit debts forgiven."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crmkit.model.debt import Forgiveness, UnfitVisit
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.planning import Misfit
from crmkit.store.connection import Store

_SELECT = "SELECT customer, manager, month, since, number, week, why FROM unfit_visit"
_OF_MANAGER = "customer IN (SELECT id FROM customer WHERE manager=?)"


def unfit_of_month(store: Store, manager: int, month: Month) -> list[UnfitVisit]:
    """What the manager's plans of a month put on no day."""
    rows = store.rows(f"{_SELECT} WHERE manager=? AND month=? ORDER BY customer, number", (manager, str(month)))
    return [_unfit(row) for row in rows]


def replace_unfit(store: Store, manager: int, month: Month, found: Iterable[UnfitVisit]) -> None:
    """Keep what the newest plan of a month put on no day; rows that stay are not written again."""
    wanted = {(one.customer, one.number): one for one in found}
    for one in unfit_of_month(store, manager, month):
        if wanted.get((one.customer, one.number)) == one:
            del wanted[one.customer, one.number]
        else:
            sql = "DELETE FROM unfit_visit WHERE customer=? AND month=? AND number=?"
            store.execute(sql, (one.customer, str(month), one.number))
    store.executemany(
        "INSERT INTO unfit_visit(customer, manager, month, since, number, week, why) VALUES (?,?,?,?,?,?,?)",
        [
            (
                one.customer,
                one.manager,
                str(month),
                one.since.isoformat(),
                one.number,
                one.week and one.week.isoformat(),
                one.misfit.value,
            )
            for one in wanted.values()
        ],
    )


def unfit_of_portfolio(store: Store, manager: int) -> list[UnfitVisit]:
    """Of the customers a manager has now, whoever planned them."""
    return [_unfit(row) for row in store.rows(f"{_SELECT} WHERE {_OF_MANAGER} ORDER BY since, number", (manager,))]


def may_owe(store: Store, customer: int) -> bool:
    """Has a visit of this customer ever failed? Nobody else is owed one."""
    missed, unfit = "SELECT 1 FROM visit WHERE customer=?1 AND visited=0", "SELECT 1 FROM unfit_visit WHERE customer=?1"
    sql = f"SELECT EXISTS({missed}) OR EXISTS({unfit})"
    return bool(store.value(sql, (customer,)))


def forgive(store: Store, act: Act, customer: int, since: Iterable[date], reason: str) -> None:
    """Keep that the visits owed since these days need not be made up."""
    store.executemany(
        "INSERT INTO forgiven_debt(customer, since, reason, at, actor) VALUES (?,?,?,?,?)",
        [(customer, day.isoformat(), reason, act.now.isoformat(timespec="seconds"), act.actor) for day in since],
    )


def forgiven_of_portfolio(store: Store, manager: int) -> list[Forgiveness]:
    """Of the customers a manager has now, whoever forgave."""
    sql = f"SELECT customer, since, reason, actor, at FROM forgiven_debt WHERE {_OF_MANAGER} ORDER BY since"
    return [
        Forgiveness(customer, date.fromisoformat(since), reason, actor, date.fromisoformat(at[:10]))
        for customer, since, reason, actor, at in store.rows(sql, (manager,))
    ]


def _unfit(row: tuple[Any, ...]) -> UnfitVisit:
    customer, manager, month, since, number, week, why = row
    return UnfitVisit(
        customer,
        manager,
        Month.parse(month),
        date.fromisoformat(since),
        number,
        date.fromisoformat(week) if week else None,
        Misfit(why),
    )
