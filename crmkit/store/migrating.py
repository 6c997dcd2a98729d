"""Opening a file of any schema: guards, backup, forward migration. Steps are frozen, atomic and never undone across."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crmkit.model.backup import BackupReason
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import MIGRATE, Act
from crmkit.store import backups, changes
from crmkit.store.connection import PATIENCE_PERSON_MS, Store, in_wal_mode, open_known, refusal_of
from crmkit.store.migrations import m0001_first

Steps = Sequence[Sequence[str]]
STEPS: Steps = (m0001_first.STATEMENTS,)
VERSION = len(STEPS)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database of today's schema and what had to be done to get there."""

    store: Store
    version: int
    migrated_from: int | None = None
    backup: Path | None = None  # the copy made before migration or conversion
    converted: bool = False  # another tool had left it in WAL mode


def open_migrated(
    path: Path, now: datetime, patience_ms: int = PATIENCE_PERSON_MS, steps: Steps = STEPS
) -> Opened:
    """Open a database; an older schema is backed up and migrated, another tool's WAL mode backed up and taken back.

    Raises as open_store; and when the backup cannot be made Refusal(DISK) or Refusal(PERMISSION), the file unchanged.
    """
    store = open_known(path, len(steps), patience_ms)
    try:
        act = _own_act(now)
        converted = _leave_wal(store, act)
        found = int(store.value("PRAGMA user_version"))
        if found == len(steps):
            return Opened(store, found, None, converted, converted is not None)
        copy = backups.back_up(store, act, BackupReason.MIGRATION).path
        apply_pending(store, act, steps)
        return Opened(store, len(steps), found, copy, converted is not None)
    except sqlite3.Error as error:
        store.close()
        raise refusal_of(error, path) or error from error
    except BaseException:
        store.close()
        raise


def pending(store: Store) -> int:
    """How many steps this file is behind today's schema."""
    return VERSION - int(store.value("PRAGMA user_version"))


def apply_pending(store: Store, act: Act | None = None, steps: Steps = STEPS) -> None:
    """Bring the file to today's schema in one transaction, version included. Back up first (the caller's part).

    With `act` the migration is one operation of the log, which undo never crosses; a new file has none.
    """
    store.execute("BEGIN IMMEDIATE")
    try:
        found = int(store.value("PRAGMA user_version"))  # another process may have been faster
        if found < len(steps):
            _apply(store, found, steps)
            if act is not None:
                store.note(act)
        store.execute("COMMIT")
    except BaseException:
        if store.connection.in_transaction:
            store.execute("ROLLBACK")
        raise


def _apply(store: Store, found: int, steps: Steps) -> None:
    changes.drop_triggers(store)
    for step in steps[found:]:
        for statement in step:
            store.execute(statement)
    changes.create_triggers(store)
    store.execute(f"PRAGMA user_version={len(steps):d}")


def _leave_wal(store: Store, act: Act) -> Path | None:
    """Take back another tool's WAL mode after a backup: it is unreadable in a read-only folder and loses power cuts."""
    if not in_wal_mode(store.path.resolve()):
        return None
    copy = backups.back_up(store, act, BackupReason.CONVERSION).path
    if store.value("PRAGMA journal_mode=DELETE") != "delete":
        raise Refusal(Fault.BUSY, path=str(store.path))
    return copy


def _own_act(now: datetime) -> Act:
    """The act of the program itself."""
    return Act("crmkit", None, MIGRATE, "", "", now, now.date())
