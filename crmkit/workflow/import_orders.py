"""Order lines out of a file into the store, batch by batch, with control totals."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import compress
from typing import Any

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import STICKS, CellChange, Field, Kind, Notice, Reason, Rejected, VolumeUnit
from crmkit.model.ownfield import AnyField
from crmkit.rules.importing import bare_twins, padded_twins
from crmkit.rules.order_totals import Order, OrderTotals
from crmkit.sources.cellwords import unit_word
from crmkit.sources.headers import amount_times
from crmkit.sources.reading import ColumnBatch, read_columns
from crmkit.store import customers, products
from crmkit.store.orders import Lines, OrderWriter, describe_line
from crmkit.workflow.import_base_data import LISTED, SHOWN_CHANGES, line_list, listed
from crmkit.workflow.import_source import Brought, Run, Source


def import_orders(run: Run, refused: Container[int]) -> Brought:
    """Write the order lines of a file. `refused` are lines whose customer or product was rejected before.

    Raises Refusal(BALANCE) when what SQL finds before COMMIT differs from what the file held.
    """
    store = run.store
    keys = customers.keys(store), products.keys(store), products.units(store)
    shut, opened = customers.closed_since(store), customers.opening_days(store)
    load = _Load(run.source, OrderWriter(store, run.op), *keys, run.today.isoformat(), refused, shut, opened)
    for batch in read_columns(run.source.table, run.source.layout, Kind.ORDERS):
        load.take(batch)
        run.progress(len(batch.lines))
    _balance(load.writer)
    brought = load.brought
    brought.counted, brought.totals, brought.orders = load.writer.counted, load.writer.written, load.writer.orders
    brought.notices += _notices(load)
    codes = {key: code for code, key in load.products.items()}
    brought.changes = [
        CellChange(Kind.ORDERS, f"{describe_line(store, order)}/{no}", column, *_told(column, codes, old, new))
        for order, no, column, old, new in load.writer.cells[:SHOWN_CHANGES]
    ]
    return brought


def _told(column: str, codes: Mapping[int, str], *values: int | None) -> list[int | str | None]:
    """Changed cells with the products' codes instead of keys."""
    return [codes.get(value, value) if column == "product" and value is not None else value for value in values]


def _notices(load: "_Load") -> list[tuple[Notice, str]]:
    found = [_compared(field, said, load) for totals in load.said for field, said in totals.items()]
    if differing := load.order_totals.differing():
        found.append((Notice.ORDER_TOTALS_DIFFER, listed([_both(*one) for one in differing]) + _left_out(load)))
    if load.subtotals:
        found.append((Notice.SUBTOTALS, str(load.subtotals)))
    if load.feet:
        found.append((Notice.FOOT_ROWS, line_list(load.feet)))
    if load.row_units:
        counts = [f"{unit} {load.row_units[unit]}" for unit in VolumeUnit if load.row_units[unit]]
        found.append((Notice.ROW_UNITS, ", ".join(counts)))
    standing = load.writer.standing()
    if standing and not load.source.is_mended:
        names = [describe_line(load.writer.store, order) for order in standing[:LISTED]]
        found.append((Notice.LINES_STANDING, listed([*names, *map(str, standing[LISTED:])])))
    if load.closed_orders:
        found.append((Notice.CLOSED_ORDERS, listed(sorted(load.closed_orders))))
    if load.early_orders:
        found.append((Notice.EARLY_ORDERS, listed(sorted(load.early_orders))))
    return found


def _compared(field: AnyField, said: int, load: "_Load") -> tuple[Notice, str]:
    """What the file calls its total beside the sum of its rows, rejected ones left out."""
    heading = load.source.layout.heading(field)
    scale, sum_ = (1000, load.summed[0]) if field is Field.VOLUME else (100 * amount_times(heading), load.summed[1])
    both = f"{heading}: {Decimal(said) / scale} = {Decimal(sum_) / scale}"
    if said == sum_:
        return (Notice.TOTAL_AGREES, both)
    return (Notice.TOTAL_DIFFERS, both.replace(" = ", " ≠ ") + _left_out(load))


def _left_out(load: "_Load") -> str:
    """How many rows could not be read and are in no sum."""
    return f" (−{len(load.unread)})" if load.unread else ""


def _both(order: Order, said: tuple[int, ...], found: int) -> str:
    """One order by its number, or day and customer, with what it says and the sum of its lines."""
    day, customer, number = order
    totals = ", ".join(str(Decimal(total) / 100) for total in said)
    return f"{number or f'{day}/{customer}'}: {totals} ≠ {Decimal(found) / 100}"


def _of_orders(columns: dict[AnyField, list[Any]]) -> Iterator[tuple[Order, int | None, int, int | None]]:
    """The rows of a batch as rules.order_totals takes them."""
    amounts = columns[Field.AMOUNT]
    numbers, nos = (columns.get(name) or [None] * len(amounts) for name in (Field.ORDER_NUMBER, Field.ORDER_LINE))
    days, codes, totals = (columns[name] for name in (Field.ORDER_DAY, Field.ORDER_CUSTOMER, Field.ORDER_TOTAL))
    for day, code, number, no, amount, total in zip(days, codes, numbers, nos, amounts, totals, strict=True):
        yield (day, code, number or ""), no, amount, total


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
    shut: dict[str, str] = field(default_factory=dict)  # customers that are not active, and since when
    opened: dict[str, str] = field(default_factory=dict)  # the day customers opened
    brought: Brought = field(default_factory=Brought)
    said: list[dict[AnyField, int]] = field(default_factory=list)  # the file's own totals
    summed: tuple[int, int] = (0, 0)  # volume and amount of the rows that could be read, in the file's unit
    unread: list[int] = field(default_factory=list)  # lines that could not
    order_totals: OrderTotals = field(default_factory=OrderTotals)
    subtotals: int = 0
    feet: list[int] = field(default_factory=list)
    closed_orders: set[str] = field(default_factory=set)
    early_orders: set[str] = field(default_factory=set)
    row_units: Counter[str] = field(default_factory=Counter)  # what the rows say their quantities count

    def take(self, batch: ColumnBatch) -> None:
        """Decide on one batch and write what is good."""
        self.brought.count(batch)
        self._sum(batch)
        columns: dict[AnyField, Sequence[Any]] = dict(batch.columns)
        lines = batch.lines
        bad = self._bad_places(lines, columns)
        if bad:
            good = [place not in bad for place in range(len(lines))]
            self.brought.rejected += bad.values()
            lines = list(compress(lines, good))
            columns = {name: list(compress(cells, good)) for name, cells in columns.items()}
        if lines:
            self._write(lines, columns)

    def _sum(self, batch: ColumnBatch) -> None:
        """Keep what the total at the foot is compared with, and who orders though closed."""
        volume, amount = self.summed
        self.summed = volume + sum(batch.columns[Field.VOLUME]), amount + sum(batch.columns[Field.AMOUNT])
        self.said += batch.totals
        self.subtotals += batch.subtotals
        self.feet += batch.feet
        if Field.ORDER_TOTAL in batch.columns:
            self.order_totals.take(_of_orders(batch.columns))
        self.unread += [reject.line for reject in batch.rejected]
        codes = batch.columns[Field.ORDER_CUSTOMER]
        if self.shut and not self.shut.keys().isdisjoint(codes):
            pairs = zip(codes, batch.columns[Field.ORDER_DAY], strict=True)
            self.closed_orders |= {code for code, day in pairs if code in self.shut and day > self.shut[code]}
        if self.opened and not self.opened.keys().isdisjoint(codes):
            pairs = zip(codes, batch.columns[Field.ORDER_DAY], strict=True)
            self.early_orders |= {code for code, day in pairs if day < self.opened.get(code, "")}

    def _reject(self, line: int, column: Field, reason: Reason, detail: str = "") -> Rejected:
        return Rejected(line, self.source.layout.heading(column), reason, detail)

    def _bad_places(self, lines: Sequence[int], columns: dict[AnyField, Sequence[Any]]) -> dict[int, Rejected]:
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
                self._mark_unknown(bad, lines, column, keys, reason, columns[column])
        if self.refused:
            self._mark(bad, lines, Field.ORDER_CUSTOMER, Reason.MASTER_REJECTED, lines, self.refused.__contains__)
        if self.source.layout.converts:
            self._convert(bad, lines, columns)
        return bad

    def _mark_unknown(
        self,
        bad: dict[int, Rejected],
        lines: Sequence[int],
        column: Field,
        keys: dict[str, int],
        reason: Reason,
        codes: Sequence[str],
    ) -> None:
        """Rows whose customer or product is not known, with the padded twin a spreadsheet may have made them of."""
        unknown = set(codes) - keys.keys()
        told = {code: (reason, code) for code in unknown}
        told |= {code: (Reason.LOST_ZEROS, f"{code} ({twin}?)") for code, twin in padded_twins(unknown, keys).items()}
        bare = bare_twins(unknown, keys).items()
        told |= {code: (Reason.STORED_WITHOUT_ZEROS, f"{code} ({twin})") for code, twin in bare}
        for place, code in enumerate(codes):
            if place not in bad and code in told:
                bad[place] = self._reject(lines[place], column, *told[code])

    def _convert(self, bad: dict[int, Rejected], lines: Sequence[int], columns: dict[AnyField, Sequence[Any]]) -> None:
        """Cases, packs and sticks become cartons by each product's own 支/条, exactly or not at all."""
        per_carton = [self.units.get(self.products.get(code, 0), 1) for code in columns[Field.ORDER_PRODUCT]]
        counted = self._row_units(bad, lines, columns)
        allowed = self.source.layout.stated.get(Field.ALLOWED)
        for column in (Field.VOLUME, Field.ALLOWED):
            if column in columns:
                units = counted if column is Field.VOLUME or allowed is None else [allowed] * len(lines)
                sticks = [STICKS.get(unit, per) for unit, per in zip(units, per_carton, strict=True)]
                triples = list(zip(columns[column], sticks, per_carton, strict=True))
                exact = [cell is None or cell * times % per == 0 for cell, times, per in triples]
                self._mark(bad, lines, column, Reason.TOO_FINE, exact, lambda is_exact: not is_exact)
                columns[column] = [None if cell is None else cell * times // per for cell, times, per in triples]

    def _row_units(
        self, bad: dict[int, Rejected], lines: Sequence[int], columns: dict[AnyField, Sequence[Any]]
    ) -> Sequence[str | None]:
        """What each row's quantity counts: its own unit, else that of the heading. Two that differ refuse the row."""
        stated = self.source.layout.stated.get(Field.VOLUME)
        named = columns.get(Field.VOLUME_UNIT)
        if named is None:
            return [stated] * len(lines)
        if stated is not None:
            clashing = {unit: f"{unit_word(unit)} ≠ {unit_word(stated)}" for unit in VolumeUnit if unit != stated}
            differing = [clashing.get(unit) for unit in named]
            self._mark(bad, lines, Field.VOLUME_UNIT, Reason.UNIT_CONFLICT, differing, bool)
        units = [unit or stated or VolumeUnit.CARTON for unit in named]
        self.row_units.update(unit for place, unit in enumerate(units) if place not in bad)
        return units

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

    def _write(self, lines: Sequence[int], columns: dict[AnyField, Sequence[Any]]) -> None:
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
