"""Order lines out of the file, in the layout an import reads back."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from crmkit.model.figures import AMOUNT_SCALE, VOLUME_SCALE
from crmkit.model.importing import Field, Kind
from crmkit.sources.exports import header_of, readable
from crmkit.store import orders
from crmkit.store.connection import Store
from crmkit.workflow.export_base_data import Exported, write_export

_NOT_KEPT = (Field.ORDER_TOTAL, Field.VOLUME_UNIT)
_FIELDS = tuple(field for field in Field if field.kind is Kind.ORDERS and field not in _NOT_KEPT)


def export_orders(
    store: Store, path: Path, encoding: str | None = None, *, first: date | None = None, last: date | None = None
) -> Exported:
    """Every order line between two days, by day, customer, number. Raises as export_customers.

    A CSV is written line by line, whatever its length; an XLSX holds a million lines.
    """
    return write_export(path, encoding, [*map(header_of, _FIELDS)], _rows(store, first, last))


def _rows(store: Store, first: date | None, last: date | None) -> Iterator[list[str]]:
    for number, no, day, customer, product, volume, amount, allowed in orders.every_line(store, first, last):
        codes = _code(Field.ORDER_NUMBER, number), str(no), day, _code(Field.ORDER_CUSTOMER, customer)
        figures = _figure(volume, VOLUME_SCALE), _figure(amount, AMOUNT_SCALE), _figure(allowed, VOLUME_SCALE)
        yield [*codes, _code(Field.ORDER_PRODUCT, product), *figures]


@lru_cache(maxsize=100_000)
def _code(field: Field, code: str) -> str:
    return readable(field, code)


def _figure(value: Any, scale: int) -> str:
    return "" if value is None else f"{Decimal(value) / scale:f}"
