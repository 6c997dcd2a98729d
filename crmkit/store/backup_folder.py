"""The folder of a database's backups and the names in it: <date>T<time>-<reason>[-n].db, in the business zone's time.

Names only: nothing here opens a database, so that whoever finds one damaged can name the copy to go back to.
"""

import os
import re
from datetime import datetime
from pathlib import Path

from crmkit.model.backup import Backup, BackupReason
from crmkit.model.operation import is_plausible

SUFFIX = ".db"
_NAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6})-([a-z-]*[a-z])(?:-[0-9]+)?\.db", re.ASCII)


def backup_folder_of(path: Path) -> Path:
    """The folder of a database's backups: beside the real file, named after it."""
    real = path.resolve()
    return real.with_name(real.name + ".backups")


def all_backups(folder: Path) -> list[Backup]:
    """The backups of a folder, oldest first; other files are none of ours. An absent folder holds none."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names alone: this is on the way of every write
    except OSError:
        return []
    found = (_read_name(folder / name) for name in names if name.endswith(SUFFIX))
    return sorted((b for b in found if b), key=lambda b: (b.at, b.path.name))


def newest(folder: Path, now: datetime | None = None) -> Backup | None:
    """The newest backup to go back to: not what a restore took away, that is kept unchecked.

    A name of the future (after `now`, or in a year no clock is in) was given by a clock that was wrong.
    """
    unchecked = (BackupReason.DAMAGED, BackupReason.RESTORE)
    latest = now.replace(tzinfo=None) if now else datetime.max  # noqa: DTZ901 - names hold wall clock
    found = [
        backup
        for backup in all_backups(folder)
        if backup.reason not in unchecked and backup.at <= latest and is_plausible(backup.at)
    ]
    return found[-1] if found else None


def newest_for(path: Path) -> str | None:
    """The newest backup beside a database that cannot be opened, as a fact of a Refusal."""
    found = newest(backup_folder_of(path))
    return str(found.path) if found else None


def free_name(folder: Path, now: datetime, reason: BackupReason) -> Backup:
    """A backup of this moment under a name that no file has yet."""
    at = now.replace(tzinfo=None, microsecond=0)
    stem = f"{at:%Y-%m-%dT%H%M%S}-{reason}"
    path, count = folder / f"{stem}{SUFFIX}", 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}{SUFFIX}"
    return Backup(path, at, reason)


def _read_name(path: Path) -> Backup | None:
    found = _NAME.fullmatch(path.name)
    if found is None or found[2] not in set(BackupReason):
        return None
    try:
        return Backup(path, datetime.strptime(found[1], "%Y-%m-%dT%H%M%S"), BackupReason(found[2]))  # noqa: DTZ007 - wall clock
    except ValueError:
        return None
