"""What `db check` asks the file. Nothing is changed; no value of a row is in a finding, they may be personal."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import astuple, fields
from typing import Any

from crmkit.model.checking import Check, Finding
from crmkit.store import changes, sealing
from crmkit.store.connection import APPLICATION_ID, Store
from crmkit.store.drift import schema_differences
from crmkit.store.logged import last_logged_differences
from crmkit.store.migrating import VERSION
from crmkit.store.resealing import logged_since

_SHOWN = 100  # findings of one structure check (SQLite's own limit)


def findings(store: Store, *, full: bool) -> list[Finding]:
    """All checks in order; a damaged structure ends them, what lies on it cannot be read with trust."""
    found: list[Finding] = []
    for check in _checks(full):
        try:
            found += check(store)
        except sqlite3.DatabaseError as error:
            found.append(Finding(Check.STRUCTURE, "", "", "", "ok", str(error)))
        if any(finding.check is Check.STRUCTURE for finding in found):
            break
    return found


def _checks(full: bool) -> list[Callable[[Store], Iterator[Finding]]]:
    structure = _integrity if full else _quick
    ours = [_seals, last_logged_differences] if full else [_totals]
    return [_identity, structure, _references, _schema, *ours]


def _identity(store: Store) -> Iterator[Finding]:
    for name, expected in (("application_id", APPLICATION_ID), ("user_version", VERSION)):
        found = store.value(f"PRAGMA {name}")
        if found != expected:
            yield Finding(Check.IDENTITY, "", "", name, str(expected), str(found))


def _quick(store: Store) -> Iterator[Finding]:
    return _structure(store, "quick_check")


def _integrity(store: Store) -> Iterator[Finding]:
    return _structure(store, "integrity_check")


def _structure(store: Store, pragma: str) -> Iterator[Finding]:
    for (line,) in store.rows(f"PRAGMA {pragma}({_SHOWN})"):
        if line != "ok":
            yield Finding(Check.STRUCTURE, "", "", "", "ok", str(line))


def _references(store: Store) -> Iterator[Finding]:
    for table, key, parent, _number in store.rows("PRAGMA foreign_key_check"):
        yield Finding(Check.REFERENCES, table, "" if key is None else str(key), "", parent, "")


def _schema(store: Store) -> Iterator[Finding]:
    """The tables are those of today's migrations, the change log's triggers those that the tables ask for."""
    yield from schema_differences(store)
    wanted = {_name(sql): sql for table in changes.logged_tables(store) for sql in changes.trigger_statements(table)}
    there = dict(store.rows("SELECT name, sql FROM sqlite_schema WHERE type='trigger'"))
    for name in sorted(wanted.keys() | there.keys()):
        if wanted.get(name) != there.get(name):
            state = "absent" if name not in there else "unknown" if name not in wanted else "different"
            yield Finding(Check.SCHEMA, "", name, "", "as generated", state)


def _name(trigger: str) -> str:
    return trigger.split()[2]


def _totals(store: Store) -> Iterator[Finding]:
    return _compare(store, digests=False)


def _seals(store: Store) -> Iterator[Finding]:
    return _compare(store, digests=True)


def _compare(store: Store, *, digests: bool) -> Iterator[Finding]:
    """What each import stored, plus the logged changes since, against what is there."""
    since = logged_since(store)
    there = sealing.present(store, digests=digests)
    for op, made in sealing.sealed(store).items():
        yield from _differences(op, made.plus(since.get(op, sealing.Seal())), there[op], digests)


def _differences(op: int, expected: sealing.Seal, found: sealing.Seal, digests: bool) -> Iterator[Finding]:
    for field, want, have in zip(fields(expected), astuple(expected), astuple(found), strict=True):
        digest = field.name.endswith("digest")
        if want != have and (digests or not digest):
            table = "orders" if field.name in ("orders", "order_digest") else "line"
            yield Finding(Check.DIGEST if digest else Check.TOTALS, table, _key(op), field.name, str(want), str(have))


def _key(op: int) -> Any:
    return f"op {op}"
