"""Putting a backup in the database's place: checked wholly first, the present file kept, one rename."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from crmkit.model.backup import BackupReason, Restored
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.store import backups, files
from crmkit.store.backup_folder import backup_folder_of, free_name
from crmkit.store.connection import (
    Store,
    check_clock,
    companions,
    connect,
    damaged,
    in_wal_mode,
    open_known,
    refusal_of,
)
from crmkit.store.migrating import VERSION, apply_pending

_OPENABLE = 1 << 30  # a file of any schema may be replaced
_UNREADABLE = frozenset({Fault.DAMAGED, Fault.FOREIGN_FILE})


def restore(path: Path, backup: Path, act: Act, folder: Path | None = None) -> Restored:
    """Make `backup` the database at `path`. Nobody may write meanwhile; what was there is kept in the backup folder.

    The restored file gets a line in its operation log; an older backup is migrated on the way. Raises Refusal:
    FILE_MISSING, FOREIGN_FILE, DAMAGED, TOO_NEW for the backup; BUSY, PERMISSION, DISK, CLOCK: nothing was changed.
    """
    check_clock(act)
    real, kept_in = path.resolve(), folder or backup_folder_of(path)
    part = files.part_beside(real)
    try:
        version = _prepare(backup, part, act)
        with _kept(path, kept_in, act) as kept:
            part.replace(real)
            files.sync_folder(real.parent)
    except sqlite3.Error as error:
        raise refusal_of(error, path) or error from error
    except OSError as error:
        raise files.refusal_for(error, path) from error
    finally:
        for left in (part, *companions(part)):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return Restored(backup, kept, version if version < VERSION else None)


def _prepare(backup: Path, part: Path, act: Act) -> int:
    """Copy the backup to `part`, fully checked, of today's schema, with its line in the log. Returns its schema."""
    with closing(_checked(backup)) as source:
        os.close(files.create_private(part))
        backups.copy_pages(source, part)
    with closing(Store(connect(part, "rw"), part)) as copy:
        version = int(copy.value("PRAGMA user_version"))
        apply_pending(copy)
        copy.execute("BEGIN IMMEDIATE")
        copy.note(act)
        copy.execute("COMMIT")
    files.sync_file(part)
    return version


def _checked(backup: Path) -> Store:
    """The backup, opened and found whole."""
    if not backup.is_file():
        raise Refusal(Fault.FILE_MISSING, path=str(backup))
    store = open_known(backup, VERSION)
    whole = store.rows("PRAGMA integrity_check(1)") == [("ok",)]
    if not whole or store.one("SELECT 1 FROM pragma_foreign_key_check LIMIT 1"):
        store.close()
        raise damaged(backup)
    return store


@contextmanager
def _kept(path: Path, folder: Path, act: Act) -> Iterator[Path | None]:
    """Keep a copy of the present file and hold its write lock until the new one has its place."""
    real = path.resolve()
    if not real.exists():
        _remove_companions(real)
        yield None
        return
    files.make_private_folder(folder)
    store = _opened(path)
    if store is None:
        kept = _keep_bytes(real, folder, act)
        _remove_companions(real)
        yield kept
        return
    with closing(store):
        store.execute("BEGIN IMMEDIATE")  # recovers a journal, keeps other writers out
        kept = free_name(folder, act.now, BackupReason.RESTORE).path
        with closing(Store(connect(real, "ro"), path)) as reader:
            backups.copy_to(reader, kept, checked=False)
        yield kept
        store.execute("ROLLBACK")


def _opened(path: Path) -> Store | None:
    """The present file where SQLite can open it, out of WAL mode; None when only its bytes can be kept."""
    try:
        store = open_known(path, _OPENABLE)
    except Refusal as refusal:
        if refusal.fault in _UNREADABLE:
            return None
        raise
    if in_wal_mode(path.resolve()) and store.value("PRAGMA journal_mode=DELETE") != "delete":
        store.close()
        raise Refusal(Fault.BUSY, path=str(path))
    return store


def _keep_bytes(real: Path, folder: Path, act: Act) -> Path:
    """Copy the bytes of a file that cannot be opened, with the journal that may hold its rest."""
    kept = free_name(folder, act.now, BackupReason.DAMAGED).path
    pairs = [(real, kept), *zip(companions(real), companions(kept), strict=True)]
    for place, target in reversed(pairs):
        if place.exists():
            with place.open("rb") as source:
                files.write_with(target, lambda stream, source=source: _pour(source, stream))  # type: ignore[misc]
    return kept


def _pour(source: BinaryIO, stream: BinaryIO) -> None:
    shutil.copyfileobj(source, stream)


def _remove_companions(real: Path) -> None:
    """A journal of the old file must never be played into the new one."""
    for companion in companions(real):
        companion.unlink(missing_ok=True)
    files.sync_folder(real.parent)
