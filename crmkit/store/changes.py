"""The change log: triggers that write it, and the reversal of one operation.

One typed row per changed column: change(seq, op, tbl, key, kind, col, old, new). Bulk tables carry their operation in
`op` and log only updates and deletes; their inserts are undone by deleting the rows of that operation.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Operation
from crmkit.store.connection import Store

UNLOGGED = frozenset({"operation", "change", "batch"})
BULK = ("line", "orders")  # children first: the order in which undo deletes
_NOW = "(SELECT max(seq) FROM operation)"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the log sees it."""

    name: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]  # without the key

    def key_of(self, row: str) -> str:
        """SQL for the key of NEW or OLD; several key columns are joined by a slash."""
        return "||'/'||".join(f"{row}.{key}" for key in self.keys)

    @property
    def where(self) -> str:
        return " AND ".join(f"{key}=?" for key in self.keys)

    def key_values(self, key: Any) -> tuple[Any, ...]:
        if len(self.keys) == 1:
            return (key,)
        return tuple(int(part) for part in str(key).split("/"))


def logged_tables(store: Store) -> list[Table]:
    """Every table the log follows, from the schema as it is."""
    names = store.rows("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return [describe(store, name) for (name,) in names if name not in UNLOGGED]


def describe(store: Store, name: str) -> Table:
    info = store.rows(f"PRAGMA table_xinfo({name})")
    keys = [row[1] for row in sorted((row for row in info if row[5]), key=lambda row: row[5])]
    return Table(name, tuple(keys), tuple(row[1] for row in info if not row[5]))


def create_triggers(store: Store) -> None:
    for table in logged_tables(store):
        for statement in trigger_statements(table):
            store.execute(statement)


def drop_triggers(store: Store) -> None:
    for (name,) in store.rows("SELECT name FROM sqlite_schema WHERE type='trigger' AND name LIKE 'log_%'"):
        store.execute(f"DROP TRIGGER {name}")


def trigger_statements(table: Table) -> list[str]:
    """The triggers of one table."""
    if table.name in BULK:
        return [_update_trigger(table), _delete_trigger(table, f"OLD.op IS NOT {_undone_now()}")]
    return [_insert_trigger(table), _update_trigger(table), _delete_trigger(table, "1")]


def _undone_now() -> str:
    """SQL: the operation that the running operation undoes (its rows are deleted by their op, not logged)."""
    return "(SELECT undoes FROM operation ORDER BY seq DESC LIMIT 1)"


def _insert_trigger(table: Table) -> str:
    cells = " UNION ALL ".join(f"SELECT '{c}' AS col, NULL AS old, NEW.{c} AS new" for c in table.columns)
    return (
        f"CREATE TRIGGER log_{table.name}_insert AFTER INSERT ON {table.name} BEGIN {_log(table, 'NEW', 'I')} "
        f"FROM ({cells}) WHERE new IS NOT NULL; END"
    )


def _delete_trigger(table: Table, when: str) -> str:
    cells = " UNION ALL ".join(f"SELECT '{c}' AS col, OLD.{c} AS old, NULL AS new" for c in table.columns)
    return (
        f"CREATE TRIGGER log_{table.name}_delete AFTER DELETE ON {table.name} WHEN {when} "
        f"BEGIN {_log(table, 'OLD', 'D')} FROM ({cells}) WHERE old IS NOT NULL; END"
    )


def _update_trigger(table: Table) -> str:
    cells = " UNION ALL ".join(f"SELECT '{c}' AS col, OLD.{c} AS old, NEW.{c} AS new" for c in table.columns)
    return (
        f"CREATE TRIGGER log_{table.name}_update AFTER UPDATE ON {table.name} BEGIN {_log(table, 'OLD', 'U')} "
        f"FROM ({cells}) WHERE old IS NOT new; END"
    )


def _log(table: Table, row: str, kind: str) -> str:
    return (
        "INSERT INTO change(op, tbl, key, kind, col, old, new) "
        f"SELECT {_NOW}, '{table.name}', {table.key_of(row)}, '{kind}', col, old, new"
    )


def operations(store: Store, limit: int | None = None) -> list[Operation]:
    """The newest operations, newest first."""
    found = store.rows(
        """SELECT o.seq, o.at, o.actor, o.host, o.command, o.arguments, o.undoes,
                  (SELECT max(u.seq) FROM operation u WHERE u.undoes = o.seq),
                  (SELECT count(*) FROM change c WHERE c.op = o.seq)
           FROM operation o ORDER BY o.seq DESC LIMIT ?""",
        (-1 if limit is None else limit,),
    )
    return [Operation(*row) for row in found]


def operation_of(store: Store, seq: int) -> Operation:
    """One operation. Raises Refusal(NOT_FOUND)."""
    row = store.one(
        """SELECT o.seq, o.at, o.actor, o.host, o.command, o.arguments, o.undoes,
                  (SELECT max(u.seq) FROM operation u WHERE u.undoes = o.seq),
                  (SELECT count(*) FROM change c WHERE c.op = o.seq)
           FROM operation o WHERE o.seq = ?""",
        (seq,),
    )
    if row is None:
        raise Refusal(Fault.NOT_FOUND, noun="operation", value=seq)
    return Operation(*row)


def reverse(store: Store, seq: int) -> int:
    """Take back every change of operation `seq`, inside a running operation that `undoes` it.

    Returns the number of rows put back. Raises Refusal(LATE_CHANGE) when a row was changed since: the caller's
    transaction is rolled back whole.
    """
    store.execute("PRAGMA defer_foreign_keys=ON")
    touched = 0
    tables = {table.name: table for table in logged_tables(store)}
    entries = store.rows("SELECT tbl, key, kind, col, old, new FROM change WHERE op=? ORDER BY seq DESC", (seq,))
    for (name, key, kind), group in groupby(entries, key=lambda entry: (entry[0], entry[1], entry[2])):
        _reverse_row(store, tables[name], key, kind, [entry[3:] for entry in group], seq)
        touched += 1
    touched += _delete_bulk(store, seq)
    if store.one("SELECT 1 FROM pragma_foreign_key_check LIMIT 1"):
        raise Refusal(Fault.LATE_CHANGE, op=seq, table="", key="")
    return touched


def _reverse_row(store: Store, table: Table, key: Any, kind: str, cells: list[tuple[Any, ...]], seq: int) -> None:
    if kind == "D":
        names = ", ".join((*table.keys, *(cell[0] for cell in cells)))
        marks = ", ".join("?" for _ in range(len(table.keys) + len(cells)))
        values = (*table.key_values(key), *(cell[1] for cell in cells))
        if store.one(f"SELECT 1 FROM {table.name} WHERE {table.where}", table.key_values(key)):
            raise Refusal(Fault.LATE_CHANGE, op=seq, table=table.name, key=key)
        store.execute(f"INSERT INTO {table.name}({names}) VALUES ({marks})", values)
        return
    same = " AND ".join(f"{cell[0]} IS ?" for cell in cells)
    if kind == "I":
        # columns that were empty then must be empty still
        absent = [column for column in table.columns if column not in {cell[0] for cell in cells}]
        same += "".join(f" AND {column} IS NULL" for column in absent)
        sql = f"DELETE FROM {table.name} WHERE {table.where} AND {same}"
        values = (*table.key_values(key), *(cell[2] for cell in cells))
    else:
        sets = ", ".join(f"{cell[0]}=?" for cell in cells)
        sql = f"UPDATE {table.name} SET {sets} WHERE {table.where} AND {same}"
        values = (*(cell[1] for cell in cells), *table.key_values(key), *(cell[2] for cell in cells))
    if store.execute(sql, values).rowcount != 1:
        raise Refusal(Fault.LATE_CHANGE, op=seq, table=table.name, key=key)


def _delete_bulk(store: Store, seq: int) -> int:
    """Delete the bulk rows an import brought, unless a later operation has changed one of them."""
    late = store.one(
        """SELECT c.key FROM change c JOIN operation o ON o.seq = c.op
           JOIN line l ON c.key = l.orders||'/'||l.no
           WHERE c.tbl='line' AND c.op > ? AND l.op = ? AND o.undoes IS NULL
             AND NOT EXISTS (SELECT 1 FROM operation u WHERE u.undoes = o.seq) LIMIT 1""",
        (seq, seq),
    )
    if late:
        raise Refusal(Fault.LATE_CHANGE, op=seq, table="line", key=late[0])
    return sum(store.execute(f"DELETE FROM {name} WHERE op=?", (seq,)).rowcount for name in BULK)
