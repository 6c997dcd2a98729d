"""The reversal of one operation around what came later: rows changed since, or leant on, stay and are named."""

import json
import sqlite3
from typing import Any

from crmkit.model.errors import Refusal
from crmkit.model.operation import KeptRow
from crmkit.store import changes, sealing
from crmkit.store.changes import BULK
from crmkit.store.connection import Store
from crmkit.store.resealing import logged_since
from crmkit.store.rownames import row_name
from crmkit.store.sealing import Seal


def reverse_what_stands(store: Store, seq: int, keep: frozenset[str] = frozenset()) -> tuple[int, tuple[KeptRow, ...]]:
    """Take back every change of operation `seq` that stands as it left it, inside an operation that `undoes` it.

    Children first, each row by itself under the foreign keys: what something later leans on stays. Returns the number
    of rows put back and the rows that stay.
    """
    tables = {table.name: table for table in changes.logged_tables(store)}
    entries = store.rows("SELECT tbl, key, kind, col, old, new FROM change WHERE op=? ORDER BY seq DESC", (seq,))
    deleted, kept = _delete_bulk(store, seq)
    done: set[tuple[str, Any]] = set()
    for name, key, kind, cells in changes.steps_of(entries):
        if name in keep:
            continue
        store.execute("SAVEPOINT row")
        try:
            changes.reverse_row(store, tables[name], key, kind, cells, seq)
            done.add((name, key))
        except (Refusal, sqlite3.IntegrityError):
            store.execute("ROLLBACK TO row")
            kept.append(KeptRow(name, row_name(store, name, key), _later(store, seq, name, key)))
        store.execute("RELEASE row")
    _seal_again(store, seq)
    return len(done) + deleted, tuple(dict.fromkeys(kept))


def _later(store: Store, seq: int, table: str, key: Any) -> int | None:
    """The newest operation after `seq` that changed a row."""
    found: int | None = store.value("SELECT max(op) FROM change WHERE tbl=? AND key=? AND op>?", (table, key, seq))
    return found


def _standing(store: Store, seq: int, sql: str) -> list[Any]:
    """The keys of bulk rows that an operation which still stands has changed since."""
    undone = changes.undone_by(store)
    undos = {row[0] for row in store.rows("SELECT seq FROM operation WHERE undoes IS NOT NULL")}
    return [key for op, key in store.rows(sql, (seq,)) if op not in undone and op not in undos]


def _delete_bulk(store: Store, seq: int) -> tuple[int, list[KeptRow]]:
    """Delete the bulk rows an import brought, but for those changed since and the orders that still have lines."""
    late = {"line": _standing(store, seq, changes.LATE_LINE), "orders": _standing(store, seq, changes.LATE_ORDERS)}
    kept = [
        KeptRow(table, row_name(store, table, key), _later(store, seq, table, key))
        for table in BULK
        for key in late[table]
    ]
    stays = "SELECT value FROM json_each(?)"
    lines = f"DELETE FROM line WHERE op=? AND orders||'/'||no NOT IN ({stays})"
    deleted = store.execute(lines, (seq, json.dumps(late["line"]))).rowcount
    orders = f"""DELETE FROM orders WHERE op=? AND id NOT IN ({stays})
        AND NOT EXISTS (SELECT 1 FROM line WHERE line.orders=orders.id)"""
    deleted += store.execute(orders, (seq, json.dumps(late["orders"]))).rowcount
    named = {row.key for row in kept}
    left = [row_name(store, "orders", key) for (key,) in store.rows("SELECT id FROM orders WHERE op=?", (seq,))]
    kept += [KeptRow("orders", name, None) for name in left if name not in named]
    return deleted, kept


def _seal_again(store: Store, seq: int) -> None:
    """Seal what is left of the operation's bulk rows as they were when they were stored."""
    before = store.execute("DELETE FROM seal WHERE op=?", (seq,)).rowcount
    now = "(SELECT max(seq) FROM operation)"
    store.execute(f"UPDATE batch SET undone_by={now} WHERE op=?", (seq,))
    left = store.value("SELECT count(*) FROM orders WHERE op=?", (seq,)) + store.value(
        "SELECT count(*) FROM line WHERE op=?", (seq,)
    )
    if before and left:
        found = sealing.present(store, digests=True).get(seq, Seal())
        sealing.keep(store, seq, found.plus(logged_since(store).get(seq, Seal()), -1))
