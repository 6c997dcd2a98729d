"""What people call a row: codes, days and months instead of the numbers the file counts its rows with."""

from typing import Any

from crmkit.store.changes import BULK, describe
from crmkit.store.connection import Store
from crmkit.store.orders import describe_line

# columns that refer to a row
_OWNERS = ("customer", "person", "manager", "product", "field", "document", "effect", "questionnaire", "computing",
           "schedule", "one")  # fmt: skip
# columns not called after it
_TABLES = {"manager": "person", "field": "own_field", "schedule": "week_schedule", "one": "customer"}
_TELLING = ("code", "name", "monday", "day", "month", "first", "from_month", "kind", "item")


def row_name(store: Store, table: str, key: Any) -> str:
    """A row by its code, or by whose it is and when: `0001`, `0001 2026-11-03`. Its number when nothing tells it."""
    if table in BULK:
        return _order_name(store, table, key)
    cells = _cells(store, table, key)
    if cells.get("code") and table in ("customer", "product", "person", "customer_alias"):
        return str(cells["code"])
    owner = next((column for column in _OWNERS if cells.get(column) is not None), None)
    parts = [row_name(store, _TABLES.get(owner, owner), cells[owner])] if owner else []
    parts += [str(cells[column]) for column in _TELLING if cells.get(column)]
    return " ".join(parts) or str(key)


def _order_name(store: Store, table: str, key: Any) -> str:
    order, _slash, no = str(key).partition("/")
    name = describe_line(store, int(order)) if order.isdigit() else ""
    return f"{name}/{no}" if table == "line" else name


def _cells(store: Store, table: str, key: Any) -> dict[str, Any]:
    """The row as it is; as it was last logged when it is gone."""
    described = describe(store, table)
    found = store.one(f"SELECT {', '.join(described.columns)} FROM {table} WHERE {described.where}", (key,))
    if found:
        return dict(zip(described.columns, found, strict=True))
    logged = store.rows("SELECT col, ifnull(old, new) FROM change WHERE tbl=? AND key=? ORDER BY seq", (table, key))
    return dict(logged)
