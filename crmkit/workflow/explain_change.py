"""Who planned, moved, pinned, skipped or dropped the visits of a customer, when and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from crmkit.model.customer import Customer
from crmkit.model.month import Month
from crmkit.model.moving import VisitMove
from crmkit.store import changes, histories, moves
from crmkit.store.connection import Store
from crmkit.store.histories import LoggedCell


class Happening(StrEnum):
    """What happened to one planned visit."""

    PLANNED = "planned"
    MOVED = "moved"
    REMOVED = "removed"  # planned anew without it
    STATE = "state"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    METHOD = "method"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One line of a planned visit's history. `was` and `becomes` are dates, states or methods as the file has them."""

    operation: int
    at: datetime
    actor: str
    command: str
    happening: Happening
    day: date | None  # the day the visit stood on after it; before it where it was removed
    was: str = ""
    becomes: str = ""
    note: str = ""
    undone: bool = False


_BY_COLUMN = {"state": Happening.STATE, "method": Happening.METHOD, "manager": Happening.HANDED_OVER}


@dataclass(frozen=True, slots=True)
class WhyChange:
    """The history of a customer's visits of a month, the oldest first; `moves` tell why those moved."""

    customer: Customer
    month: Month
    changes: tuple[PlanChange, ...]
    moves: tuple[VisitMove, ...]


def explain_change(store: Store, customer: Customer, month: Month) -> WhyChange:
    """Everything the change log knows of the visits that ever stood in the month. A visit that was planned and
    replaced again is told too.
    """
    found: list[PlanChange] = []
    undone = changes.undone_by(store)
    for _, cells in groupby(histories.of_planned_visits(store, customer.id), key=lambda cell: cell.key):
        told = list(_history(list(cells), undone))
        if any(one.day is not None and one.day in month for one in told):
            found.extend(told)
    found.sort(key=lambda one: one.operation)
    listed = tuple(
        move
        for move in moves.of_customer(store, customer.id)
        if any(day is not None and day in month for day in (move.was, move.becomes))
    )
    return WhyChange(customer, month, tuple(found), listed)


def _history(cells: list[LoggedCell], undone: dict[int, int]) -> Iterable[PlanChange]:
    """One planned visit from its first day to its last."""
    stood: date | None = None
    for operation, changed in groupby(cells, key=lambda cell: (cell.operation, cell.kind)):
        listed = list(changed)
        kind, values = operation[1], {cell.column: cell for cell in listed}
        first = listed[0]
        if "day" in values:
            stood = date.fromisoformat(values["day"].old if kind == "D" else values["day"].new)
        for happening, cell in _told(kind, values):
            yield PlanChange(
                operation=first.operation,
                at=datetime.fromisoformat(first.at),
                actor=first.actor,
                command=first.command,
                happening=happening,
                day=stood,
                was=_text(cell.old),
                becomes=_text(cell.new),
                note=_text(values["note"].new) if "note" in values else "",
                undone=first.operation in undone,
            )


def _told(kind: str, values: dict[str, LoggedCell]) -> list[tuple[Happening, LoggedCell]]:
    """What one operation did to one visit, in words of the plan; a place on the road alone is not told."""
    if kind in ("I", "D"):
        happening = Happening.PLANNED if kind == "I" else Happening.REMOVED
        return [(happening, values["day"])] if "day" in values else []
    told = [(Happening.MOVED, values["day"])] if "day" in values else []
    if "pinned" in values:
        told.append((Happening.PINNED if values["pinned"].new else Happening.UNPINNED, values["pinned"]))
    return told + [(happening, values[column]) for column, happening in _BY_COLUMN.items() if column in values]


def _text(value: object) -> str:
    return "" if value is None else str(value)
