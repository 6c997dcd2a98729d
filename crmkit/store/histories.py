"""What the change log knows of the planned visits of one customer."""

from dataclasses import dataclass
from typing import Any

from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class LoggedCell:
    """One cell of one planned visit as an operation changed it."""

    operation: int
    at: str
    actor: str
    command: str
    key: int
    kind: str  # I, U, D
    column: str
    old: Any
    new: Any


_SELECT = """SELECT c.op, o.at, o.actor, o.command, c.key, c.kind, c.col, c.old, c.new
    FROM change c JOIN operation o ON o.seq=c.op WHERE c.tbl='planned_visit' AND c.key=? ORDER BY c.seq"""
_KEYS = """SELECT id FROM planned_visit WHERE customer=?1 UNION
    SELECT key FROM change WHERE tbl='planned_visit' AND col='customer' AND (new=?1 OR old=?1)"""


def of_planned_visits(store: Store, customer: int) -> list[LoggedCell]:
    """Every change of every visit ever planned for a customer, visit by visit, each in the order it happened."""
    keys = [key for (key,) in store.rows(f"{_KEYS} ORDER BY 1", (customer,))]
    return [LoggedCell(*row) for key in keys for row in store.rows(_SELECT, (key,))]
