"""Orders in bulk: headers and lines written in batches of tuples, compared with what is stored, counted again.

An order is (day, customer, number), a line its number within: the same product may stand in it twice. A line stored
with the same values is unchanged, with others it is updated, which the change log notes. In a file without line
numbers a line is known by its product: its place among the rows says nothing, as rows are refused, mended, left out.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crmkit.model.importing import Counted, Totals
from crmkit.store.connection import Store

_INSERT_LINE = "INSERT INTO line(orders, no, product, volume, amount, allowed, op) VALUES (?,?,?,?,?,?,?)"
_STORED_LINE = "SELECT product, volume, amount, allowed, op FROM line WHERE orders=? AND no=?"
_STORED_LINES = "SELECT no, product, volume, amount, allowed FROM line WHERE orders=? ORDER BY no"
_UPDATE_LINE = "UPDATE line SET product=?, volume=?, amount=?, allowed=? WHERE orders=? AND no=?"
_KEPT_CELLS = 1000
Key = tuple[str, int, str]


@dataclass(slots=True)
class Lines:
    """Order lines as columns; `numbers` or `nos` is None when the file has no such column."""

    days: Sequence[str]
    customers: Sequence[int]
    numbers: Sequence[str]
    nos: Sequence[int] | None
    products: Sequence[int]
    volumes: Sequence[int]
    amounts: Sequence[int]
    allowed: Sequence[int | None]


class _Orders(dict[Key, int]):
    """The key of each order, looked up once; an order not stored gets the next key and waits to be written."""

    def __init__(self, store: Store, op: int) -> None:
        super().__init__()
        self.store, self.op = store, op
        self.first_new: int = store.value("SELECT ifnull(max(id), 0) + 1 FROM orders")
        self.next = self.first_new
        self.waiting: list[tuple[Any, ...]] = []

    def __missing__(self, key: Key) -> int:
        found: int | None = None
        if self.first_new > 1:
            found = self.store.value("SELECT id FROM orders WHERE day=? AND customer=? AND number=?", key)
        if found is None:
            found, self.next = self.next, self.next + 1
            self.waiting.append((found, *key, self.op))
        self[key] = found
        return found

    def write(self) -> None:
        self.store.executemany("INSERT INTO orders(id, day, customer, number, op) VALUES (?,?,?,?,?)", self.waiting)
        self.waiting.clear()


@dataclass(slots=True)
class OrderWriter:
    """Writes the lines of one operation batch by batch and adds up what it wrote."""

    store: Store
    op: int
    counted: Counted = field(default_factory=Counted)
    written: Totals = field(default_factory=Totals)  # of the new and changed lines, by the file's figures
    _orders: _Orders = field(init=False)
    _last_no: dict[int, int] = field(default_factory=dict)
    _unclaimed: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)  # stored lines no row is of yet
    _older: set[int] = field(default_factory=set)  # orders of earlier operations that this one met
    _met: Counter[int] = field(default_factory=Counter)  # how many lines of them
    _changed: set[tuple[int, int]] = field(default_factory=set)
    cells: list[tuple[int, int, str, Any, Any]] = field(default_factory=list)  # order, line, column, old, new

    def __post_init__(self) -> None:
        self._orders = _Orders(self.store, self.op)

    @property
    def orders(self) -> int:
        """How many different orders the lines so far belong to."""
        return len(self._orders)

    def write(self, lines: Lines) -> list[int]:
        """Write one batch; returns the places of lines this operation has already met with other values."""
        keys = zip(lines.days, lines.customers, lines.numbers, strict=True)
        ids = list(map(self._orders.__getitem__, keys))
        self._orders.write()
        nos = lines.nos if lines.nos is not None else self._numbers(ids, lines)
        columns = (lines.products, lines.volumes, lines.amounts, lines.allowed)
        rows = list(zip(ids, nos, *columns, [self.op] * len(ids), strict=True))
        older = {order for order in set(ids) if order < self._orders.first_new}
        self._older |= older
        if older:
            self._met.update(order for order in ids if order in older)
        if not older and self._insert(rows):
            self._count(Counted(new=len(rows)), Totals(len(rows), sum(lines.volumes), sum(lines.amounts)))
            return []
        return [place for place, row in enumerate(rows) if not self._place(row)]

    def _numbers(self, ids: Sequence[int], lines: Lines) -> list[int]:
        """Line numbers for a file without: the stored line of the same product, or the next one of the order."""
        rows = zip(ids, lines.products, lines.volumes, lines.amounts, lines.allowed, strict=True)
        return [self._following(row[0]) if row[0] >= self._orders.first_new else self._stored_no(*row) for row in rows]

    def _stored_no(self, order: int, *line: int | None) -> int:
        """The number of a line in an order of an earlier operation: equal lines first, then of the same product."""
        if order not in self._unclaimed:
            self._unclaimed[order] = found = self.store.rows(_STORED_LINES, (order,))
            self._last_no[order] = found[-1][0] if found else 0
        stored = self._unclaimed[order]
        same = [row for row in stored if row[1:4] == line[:3]] or [row for row in stored if row[1] == line[0]]
        if not same:
            return self._following(order)
        stored.remove(same[0])
        return int(same[0][0])

    def _following(self, order: int) -> int:
        self._last_no[order] = number = self._last_no.get(order, 0) + 1
        return number

    def _count(self, counted: Counted, totals: Totals = Totals()) -> None:  # noqa: B008 - frozen
        self.counted, self.written = self.counted.plus(counted), self.written.plus(totals)

    def _insert(self, rows: list[tuple[Any, ...]]) -> bool:
        """Write a batch at once; False, with nothing written, when one of its lines is there already."""
        self.store.execute("SAVEPOINT lines")
        try:
            self.store.executemany(_INSERT_LINE, rows)
        except sqlite3.IntegrityError:
            self.store.execute("ROLLBACK TO lines")
            return False
        finally:
            # a full disk has ended the transaction and the savepoint with it
            if self.store.connection.in_transaction:
                self.store.execute("RELEASE lines")
        return True

    def _place(self, row: tuple[Any, ...]) -> bool:
        """Write one line, or find it stored; False when this operation wrote it with other values."""
        order, no, product, volume, amount, allowed, _op = row
        stored = self.store.one(_STORED_LINE, (order, no))
        if stored is None:
            self.store.execute(_INSERT_LINE, row)
            self._count(Counted(new=1), Totals(1, volume, amount))
            return True
        wanted = (product, volume, amount, stored[3] if allowed is None else allowed)
        if stored[:4] == wanted:
            self._count(Counted(unchanged=1))
            return True
        if stored[4] == self.op or (order, no) in self._changed:
            return False
        self.store.execute(_UPDATE_LINE, (*wanted, order, no))
        self._changed.add((order, no))
        if len(self.cells) < _KEPT_CELLS:
            pairs = zip(("product", "volume", "amount", "allowed"), stored[:4], wanted, strict=True)
            self.cells += [(order, no, column, old, new) for column, old, new in pairs if old != new]
        self._count(Counted(changed=1), Totals(1, volume, amount))
        return True

    def standing(self) -> list[int]:
        """Orders of earlier operations with more lines than this one brought: what is not in the file stays."""
        sql = "SELECT count(*) FROM line WHERE orders=?"
        return [order for order, met in sorted(self._met.items()) if self.store.value(sql, (order,)) > met]

    def stored_totals(self) -> Totals:
        """What SQL finds of this operation's lines: the control totals before COMMIT."""
        found = self._totals("WHERE orders>=? AND op=?", (self._orders.first_new, self.op))
        for order in self._older:
            found = found.plus(self._totals("WHERE orders=? AND op=?", (order, self.op)))
        for order, no in self._changed:
            found = found.plus(self._totals("WHERE orders=? AND no=?", (order, no)))
        return found

    def _totals(self, where: str, values: tuple[int, ...]) -> Totals:
        sql = f"SELECT count(*), ifnull(sum(volume), 0), ifnull(sum(amount), 0) FROM line {where}"
        row = self.store.one(sql, values)
        assert row is not None
        return Totals(*row)


def describe_line(store: Store, order: int) -> str:
    """An order as people name it: day/customer/number."""
    sql = "SELECT o.day||'/'||c.code||'/'||o.number FROM orders o JOIN customer c ON c.id=o.customer WHERE o.id=?"
    return str(store.value(sql, (order,)))


def every_line(store: Store, first: date | None = None, last: date | None = None) -> Iterator[tuple[Any, ...]]:
    """Lines between two days: number, line, day, customer's and product's code, volume, amount, allowed; one by one."""
    sql = """SELECT o.number, l.no, o.day, c.code, p.code, l.volume, l.amount, l.allowed
        FROM orders o JOIN customer c ON c.id=o.customer JOIN line l ON l.orders=o.id JOIN product p ON p.id=l.product
        WHERE o.day BETWEEN ? AND ? ORDER BY o.day, c.code, o.number, l.no"""
    between = (first.isoformat() if first else "0000", last.isoformat() if last else "9999")
    yield from store.execute(sql, between)


def days(store: Store) -> tuple[str, str] | None:
    """The first and the last day with an order; None without any."""
    row = store.one("SELECT min(day), max(day) FROM orders")
    return None if row is None or row[0] is None else (row[0], row[1])
