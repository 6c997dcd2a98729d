"""Order lines out of the file, in the layout an import reads back."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from crmkit.model.figures import AMOUNT_SCALE, VOLUME_SCALE
from crmkit.model.importing import Field, Kind
from crmkit.sources.exports import header_of, readable, write_table
from crmkit.store import files, orders
from crmkit.store.connection import Store
from crmkit.workflow.export_base_data import Exported

_FIELDS = tuple(field for field in Field if field.kind is Kind.ORDERS and field is not Field.ORDER_TOTAL)


def export_orders(store: Store, path: Path, *, first: date | None = None, last: date | None = None) -> Exported:
    """Every order line between two days, by day, customer, number. Raises Refusal: BAD_VALUE, FOLDER_MISSING, DISK.

    A CSV is written line by line, whatever its length; an XLSX holds a million lines.
    """
    header = tuple(map(header_of, _FIELDS))
    rows = _rows(store, first, last)
    if path.suffix.lower() != ".csv":
        found = list(rows)
        files.write_file(path, write_table(path, [header, *found]))
        return Exported(path, len(found), header)
    count = 0

    def fill(stream: BinaryIO) -> None:
        nonlocal count
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(header)
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
            writer.writerow(row)
        text.detach()

    files.write_with(path, fill)
    return Exported(path, count, header)


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
