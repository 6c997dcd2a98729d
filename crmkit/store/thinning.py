"""Which backups have served their time.

Our default: all of 7 days stay, the first of each day for 30 days, the first of each week for a year.
Backups made by hand are the user's: never thinned. The newest one always stays.
"""

from collections.abc import Iterable
from datetime import date

from crmkit.model.backup import Backup, BackupReason

ALL_DAYS = 7
DAILY_DAYS = 30
WEEKLY_DAYS = 366


def surplus(backups: Iterable[Backup], today: date) -> list[Backup]:
    """The backups to delete, oldest first. What is dated in the future stays."""
    ours = sorted((b for b in backups if b.reason != BackupReason.HAND), key=lambda b: (b.at, b.path.name))
    seen: set[tuple[int, ...]] = set()
    found = []
    for backup in ours[:-1]:
        period = _period(backup.at.date(), today)
        if period is None or period in seen:
            found.append(backup)
        elif period:
            seen.add(period)
    return found


def _period(day: date, today: date) -> tuple[int, ...] | None:
    """The period of which one backup stays: a day, a week; () when all stay, None when none does."""
    age = (today - day).days
    if age < ALL_DAYS:
        return ()
    if age < DAILY_DAYS:
        return (day.toordinal(),)
    if age < WEEKLY_DAYS:
        return tuple(day.isocalendar()[:2])
    return None
