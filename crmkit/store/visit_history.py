"""What became of planned visits, read from the change log: how many there ever were, and who touched them last."""

from collections import Counter
from itertools import groupby
from typing import Any

from crmkit.model.dated_visits import VisitHistory
from crmkit.model.month import Month
from crmkit.store.connection import Store

_CELLS = ("customer", "manager", "day")
Owner = tuple[int, int]  # manager, customer


def of_month(store: Store, month: Month) -> dict[Owner, VisitHistory]:
    """By manager and customer: the history of the planned visits that stood in a month."""
    rows = store.rows("SELECT op, key, kind, col, old, new FROM change WHERE tbl='planned_visit' ORDER BY seq")
    told = _Told(month)
    for op, lines in groupby(rows, key=lambda row: row[0]):
        told.take(op, [*lines])
    times = dict(store.rows("SELECT seq, at FROM operation"))
    return {owner: VisitHistory(told.most[owner], op, times.get(op, "")) for owner, op in told.touched.items()}


class _Told:
    """The log retold, operation by operation."""

    def __init__(self, month: Month) -> None:
        self._month = str(month)
        self._rows: dict[Any, dict[str, Any]] = {}
        self._counts: Counter[Owner] = Counter()
        self.most: Counter[Owner] = Counter()
        self.touched: dict[Owner, int] = {}

    def take(self, op: int, lines: list[tuple[Any, ...]]) -> None:
        """All lines of one operation; what counts is how the rows stand after it."""
        before = {key: self._owner(key) for key in {line[1] for line in lines}}
        for _op, key, kind, column, _old, new in lines:
            if kind == "D":
                self._rows.pop(key, None)
            elif column in _CELLS:
                self._rows.setdefault(key, {})[column] = new
        for key, was in before.items():
            self._count(op, was, self._owner(key))
        for owner, count in self._counts.items():
            self.most[owner] = max(self.most[owner], count)

    def _owner(self, key: Any) -> Owner | None:
        row = self._rows.get(key, {})
        if not str(row.get("day", "")).startswith(self._month) or len(row) < len(_CELLS):
            return None
        return row["manager"], row["customer"]

    def _count(self, op: int, was: Owner | None, now: Owner | None) -> None:
        for owner, change in ((was, -1), (now, 1)):
            if owner is not None:
                self._counts[owner] += change
                self.touched[owner] = op
