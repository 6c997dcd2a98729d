"""The file as it stood before an operation, in memory: the change log read backwards. Nothing is written to disk."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from crmkit.model.errors import Refusal
from crmkit.model.operation import MIGRATE, RESTORE
from crmkit.store import changes
from crmkit.store.changes import BULK, Table
from crmkit.store.connection import Store, in_memory


@dataclass(frozen=True, slots=True)
class Past:
    """`store` is the file of then, to be read and written at will; `untraced` are rows that were not as the log left
    them: somebody changed them past it.
    """

    store: Store
    untraced: tuple[tuple[str, str], ...]  # table, key


def before(store: Store, op: int) -> Past | None:
    """The file as it stood before operation `op`; None where a migration or a restored backup lies between.

    Order lines of an import that was undone since are gone for good: whoever needs them compares digests.
    """
    if changes.newest_command(store, (MIGRATE, RESTORE)) >= op:
        return None
    copy = in_memory()
    store.connection.backup(copy.connection)
    copy.execute("PRAGMA ignore_check_constraints=ON")  # on the way back a row may be half old, half new
    changes.drop_triggers(copy)
    tables = {table.name: table for table in changes.logged_tables(copy)}
    entries = copy.rows("SELECT tbl, key, kind, col, old, new FROM change WHERE op>=? ORDER BY seq DESC", (op,))
    untraced = []
    for name, key, kind, cells in changes.steps_of(entries):
        if name in tables and not _taken_back(copy, tables[name], key, kind, cells, op):
            untraced.append((name, str(key)))
    for table in BULK:
        copy.execute(f"DELETE FROM {table} WHERE op>=?", (op,))
    for table, column in (("seal", "op"), ("batch", "op"), ("change", "op"), ("operation", "seq")):
        copy.execute(f"DELETE FROM {table} WHERE {column}>=?", (op,))
    copy.execute("PRAGMA ignore_check_constraints=OFF")
    return Past(copy, tuple(dict.fromkeys(untraced)))


def _taken_back(copy: Store, table: Table, key: Any, kind: str, cells: list[tuple[Any, ...]], op: int) -> bool:
    """Take one change back; where the row is not as the log says, as far as its key leads."""
    try:
        changes.reverse_row(copy, table, key, kind, cells, op)
    except (Refusal, sqlite3.IntegrityError):
        _forced(copy, table, key, kind, cells)
        return False
    return True


def _forced(copy: Store, table: Table, key: Any, kind: str, cells: list[tuple[Any, ...]]) -> None:
    if kind == "I":
        copy.execute(f"DELETE FROM {table.name} WHERE {table.where}", table.key_values(key))
    elif kind == "U":
        sets = ", ".join(f"{cell[0]}=?" for cell in cells)
        values = (*(cell[1] for cell in cells), *table.key_values(key))
        with suppress(sqlite3.IntegrityError):  # a row that cannot go back yet stays: the next change settles it
            copy.execute(f"UPDATE {table.name} SET {sets} WHERE {table.where}", values)
