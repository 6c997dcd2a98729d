"""How logged updates and deletes have moved the seals of bulk rows since they were made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from crmkit.store import changes, sealing
from crmkit.store.changes import BULK, Table
from crmkit.store.connection import Store
from crmkit.store.sealing import Seal

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One logged cell of a bulk row."""

    op: int
    kind: str
    column: str
    old: Any
    new: Any


def logged_since(store: Store) -> dict[int, Seal]:
    """By operation: what later logged changes added to (or took from) the bulk rows it had stored."""
    moved: dict[int, Seal] = {}
    for name in BULK:
        share = sealing.of_line if name == "line" else sealing.of_order
        for before, after in _moves(store, changes.describe(store, name)):
            for row, times in ((before, -1), (after, 1)):
                if row is not None:
                    moved[row["op"]] = moved.get(row["op"], Seal()).plus(share(store, row), times)
    return moved


def _moves(store: Store, table: Table) -> Iterator[tuple[Row, Row | None]]:
    """Each changed row as it was sealed and as the log last left it (None: deleted)."""
    sql = "SELECT key, op, kind, col, old, new FROM change WHERE tbl=? ORDER BY key, seq"
    for key, lines in groupby(store.rows(sql, (table.name,)), key=lambda line: line[0]):
        now = _row(store, table, key)
        events = _of_this_life([Event(*line[1:]) for line in lines], now)
        if events:
            yield _before(events, table, key, now), None if now is None else _after(events, now)


def _row(store: Store, table: Table, key: Any) -> Row | None:
    names = (*table.keys, *table.columns)
    found = store.one(f"SELECT {', '.join(names)} FROM {table.name} WHERE {table.where}", table.key_values(key))
    return None if found is None else dict(zip(names, found, strict=True))


def _of_this_life(events: list[Event], now: Row | None) -> list[Event]:
    """The events of the row's present life, newest first: a number may have served in an import undone since."""
    if now is None and events[-1].kind != "D":
        return []
    origin = now["op"] if now else next(event.old for event in reversed(events) if event.column == "op")
    kept = []
    for event in reversed(events):
        if event.op < origin:
            break
        kept.append(event)
        if event.kind == "U" and event.column == "op":
            origin = event.old
    return kept


def _before(events: Iterable[Event], table: Table, key: Any, now: Row | None) -> Row:
    row: Row = dict.fromkeys(table.columns) | dict(zip(table.keys, table.key_values(key), strict=True)) | (now or {})
    for event in events:  # newest first: the oldest has the last word
        row[event.column] = event.old if event.kind != "I" else event.new
    return row


def _after(events: list[Event], now: Row) -> Row:
    row = dict(now)
    for event in reversed(events):
        if event.kind != "D":
            row[event.column] = event.new
    return row
