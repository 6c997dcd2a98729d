"""Copies of the database: what they are called and what it means when one could not be made."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class BackupReason(StrEnum):
    """Why a copy was made; part of its file name."""

    FIRST_WRITE = "first-write"  # before the day's first write
    IMPORT = "import"  # before a bulk import
    MIGRATION = "migration"  # before the schema is brought to today's
    CONVERSION = "conversion"  # before another tool's WAL mode is taken back
    RESTORE = "restore"  # what the file held before a restore
    ERASE = "erase"
    HAND = "hand"  # crmkit db backup; never thinned
    DAMAGED = "damaged"  # a file that could not be opened, byte for byte, before a restore


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup in its folder. `at` is the business zone's wall clock, without a zone."""

    path: Path
    at: datetime
    reason: BackupReason


@dataclass(frozen=True, slots=True)
class BackupFailure:
    """A backup that could not be made although the command went on: exit 3, with the age of the last good one."""

    reason: BackupReason
    path: Path
    cause: str
    last: Backup | None
    age_days: int | None  # of the last good one, None when there is none


@dataclass(frozen=True, slots=True)
class Restored:
    """What `db restore` did."""

    backup: Path
    kept: Path | None  # the copy of what was there before; None when there was no file
    migrated_from: int | None  # the backup's schema when it was older than today's
