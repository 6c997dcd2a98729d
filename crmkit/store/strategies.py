"""Service strategies of a month."""

from collections.abc import Iterable

from crmkit.model.month import Month
from crmkit.model.strategy import Strategy, StrategyOrigin, StrategyState
from crmkit.store.connection import Store

_SELECT = """SELECT s.customer, s.code, s.origin, s.cause, s.text, s.state, s.id
             FROM strategy s JOIN customer c ON c.id=s.customer"""


def of_manager(store: Store, manager: int, month: Month) -> list[Strategy]:
    """All strategies of a manager's customers, by customer code, in the order they were made."""
    rows = store.rows(
        f"{_SELECT} WHERE c.manager=? AND s.month=? ORDER BY c.code, s.id", (manager, str(month))
    )
    return [_strategy(row) for row in rows]


def of_customer(store: Store, customer: int, month: Month) -> list[Strategy]:
    rows = store.rows(f"{_SELECT} WHERE s.customer=? AND s.month=? ORDER BY s.id", (customer, str(month)))
    return [_strategy(row) for row in rows]


def replace_generated(store: Store, manager: int, month: Month, strategies: Iterable[Strategy]) -> None:
    """Write generated strategies in place of the generated ones before; those written by hand stay."""
    wanted = {(s.customer, s.code, s.cause): s for s in strategies}
    for old in of_manager(store, manager, month):
        key = (old.customer, old.code, old.cause)
        if old.origin is StrategyOrigin.HAND:
            continue
        if key in wanted and wanted[key].origin is old.origin:
            del wanted[key]
        else:
            store.execute("DELETE FROM strategy WHERE id=?", (old.id,))
    store.executemany(
        "INSERT INTO strategy(customer, month, code, origin, cause, text) VALUES (?,?,?,?,?,?)",
        [(s.customer, str(month), s.code, s.origin.value, s.cause, s.text) for s in wanted.values()],
    )


def set_state(store: Store, key: int, state: StrategyState) -> None:
    store.execute("UPDATE strategy SET state=? WHERE id=? AND state<>?", (state.value, key, state.value))


def _strategy(row: tuple[int, str, str, str, str | None, str, int]) -> Strategy:
    return Strategy(row[0], row[1], StrategyOrigin(row[2]), row[3], row[4], StrategyState(row[5]), row[6])
