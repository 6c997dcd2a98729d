"""What was answered when a month was opened."""

from collections.abc import Iterable

from crmkit.model.month import Month
from crmkit.model.opening import Answer, Mark, Matter
from crmkit.store.connection import Store


def of_month(store: Store, manager: int, month: Month) -> list[Answer]:
    """Every answer that stands, in the order they were first given."""
    rows = store.rows(
        """SELECT matter, subject, basis, mark, asked, actor, at, note FROM opening_answer
           WHERE manager=? AND month=? ORDER BY id""",
        (manager, str(month)),
    )
    return [
        Answer(Matter(matter), subject, basis, Mark(mark), bool(asked), actor, at, note)
        for matter, subject, basis, mark, asked, actor, at, note in rows
    ]


def write(store: Store, manager: int, month: Month, answers: Iterable[Answer]) -> None:
    """Keep answers; one to the same point before is written over."""
    store.executemany(
        """INSERT INTO opening_answer(manager, month, matter, subject, basis, mark, asked, actor, at, note)
           VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT(manager, month, matter, subject) DO UPDATE SET
           basis=excluded.basis, mark=excluded.mark, asked=excluded.asked, actor=excluded.actor, at=excluded.at,
           note=excluded.note""",
        [
            (manager, str(month), one.matter.value, one.subject, one.basis, one.mark.value, int(one.asked), one.actor,
             one.at, one.note)
            for one in answers
        ],
    )  # fmt: skip


def forget(store: Store, manager: int, month: Month, matters: Iterable[Matter]) -> None:
    """Take answers back, so that they are asked again."""
    rows = [(manager, str(month), one.value) for one in matters]
    store.executemany("DELETE FROM opening_answer WHERE manager=? AND month=? AND matter=?", rows)
