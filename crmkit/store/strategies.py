"""Service strategies of a month, and what people changed of them."""

from collections.abc import Iterable
from datetime import date

from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.strategy import Strategy, StrategyAction, StrategyEdit, StrategyOrigin, StrategyState
from crmkit.store.connection import Store

_SELECT = """SELECT s.customer, s.code, s.origin, s.cause, s.text, s.state, s.id, ifnull(s.number, 0)
             FROM strategy s JOIN customer c ON c.id=s.customer"""
_ORDER = "ORDER BY c.code, s.number IS NULL, s.number, s.id"


def of_manager(store: Store, manager: int, month: Month) -> list[Strategy]:
    """All strategies of a manager's customers, by customer code and number."""
    rows = store.rows(f"{_SELECT} WHERE c.manager=? AND s.month=? {_ORDER}", (manager, str(month)))
    return [_strategy(row) for row in rows]


def of_customer(store: Store, customer: int, month: Month) -> list[Strategy]:
    rows = store.rows(f"{_SELECT} WHERE s.customer=? AND s.month=? {_ORDER}", (customer, str(month)))
    return [_strategy(row) for row in rows]


def replace_all(store: Store, manager: int, month: Month, wanted: Iterable[Strategy]) -> None:
    """Write a manager's strategies of a month in place of those kept; what is equal stays untouched."""
    listed = list(wanted)
    standing = {one.id: one for one in of_manager(store, manager, month)}
    staying = {one.id for one in listed}
    store.executemany("DELETE FROM strategy WHERE id=?", [(key,) for key in standing if key not in staying])
    moved = [one for one in listed if one.id and standing.get(one.id) != one]
    store.executemany(
        "UPDATE strategy SET origin=?, text=?, state=?, number=? WHERE id=?",
        [(one.origin.value, one.text, one.state.value, one.number or None, one.id) for one in moved],
    )
    for one in listed:
        if not one.id:
            add(store, month, one)


def add(store: Store, month: Month, one: Strategy) -> None:
    store.execute(
        "INSERT INTO strategy(customer, month, code, origin, cause, text, state, number) VALUES (?,?,?,?,?,?,?,?)",
        (one.customer, str(month), one.code, one.origin.value, one.cause, one.text, one.state.value,
         one.number or None),
    )  # fmt: skip


def set_state(store: Store, key: int, state: StrategyState) -> None:
    store.execute("UPDATE strategy SET state=? WHERE id=? AND state<>?", (state.value, key, state.value))


def set_text(store: Store, key: int, text: str | None) -> None:
    store.execute("UPDATE strategy SET text=?1 WHERE id=?2 AND text IS NOT ?1", (text, key))


def note_edit(store: Store, act: Act, month: Month, edit: StrategyEdit) -> None:
    """Keep who changed a strategy, when and why."""
    store.execute(
        """INSERT INTO strategy_edit(customer, month, code, cause, action, reason, before, actor, at)
           VALUES (?,?,?,?,?,?,?,?,?)""",
        (edit.customer, str(month), edit.code, edit.cause, edit.action.value, edit.reason, edit.before, act.actor,
         act.now.isoformat(timespec="seconds")),
    )  # fmt: skip


def edits(store: Store, month: Month, *, manager: int | None = None, customer: int | None = None) -> list[StrategyEdit]:
    """Changes by hand of a month, of one manager's customers or of one customer, oldest first."""
    rows = store.rows(
        """SELECT e.customer, e.code, e.cause, e.action, e.reason, e.actor, e.at, e.before
           FROM strategy_edit e JOIN customer c ON c.id=e.customer
           WHERE e.month=?1 AND (?2 IS NULL OR c.manager=?2) AND (?3 IS NULL OR e.customer=?3) ORDER BY e.id""",
        (str(month), manager, customer),
    )
    return [StrategyEdit(row[0], row[1], row[2], StrategyAction(row[3]), *row[4:]) for row in rows]


def _strategy(row: tuple[int, str, str, str, str | None, str, int, int]) -> Strategy:
    customer, code, origin, cause, text, state, key, number = row
    return Strategy(customer, code, StrategyOrigin(origin), cause, text, StrategyState(state), key, number)


def marked_on(store: Store, manager: int, month: Month) -> dict[int, date]:
    """When each finished strategy of a month was marked: on the day of the visit it was typed in with, else on the
    day it was typed. One without a trace in the log is left out.
    """
    rows = store.rows(
        """WITH mark AS (SELECT key AS id, max(op) AS op FROM change
                         WHERE tbl='strategy' AND col='state' AND new='done' GROUP BY key)
           SELECT s.id, coalesce((SELECT max(v.day) FROM change d JOIN visit v ON v.id=d.key
                                  WHERE d.op=mark.op AND d.tbl='visit' AND v.customer=s.customer),
                                 substr(o.at, 1, 10))
           FROM strategy s JOIN customer c ON c.id=s.customer JOIN mark ON mark.id=s.id
                JOIN operation o ON o.seq=mark.op
           WHERE c.manager=? AND s.month=? AND s.state='done'""",
        (manager, str(month)),
    )
    return {key: date.fromisoformat(day) for key, day in rows}
