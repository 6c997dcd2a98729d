"""The change log: triggers that write it, and the reversal of one operation.

One typed row per changed column: change(seq, op, tbl, key, kind, col, old, new). Bulk tables carry their operation in
`op` and log only updates and deletes; their inserts are undone by deleting the rows of that operation.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Change, Operation
from crmkit.store.connection import Store

UNLOGGED = frozenset({"operation", "change", "batch", "seal"})
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


_OPERATION = """SELECT o.seq, o.at, o.actor, o.host, o.command, o.arguments, o.undoes,
                       (SELECT count(*) FROM change c WHERE c.op = o.seq) FROM operation o"""


def operations(store: Store, limit: int | None = None) -> list[Operation]:
    """The newest operations, newest first."""
    found = store.rows(f"{_OPERATION} ORDER BY o.seq DESC LIMIT ?", (-1 if limit is None else limit,))
    undone = undone_by(store)
    return [_operation(row, undone) for row in found]


def operation_of(store: Store, seq: int) -> Operation:
    """One operation. Raises Refusal(NOT_FOUND)."""
    row = store.one(f"{_OPERATION} WHERE o.seq = ?", (seq,))
    if row is None:
        raise Refusal(Fault.NOT_FOUND, noun="operation", value=seq)
    return _operation(row, undone_by(store))


def _operation(row: tuple[Any, ...], undone: dict[int, int]) -> Operation:
    return Operation(row[0], row[1], row[2], row[3], row[4], row[5], row[6], undone.get(row[0]), row[7])


def undone_by(store: Store) -> dict[int, int]:
    """Every operation that stands undone, with the one that undid it; an undo that was undone itself counts no more."""
    found: dict[int, int] = {}
    for seq, target in store.rows("SELECT seq, undoes FROM operation WHERE undoes IS NOT NULL ORDER BY seq DESC"):
        if seq not in found:
            found.setdefault(target, seq)
    return found


def newest_of(store: Store, actor: str) -> int | None:
    """The actor's newest operation that is no undo and not undone."""
    undone = undone_by(store)
    own = store.execute("SELECT seq FROM operation WHERE actor=? AND undoes IS NULL ORDER BY seq DESC", (actor,))
    return next((seq for (seq,) in own if seq not in undone), None)


def newest_command(store: Store, commands: Iterable[str]) -> int:
    """The number of the newest operation of these commands; 0 when there is none."""
    words = tuple(commands)
    marks = ",".join("?" for _ in words)
    return int(store.value(f"SELECT ifnull(max(seq),0) FROM operation WHERE command IN ({marks})", words))


def brought_import(store: Store, seq: int) -> bool:
    """Did this operation import a file?"""
    return store.one("SELECT 1 FROM batch WHERE op=?", (seq,)) is not None


def changes_of(store: Store, seq: int) -> list[Change]:
    """What an operation changed, cell by cell, in order."""
    found = store.rows("SELECT tbl, key, kind, col, old, new FROM change WHERE op=? ORDER BY seq", (seq,))
    return [Change(row[0], str(row[1]), *row[2:]) for row in found]


def reverse(store: Store, seq: int, keep: frozenset[str] = frozenset()) -> int:
    """Take back every change of operation `seq`, inside a running operation that `undoes` it.

    Tables in `keep` stay as they are. Returns the number of rows put back. Raises Refusal(LATE_CHANGE) when a row
    was changed since, or something later leans on it: the caller's transaction is rolled back whole.
    """
    store.execute("PRAGMA defer_foreign_keys=ON")
    tables = {table.name: table for table in logged_tables(store)}
    entries = store.rows("SELECT tbl, key, kind, col, old, new FROM change WHERE op=? ORDER BY seq DESC", (seq,))
    steps = [step for step in steps_of(entries) if step[0] not in keep]
    for name, key, kind, cells in steps:
        try:
            reverse_row(store, tables[name], key, kind, cells, seq)
        except sqlite3.IntegrityError as error:
            raise Refusal(Fault.LATE_CHANGE, op=seq, table=name, key=key) from error
    deleted = _delete_bulk(store, seq)
    touched = {step[0] for step in steps} | (set(BULK) if deleted else set())
    _check_references(store, seq, touched)
    return len({(name, key) for name, key, _kind, _cells in steps}) + deleted


Step = tuple[str, Any, str, list[tuple[Any, ...]]]


def steps_of(entries: Iterable[tuple[Any, ...]]) -> Iterator[Step]:
    """Log lines, newest first, as row changes: one for each time a statement met a row."""
    step: Step | None = None
    for name, key, kind, *cell in entries:
        same = step is not None and step[:3] == (name, key, kind) and cell[0] not in {known[0] for known in step[3]}
        if step is None or not same:
            if step is not None:
                yield step
            step = (name, key, kind, [])
        step[3].append(tuple(cell))
    if step is not None:
        yield step


def _check_references(store: Store, seq: int, touched: set[str]) -> None:
    """Refuse when a row of a touched table, or of one that refers to it, refers to nothing now."""
    for (name,) in store.rows("SELECT name FROM sqlite_schema WHERE type='table'"):
        parents = {row[0] for row in store.rows('SELECT "table" FROM pragma_foreign_key_list(?)', (name,))}
        if touched & (parents | {name}):
            found = store.one(f"PRAGMA foreign_key_check({name})")
            if found:
                raise Refusal(Fault.LATE_CHANGE, op=seq, table=name, key=found[1] or "")


def reverse_row(store: Store, table: Table, key: Any, kind: str, cells: list[tuple[Any, ...]], seq: int) -> None:
    """Take back one change of a row. Raises Refusal(LATE_CHANGE) when it is not as that change left it."""
    if kind == "D":
        _put_back(store, table, key, cells)
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


def _put_back(store: Store, table: Table, key: Any, cells: list[tuple[Any, ...]]) -> None:
    """Insert a deleted row again; a name taken meanwhile is an IntegrityError.

    Bulk tables log no inserts: done here.
    """
    names = ", ".join((*table.keys, *(cell[0] for cell in cells)))
    marks = ", ".join("?" for _ in range(len(table.keys) + len(cells)))
    values = (*table.key_values(key), *(cell[1] for cell in cells))
    store.execute(f"INSERT INTO {table.name}({names}) VALUES ({marks})", values)
    if table.name in BULK:
        log = f"INSERT INTO change(op, tbl, key, kind, col, old, new) VALUES ({_NOW},?,?,'I',?,NULL,?)"
        store.executemany(log, [(table.name, key, cell[0], cell[1]) for cell in cells])


LATE_LINE = """SELECT c.op, c.key FROM change c WHERE c.tbl='line' AND c.op > ?1 AND (
    (c.col='op' AND c.old=?1) OR EXISTS (SELECT 1 FROM line l
        WHERE l.orders = CAST(substr(c.key, 1, instr(c.key,'/')-1) AS INTEGER)
          AND l.no = CAST(substr(c.key, instr(c.key,'/')+1) AS INTEGER) AND l.op = ?1))"""
LATE_ORDERS = """SELECT c.op, c.key FROM change c WHERE c.tbl='orders' AND c.op > ?1 AND (
    (c.col='op' AND c.old=?1) OR EXISTS (SELECT 1 FROM orders o WHERE o.id = c.key AND o.op = ?1))"""


def _delete_bulk(store: Store, seq: int) -> int:
    """Delete the bulk rows an import brought, unless a later operation that still stands has changed one of them."""
    undone = undone_by(store)
    undos = {row[0] for row in store.rows("SELECT seq FROM operation WHERE undoes IS NOT NULL")}
    for name, late in zip(BULK, (LATE_LINE, LATE_ORDERS), strict=True):
        for op, key in store.rows(late, (seq,)):
            if op not in undone and op not in undos:
                raise Refusal(Fault.LATE_CHANGE, op=seq, table=name, key=key)
    deleted = 0
    for name in BULK:
        try:
            deleted += store.execute(f"DELETE FROM {name} WHERE op=?", (seq,)).rowcount
        except sqlite3.IntegrityError as error:
            raise Refusal(Fault.LATE_CHANGE, op=seq, table=name, key="") from error
    store.execute("DELETE FROM seal WHERE op=?", (seq,))
    store.execute(f"UPDATE batch SET undone_by={_NOW} WHERE op=?", (seq,))
    return deleted
