"""Put a backup in the database's place."""

from pathlib import Path

from crmkit.model.backup import Restored
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.store import restoring
from crmkit.store.backup_folder import backup_folder_of, newest
from crmkit.store.connection import check_clock


def chosen_backup(database: Path, act: Act, named: Path | None) -> Path:
    """The backup meant: the file named, else the newest checked one beside the database that is not of the future.

    Raises Refusal: CLOCK, NOT_FOUND.
    """
    check_clock(act)
    if named is not None:
        return named
    found = newest(backup_folder_of(database), act.now)
    if found is None:
        raise Refusal(Fault.NOT_FOUND, noun="backup", value=str(backup_folder_of(database)))
    return found.path


def restore_backup(database: Path, act: Act, *, backup: Path) -> Restored:
    """Make `backup` the database; the file it replaces is kept first. No store may be open on it in this process."""
    return restoring.restore(database, backup, act)
