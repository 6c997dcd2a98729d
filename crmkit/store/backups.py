"""Backups: whole copies under a name with moment and reason, beside the database unless the store says elsewhere.

Made by SQLite's backup API in one step into a temporary file, checked, synced, renamed, folder synced: a file under
a final name is a whole, checked copy. A name is <date>T<time>-<reason>[-n].db in the business zone's wall clock.
"""

import os
import re
import sqlite3
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from crmkit.model.backup import Backup, BackupFailure, BackupReason
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.store import files
from crmkit.store.backup_folder import SUFFIX, all_backups, free_name, newest
from crmkit.store.connection import Store, connect, damaged, refusal_of
from crmkit.store.thinning import surplus

PART_LIFE = timedelta(days=1)  # an older unfinished file belongs to no running command (our default)
_PART = re.compile(r"\.crmkit-[0-9a-f]{16}\.part(-journal|-wal|-shm)?", re.ASCII)
_TOLERABLE = frozenset({Fault.DISK, Fault.PERMISSION, Fault.FOLDER_MISSING})


def before_first_write(store: Store, act: Act) -> None:
    """Back up before the day's first write; one look into the folder when it is not the first.

    A file whose operations are all of today held nothing before today: no backup. When the backup cannot be made
    the command goes on, `store.backup_failure` says so, and the next write tries again.
    """
    if not _made_on(store.backup_folder, act.today) and _older_than(store, act.today):
        backup_before(store, act, BackupReason.FIRST_WRITE)


def backup_before(store: Store, act: Act, reason: BackupReason) -> Backup | None:
    """Back up before something that goes on without it too (bulk import, first write).

    Returns None and sets `store.backup_failure` when disk or permission forbid the backup. Raises Refusal(DAMAGED)
    when the copy shows the database to be damaged, and Refusal(BUSY).
    """
    try:
        return back_up(store, act, reason)
    except Refusal as refusal:
        if refusal.fault not in _TOLERABLE:
            raise
        cause = str(refusal.facts.get("reason", refusal.fault))
        store.backup_failure = _failure(store.backup_folder, act, reason, cause)
        return None


def back_up(store: Store, act: Act, reason: BackupReason) -> Backup:
    """Make a backup in the store's folder, thin the folder and sweep unfinished files.

    Raises Refusal: DISK, PERMISSION, DAMAGED (the copy fails its check), BUSY.
    """
    folder = store.backup_folder
    try:
        files.make_private_folder(folder)
    except OSError as error:
        raise files.refusal_for(error, folder) from error
    made = free_name(folder, act.now, reason)
    copy_to(store, made.path)
    tidy(folder, act)
    sweep(store.path.resolve().parent, act.now)
    return made


def copy_to(store: Store, target: Path, *, checked: bool = True) -> None:
    """Copy the open database to `target`, whole or not at all. `checked=False` keeps a damaged one as it is."""
    target = target.absolute()
    part = files.part_beside(target)
    try:
        os.close(files.create_private(part))
        copy_pages(store, part, checked=checked)
        files.sync_file(part)
        part.replace(target)
        files.sync_folder(target.parent)
    except sqlite3.Error as error:
        raise _refusal(error, store, target) from error
    except OSError as error:
        raise files.refusal_for(error, target) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def copy_pages(store: Store, part: Path, *, checked: bool = True) -> None:
    """The backup API in one step, then quick_check. `part` is private to this run: it needs no journal."""
    store.execute("BEGIN")
    try:
        store.value("SELECT count(*) FROM sqlite_schema")  # takes the lock with our patience: the API waits for ever
        with closing(connect(part, "rw")) as copy:
            copy.execute("PRAGMA journal_mode=OFF")
            copy.execute("PRAGMA synchronous=OFF")
            store.connection.backup(copy)
            if checked and copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise damaged(store.path)
    finally:
        if store.connection.in_transaction:
            store.execute("ROLLBACK")


def tidy(folder: Path, act: Act) -> None:
    """Delete backups that served their time and unfinished files; a file that will not go stays."""
    for backup in surplus(all_backups(folder), act.today):
        with suppress(OSError):
            backup.path.unlink()
    sweep(folder, act.now)


def sweep(folder: Path, now: datetime) -> None:
    """Delete our unfinished temporary files older than a day."""
    limit = (now - PART_LIFE).timestamp()
    with suppress(OSError):
        for entry in [entry for entry in os.scandir(folder) if _PART.fullmatch(entry.name)]:
            with suppress(OSError):
                if entry.stat(follow_symlinks=False).st_mtime < limit:
                    os.unlink(entry.path)  # noqa: PTH108 - the entry has the name at hand


def _made_on(folder: Path, day: date) -> bool:
    start = day.isoformat() + "T"
    try:
        return any(name.startswith(start) and name.endswith(SUFFIX) for name in os.listdir(folder))  # noqa: PTH208 - hot path
    except OSError:
        return False


def _older_than(store: Store, day: date) -> bool:
    """Does the file hold an operation from before this day?"""
    first = store.value("SELECT at FROM operation ORDER BY seq LIMIT 1")
    return first is not None and str(first)[:10] < day.isoformat()


def _failure(folder: Path, act: Act, reason: BackupReason, cause: str) -> BackupFailure:
    last = newest(folder, act.now)
    age = (act.today - last.at.date()).days if last else None
    return BackupFailure(reason, folder, cause, last, age)


def _refusal(error: sqlite3.Error, store: Store, target: Path) -> Exception:
    """A damaged page is the database's; everything else happened to the copy."""
    if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_BUSY")):
        return refusal_of(error, store.path) or error
    return refusal_of(error, target) or error
