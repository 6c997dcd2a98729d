"""The ways to a database of today's schema: a new file, an existing one, an older one brought up to date.

Whoever writes through a store opened here has the day's first write preceded by a backup.
"""

import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crmkit.model.backup import BackupReason
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import MIGRATE, Act
from crmkit.store import backups, files
from crmkit.store.connection import (
    APPLICATION_ID,
    PATIENCE_PERSON_MS,
    Store,
    companions,
    connect,
    in_wal_mode,
    open_known,
    refusal_of,
)
from crmkit.store.migrating import STEPS, VERSION, Steps, apply_pending


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
    store = _backed_up(open_known(path, len(steps), patience_ms))
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


def open_store(path: Path, patience_ms: int = PATIENCE_PERSON_MS) -> Store:
    """Open an existing crmkit database of today's schema.

    Raises Refusal: NO_DATABASE, FOREIGN_FILE, DAMAGED, TOO_NEW, PERMISSION, BUSY, UNSAFE_FILE. An older file must be
    migrated first (open_migrated does both). Nothing is created or changed here, but a journal
    that a crash left is played back.
    """
    return _backed_up(open_known(path, VERSION, patience_ms))


def create_store(path: Path) -> Store:
    """Make a new database with today's schema. Raises Refusal(TARGET_EXISTS) when the name is taken.

    Built under a temporary name and renamed: no half-made database ever has the final name.
    """
    if path.exists() or path.is_symlink():
        raise Refusal(Fault.TARGET_EXISTS, path=str(path))
    part = files.part_beside(path.resolve())
    try:
        os.close(files.create_private(part))
        connection = connect(part, "rw")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID:d}")
        apply_pending(Store(connection, part))
        connection.close()
        part.rename(path.resolve())
        files.sync_folder(path.resolve().parent)
    except sqlite3.Error as error:
        raise refusal_of(error, path) or error from error
    except OSError as error:
        raise files.refusal_for(error, path) from error
    finally:
        for left in (part, *companions(part)):
            left.unlink(missing_ok=True)
    return open_store(path)


def _backed_up(store: Store) -> Store:
    """The store, its first write of a day preceded by a backup."""
    store.first_write = backups.before_first_write
    return store


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
