"""Writing base data 基础信息 in sets: rows with a code, where a blank keeps what is stored."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crmkit.model.importing import Counted
from crmkit.store.connection import Store

Row = Sequence[Any]


Cell = tuple[str, str, Any, Any]  # code, column, old, new


def put_rows(
    store: Store,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    defaults: Mapping[str, Any],
    *,
    clear: bool = False,
    cells: list[Cell] | None = None,
) -> Counted:
    """Write rows of `table` by code, the first of `columns`. None keeps the stored value, or takes the default.

    A column that a person set by hand (`held`) keeps its value too; where the row says otherwise, the result names it.
    Unchanged rows are not touched; the change log follows by triggers.

    With `clear` None empties a column that may be empty. `cells` takes what changed, old and new.
    """
    never_empty = _never_empty(store, table) if clear else frozenset(columns)
    keeps = [column in never_empty for column in columns]
    stored = {row[0]: row for row in store.rows(f"SELECT {', '.join(columns)} FROM {table}")}
    held, kept = held_columns(store, table), list[tuple[str, str]]()
    absent = [name for name in defaults if name not in columns]
    first = tuple(defaults.get(column) for column in columns)
    new, changed, unchanged = [], [], 0
    for row in rows:
        old = stored.get(row[0])
        merged = tuple(b if a is None and keep else a for a, b, keep in zip(row, old or first, keeps, strict=True))
        if old is not None and row[0] in held:
            by_hand = held[row[0]]
            kept += [(row[0], c) for c, a, b in zip(columns, merged, old, strict=True) if c in by_hand and a != b]
            merged = tuple(b if c in by_hand else a for c, a, b in zip(columns, merged, old, strict=True))
        if old is None:
            new.append((*merged, *(defaults[name] for name in absent)))
        elif merged == old:
            unchanged += 1
        else:
            changed.append(merged)
            if cells is not None:
                pairs = zip(columns, old, merged, strict=True)
                cells += [(row[0], column, before, now) for column, before, now in pairs if before != now]
    store.executemany(_insert(table, (*columns, *absent)), new)
    store.executemany(_upsert(table, columns), changed)
    return Counted(len(new), len(changed), unchanged, tuple(kept))


def _never_empty(store: Store, table: str) -> frozenset[str]:
    return frozenset(row[1] for row in store.rows(f"PRAGMA table_info({table})") if row[3])


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table}({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _upsert(table: str, columns: Sequence[str]) -> str:
    sets = ", ".join(f"{column}=excluded.{column}" for column in columns[1:]) or "code=excluded.code"
    # a NOT NULL column that is not among these has a default in the schema, used for no row here
    return f"{_insert(table, columns)} ON CONFLICT(code) DO UPDATE SET {sets}"


def codes_and_keys(store: Store, table: str) -> dict[str, int]:
    """Every code of a table with the store's key."""
    return dict(store.rows(f"SELECT code, id FROM {table}"))


def held_columns(store: Store, table: str) -> dict[str, frozenset[str]]:
    """The columns of `table` that a person set by hand, by code; rows without one are left out."""
    rows = store.rows(f"SELECT code, held FROM {table} WHERE held IS NOT NULL")
    return {code: frozenset(held.split()) for code, held in rows}


def set_columns(
    store: Store, table: str, key: int, values: Mapping[str, Any], hold: Iterable[str], release: Iterable[str] = ()
) -> None:
    """Write columns of one row by hand: a file never changes those in `hold`, until `release` names them."""
    before = frozenset((store.value(f"SELECT held FROM {table} WHERE id=?", (key,)) or "").split())
    held = " ".join(sorted((before | set(hold)) - set(release))) or None
    written = {**values, "held": held}
    sets, same = (joint.join(f"{column} IS ?" for column in written) for joint in (", ", " AND "))
    cells = tuple(written.values())
    sql = f"UPDATE {table} SET {sets.replace(' IS ', ' = ')} WHERE id=? AND NOT ({same})"
    store.execute(sql, (*cells, key, *cells))
