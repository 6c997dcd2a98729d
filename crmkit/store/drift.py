"""Tables, columns, references and indexes against those today's migrations make: another tool may have changed them."""

from collections.abc import Iterator
from contextlib import closing
from functools import cache
from typing import Any

from crmkit.model.checking import Check, Finding
from crmkit.store.connection import Store, in_memory
from crmkit.store.migrating import apply_pending


def schema_differences(store: Store) -> Iterator[Finding]:
    """One finding for each table, column, reference or index that is absent, unknown or different."""
    if _texts(store) == _texts_as_made():  # the same words made the same tables
        return
    with closing(_as_made()) as made:
        wanted, there = _shape(made), _shape(store)
    for part in sorted(wanted.keys() | there.keys()):
        if wanted.get(part) != there.get(part):
            state = "absent" if part not in there else "unknown" if part not in wanted else "different"
            yield Finding(Check.SCHEMA, part[0], "", part[1], "as migrated", state)


def _as_made() -> Store:
    """An empty file of today's schema, in memory."""
    store = in_memory()
    apply_pending(store)
    return store


@cache
def _texts_as_made() -> frozenset[tuple[Any, ...]]:
    with closing(_as_made()) as made:
        return _texts(made)


def _texts(store: Store) -> frozenset[tuple[Any, ...]]:
    """What the file says it was made by: tables and indexes word for word."""
    return frozenset(store.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type<>'trigger'"))


def _shape(store: Store) -> dict[tuple[str, str], Any]:
    """Every table, column, reference and index by (table, name)."""
    from sqlite_utils import Database

    found: dict[tuple[str, str], Any] = {}
    for table in Database(store.connection, recursive_triggers=False, execute_plugins=False).tables:
        found[table.name, ""] = (table.strict, table.use_rowid)
        found |= {(table.name, column.name): column[1:] for column in table.columns}
        found |= {(table.name, f"{key.column} -> {key.other_table}"): key for key in table.foreign_keys}
        found |= {(table.name, index.name): (index.unique, index.columns) for index in table.indexes}
    return found
