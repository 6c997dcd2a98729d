"""Order lines out of a file into the store, batch by batch, with control totals."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Any

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Field, Kind, Reason, Rejected, VolumeUnit
from crmkit.model.product import UNITS_PER_CASE
from crmkit.sources.reading import ColumnBatch, read_columns
from crmkit.store import customers, products
from crmkit.store.connection import Store
from crmkit.store.orders import Lines, OrderWriter
from crmkit.workflow.import_source import Brought, Progress, Source


def import_orders(
    store: Store, op: int, today: date, source: Source, refused: Container[int], progress: Progress
) -> Brought:
    """Write the order lines of a file. `refused` are lines whose customer or product was rejected before.

    Raises Refusal(BALANCE) when what SQL finds before COMMIT differs from what the file held.
    """
    keys = customers.keys(store), products.keys(store), products.units(store)
    load = _Load(source, OrderWriter(store, op), *keys, today=today.isoformat(), refused=refused)
    for batch in read_columns(source.table, source.layout, Kind.ORDERS):
        load.take(batch)
        progress(len(batch.lines))
    _balance(load.writer)
    load.brought.counted, load.brought.totals = load.writer.counted, load.writer.written
    load.brought.orders = load.writer.orders
    return load.brought


def _balance(writer: OrderWriter) -> None:
    stored = writer.stored_totals()
    for what in ("lines", "volume", "amount"):
        expected, found = getattr(writer.written, what), getattr(stored, what)
        if expected != found:
            raise Refusal(Fault.BALANCE, what=what, expected=expected, found=found)


@dataclass(slots=True)
class _Load:
    """The running state of one file: codes to keys, and what was rejected so far."""

    source: Source
    writer: OrderWriter
    customers: dict[str, int]
    products: dict[str, int]
    units: dict[int, int]
    today: str = ""
    refused: Container[int] = ()
    brought: Brought = field(default_factory=Brought)

    def take(self, batch: ColumnBatch) -> None:
        """Decide on one batch and write what is good."""
        self.brought.rejected += batch.rejected
        self.brought.rows += len(batch.lines) + len(batch.rejected)
        self.brought.skipped += batch.skipped
        columns: dict[Field, Sequence[Any]] = dict(batch.columns)
        lines = batch.lines
        bad = self._bad_places(lines, columns)
        if bad:
            good = [place not in bad for place in range(len(lines))]
            self.brought.rejected += bad.values()
            lines = list(compress(lines, good))
            columns = {name: list(compress(cells, good)) for name, cells in columns.items()}
        if lines:
            self._write(lines, columns)

    def _reject(self, line: int, column: Field, reason: Reason, detail: str = "") -> Rejected:
        return Rejected(line, self.source.layout.heading(column), reason, detail)

    def _bad_places(self, lines: Sequence[int], columns: dict[Field, Sequence[Any]]) -> dict[int, Rejected]:
        """Rows that cannot be written, by place."""
        bad: dict[int, Rejected] = {}
        days = columns[Field.ORDER_DAY]
        if days and max(days) > self.today:
            self._mark(bad, lines, Field.ORDER_DAY, Reason.FUTURE_DATE, days, lambda day: day > self.today)
        for column, keys, reason in (
            (Field.ORDER_CUSTOMER, self.customers, Reason.UNKNOWN_CUSTOMER),
            (Field.ORDER_PRODUCT, self.products, Reason.UNKNOWN_PRODUCT),
        ):
            if not keys.keys() >= set(columns[column]):
                self._mark(bad, lines, column, reason, columns[column], lambda code, keys=keys: code not in keys)
        if self.refused:
            self._mark(bad, lines, Field.ORDER_CUSTOMER, Reason.MASTER_REJECTED, lines, self.refused.__contains__)
        if self.source.layout.volume_unit is not VolumeUnit.CARTON:
            self._convert(bad, lines, columns)
        return bad

    def _convert(self, bad: dict[int, Rejected], lines: Sequence[int], columns: dict[Field, Sequence[Any]]) -> None:
        """Cases and sticks become cartons by each product's own 支/条, exactly or not at all."""
        sticks = UNITS_PER_CASE if self.source.layout.volume_unit is VolumeUnit.CASE else 1
        units = [self.units.get(self.products.get(code, 0), 1) for code in columns[Field.ORDER_PRODUCT]]
        for column in (Field.VOLUME, Field.ALLOWED):
            if column in columns:
                cells = columns[column]
                exact = [c is None or c * sticks % unit == 0 for c, unit in zip(cells, units, strict=True)]
                self._mark(bad, lines, column, Reason.TOO_FINE, exact, lambda is_exact: not is_exact)
                columns[column] = [
                    None if c is None else c * sticks // unit for c, unit in zip(cells, units, strict=True)
                ]

    def _mark(
        self,
        bad: dict[int, Rejected],
        lines: Sequence[int],
        column: Field,
        reason: Reason,
        cells: Sequence[Any],
        test: Any,
    ) -> None:
        for place, cell in enumerate(cells):
            if place not in bad and test(cell):
                bad[place] = self._reject(lines[place], column, reason, str(cell))

    def _write(self, lines: Sequence[int], columns: dict[Field, Sequence[Any]]) -> None:
        count = len(lines)
        numbers = columns.get(Field.ORDER_NUMBER)
        written = Lines(
            days=columns[Field.ORDER_DAY],
            customers=list(map(self.customers.__getitem__, columns[Field.ORDER_CUSTOMER])),
            numbers=[""] * count if numbers is None else [number or "" for number in numbers],
            nos=columns.get(Field.ORDER_LINE),
            products=list(map(self.products.__getitem__, columns[Field.ORDER_PRODUCT])),
            volumes=columns[Field.VOLUME],
            amounts=columns[Field.AMOUNT],
            allowed=columns.get(Field.ALLOWED) or [None] * count,
        )
        for place in self.writer.write(written):
            self.brought.rejected.append(self._reject(lines[place], Field.ORDER_LINE, Reason.REPEATED_LINE))
