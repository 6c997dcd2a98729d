"""Forward migrations: frozen steps, each atomic, never undone across."""

from collections.abc import Sequence

from crmkit.store import changes
from crmkit.store.connection import Store
from crmkit.store.migrations import m0001_first

STEPS: tuple[Sequence[str], ...] = (m0001_first.STATEMENTS,)
VERSION = len(STEPS)


def pending(store: Store) -> int:
    """How many steps this file is behind today's schema."""
    return VERSION - int(store.value("PRAGMA user_version"))


def apply_pending(store: Store) -> None:
    """Bring the file to today's schema in one transaction, version included. Back up first (the caller's part)."""
    store.execute("BEGIN IMMEDIATE")
    try:
        changes.drop_triggers(store)
        found = int(store.value("PRAGMA user_version"))
        for step in STEPS[found:]:
            for statement in step:
                store.execute(statement)
        changes.create_triggers(store)
        store.execute(f"PRAGMA user_version={VERSION:d}")
        store.execute("COMMIT")
    except BaseException:
        if store.connection.in_transaction:
            store.execute("ROLLBACK")
        raise
