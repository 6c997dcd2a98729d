"""Restatements of marks: asked for, approved or rejected."""

from typing import Any

from crmkit.model.annotation import ItemKind, MarkRestatement, RestatementState
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.store.connection import Store

_SELECT = """SELECT manager, month, customer, kind, item, done, reason, asked_by, asked_at, state, decided_by,
                    decided_at, answer, id FROM mark_restatement"""


def of_month(store: Store, manager: int, month: Month) -> list[MarkRestatement]:
    rows = store.rows(f"{_SELECT} WHERE manager=? AND month=? ORDER BY id", (manager, str(month)))
    return [_restatement(row) for row in rows]


def by_id(store: Store, key: int) -> MarkRestatement | None:
    row = store.one(f"{_SELECT} WHERE id=?", (key,))
    return None if row is None else _restatement(row)


def ask(store: Store, wanted: MarkRestatement) -> int:
    """Write what is asked for; returns its number."""
    cursor = store.execute(
        "INSERT INTO mark_restatement(manager, month, customer, kind, item, done, reason, asked_by, asked_at) "
        "VALUES (?,?,?,?,?,?,?,?,?)",
        (wanted.manager, str(wanted.month), wanted.customer, wanted.kind.value, wanted.item, int(wanted.done),
         wanted.reason, wanted.asked_by, wanted.asked_at),
    )  # fmt: skip
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def decide(store: Store, key: int, state: RestatementState, act: Act, answer: str | None) -> None:
    store.execute(
        "UPDATE mark_restatement SET state=?, decided_by=?, decided_at=?, answer=? WHERE id=?",
        (state.value, act.actor, act.now.isoformat(timespec="seconds"), answer, key),
    )


def _restatement(row: tuple[Any, ...]) -> MarkRestatement:
    return MarkRestatement(
        row[0], Month.parse(row[1]), row[2], ItemKind(row[3]), row[4], bool(row[5]), row[6], row[7], row[8],
        RestatementState(row[9]), row[10], row[11], row[12], row[13],
    )  # fmt: skip
