"""Every record that refers to a customer, found in the schema as it is: a table added later moves along."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crmkit.store.connection import Store

Row = dict[str, Any]
_NATURAL = {"planned_visit": ("day",)}  # no rule of the schema, but one shop has one visit a day


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that refers to a customer; with the columns of `key` it names one row."""

    table: str
    column: str
    key: tuple[str, ...]


_OF_THE_PLACE = frozenset({"distance"})  # lead to where the shop stands: those of the one merged away go with it


def references(store: Store) -> list[Reference]:
    """All columns of the file that refer to customers."""
    names = store.rows("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return [
        Reference(table, column, _NATURAL.get(table) or _key_beside(store, table, column))
        for (table,) in names
        if table not in _OF_THE_PLACE
        for column in _columns_to(store, table, "customer")
    ]


def _columns_to(store: Store, table: str, parent: str) -> list[str]:
    rows = store.rows('SELECT "from" FROM pragma_foreign_key_list(?) WHERE "table"=? ORDER BY 1', (table, parent))
    return [column for (column,) in rows]


def _key_beside(store: Store, table: str, column: str) -> tuple[str, ...]:
    for (index,) in store.rows('SELECT name FROM pragma_index_list(?) WHERE "unique"=1', (table,)):
        columns = [name for (name,) in store.rows("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,))]
        if column in columns:
            return tuple(name for name in columns if name != column)
    return ()


def shared(store: Store, reference: Reference, keep: int, drop: int) -> Iterator[tuple[Row, Row]]:
    """Pairs of rows of both customers with the same key, without the customer: (of `keep`, of `drop`)."""
    if not reference.key:
        return
    kept = {_key(row, reference): row for row in _rows(store, reference, keep)}
    for row in _rows(store, reference, drop):
        other = kept.get(_key(row, reference))
        if other is not None:
            yield other, row


def _rows(store: Store, reference: Reference, customer: int) -> list[Row]:
    cursor = store.execute(f"SELECT * FROM {reference.table} WHERE {reference.column}=? ORDER BY 1", (customer,))
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, cells, strict=True)) for cells in cursor]
    return [{name: value for name, value in row.items() if name != reference.column} for row in rows]


def _key(row: Row, reference: Reference) -> tuple[Any, ...]:
    return tuple(row[name] for name in reference.key)


def is_parent(store: Store, table: str) -> bool:
    """Do rows of other tables belong to rows of this one? Lines to an order, items to an effect."""
    names = store.rows("SELECT name FROM sqlite_schema WHERE type='table'")
    return any(_columns_to(store, name, table) for (name,) in names)


def delete(store: Store, table: str, key: int) -> None:
    """Take a row away with the rows that belong to it."""
    for (child,) in store.rows("SELECT name FROM sqlite_schema WHERE type='table'"):
        for column in _columns_to(store, child, table):
            for (below,) in store.rows(f"SELECT id FROM {child} WHERE {column}=?", (key,)):
                delete(store, child, below)
    store.execute(f"DELETE FROM {table} WHERE id=?", (key,))


def move(store: Store, reference: Reference, keep: int, drop: int) -> int:
    """Give every row of one customer to the other; returns how many."""
    sql = f"UPDATE {reference.table} SET {reference.column}=? WHERE {reference.column}=?"
    return store.execute(sql, (keep, drop)).rowcount


def count(store: Store, reference: Reference, customer: int) -> int:
    """How many rows refer to a customer."""
    sql = f"SELECT count(*) FROM {reference.table} WHERE {reference.column}=?"
    return int(store.value(sql, (customer,)))


def retire(store: Store, code: str, drop: int, keep: int) -> None:
    """The customer goes; its code leads to the one that stays."""
    store.execute("DELETE FROM customer WHERE id=?", (drop,))
    store.execute("INSERT INTO customer_alias(code, customer) VALUES (?,?)", (code, keep))
