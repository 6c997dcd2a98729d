"""Make a copy of the database."""

from pathlib import Path

from crmkit.model.backup import BackupReason
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.store import backups
from crmkit.store.connection import Store, check_clock


def back_up(store: Store, act: Act, *, target: Path | None = None) -> Path:
    """Copy the database, checked, to `target` or into the backup folder; returns where it is.

    Raises Refusal: CLOCK, TARGET_EXISTS, FOLDER_MISSING, DISK, PERMISSION, DAMAGED, BUSY.
    """
    check_clock(act)
    if target is None:
        return backups.back_up(store, act, BackupReason.HAND).path
    if target.exists() or target.is_symlink():
        raise Refusal(Fault.TARGET_EXISTS, path=str(target))
    backups.copy_to(store, target)
    return target
