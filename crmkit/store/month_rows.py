"""Rows of a month and a manager's customers, written in place of those before; what is equal stays untouched."""

from collections.abc import Iterable
from typing import Any

from crmkit.model.month import Month
from crmkit.store.connection import Store


def replace_rows(
    store: Store, table: str, columns: tuple[str, ...], manager: int, month: Month, wanted: Iterable[tuple[Any, ...]]
) -> None:
    """`columns` begin with the customer and leave out the month; the log names only what moved."""
    listed = ", ".join(f"t.{column}" for column in columns)
    standing = store.rows(
        f"SELECT t.id, {listed} FROM {table} t JOIN customer c ON c.id=t.customer WHERE t.month=? AND c.manager=?",
        (str(month), manager),
    )
    rows = dict.fromkeys(wanted)
    gone = [(key,) for key, *cells in standing if tuple(cells) not in rows]
    kept = {tuple(cells) for _key, *cells in standing}
    store.executemany(f"DELETE FROM {table} WHERE id=?", gone)
    marks = ",".join("?" for _ in range(len(columns) + 1))
    store.executemany(
        f"INSERT INTO {table}(month, {', '.join(columns)}) VALUES ({marks})",
        [(str(month), *row) for row in rows if row not in kept],
    )
