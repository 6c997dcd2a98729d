"""A table's rows against the last values the change log holds for them: finds a byte that rotted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crmkit.model.checking import Check, Finding
from crmkit.model.operation import MIGRATE
from crmkit.store import changes
from crmkit.store.changes import BULK, Table
from crmkit.store.connection import Store


@dataclass(slots=True)
class Last:
    """What the log knows of a row: its cells, whether it knows all of them, whether the row is gone."""

    cells: dict[str, Any] = field(default_factory=dict)
    whole: bool = False
    gone: bool = False

    def meet(self, kind: str, column: str, new: Any) -> None:
        """Take in one line of the log."""
        if kind == "D":
            self.cells.clear()
            self.whole, self.gone = True, True
            return
        if kind == "I" and (self.gone or not self.whole):
            self.cells.clear()
            self.whole, self.gone = True, False
        self.cells[column] = new

    def expected(self, column: str) -> tuple[bool, Any]:
        """Is this cell known, and as what? A cell that a whole row's log does not name was empty."""
        return self.whole or column in self.cells, self.cells.get(column)


def last_logged_differences(store: Store) -> Iterator[Finding]:
    """Every row that is not what the log says it is; rows the log does not know are left alone.

    What a migration changed is not in the log: only what came after the last one is compared.
    """
    since = changes.newest_command(store, (MIGRATE,))
    for table in changes.logged_tables(store):
        if table.name not in BULK:
            yield from _of_table(store, table, last_logged(store, table.name, since))


def last_logged(store: Store, table: str, since: int) -> dict[Any, Last]:
    """The last logged state of every row of a table that the log names after operation `since`."""
    known: dict[Any, Last] = {}
    sql = "SELECT key, kind, col, new FROM change WHERE tbl=? AND op>? ORDER BY seq"
    for key, kind, column, new in store.execute(sql, (table, since)):
        known.setdefault(key, Last()).meet(kind, column, new)
    return known


def _of_table(store: Store, table: Table, known: dict[Any, Last]) -> Iterator[Finding]:
    columns = ", ".join(table.columns)
    for key, *cells in store.execute(f"SELECT {table.keys[0]}, {columns} FROM {table.name}"):
        last = known.pop(key, None)
        if last is not None:
            yield from _of_row(table, key, cells, last)
    for key, last in known.items():
        if not last.gone:
            yield Finding(Check.LOGGED, table.name, str(key), "", "there", "gone")


def _of_row(table: Table, key: Any, cells: list[Any], last: Last) -> Iterator[Finding]:
    if last.gone:
        yield Finding(Check.LOGGED, table.name, str(key), "", "gone", "there")
        return
    for column, cell in zip(table.columns, cells, strict=True):
        sure, expected = last.expected(column)
        if sure and expected != cell:
            yield Finding(Check.LOGGED, table.name, str(key), column, "", "")
