"""From an older schema to today's: forward only. Steps are frozen, atomic and never undone across."""

from collections.abc import Sequence

from crmkit.model.operation import Act
from crmkit.store import changes
from crmkit.store.connection import Store
from crmkit.store.migrations import (
    m0001_first,
    m0002_demand,
    m0003_brand,
    m0004_own_held,
    m0005_moving,
    m0006_feedback,
    m0007_opening,
    m0008_package,
    m0009_week,
    m0010_debt,
    m0011_ad_hoc,
    m0012_restatement,
    m0013_summary,
    m0014_distance,
    m0015_asked,
)

Steps = Sequence[Sequence[str]]
STEPS: Steps = tuple(
    step.STATEMENTS
    for step in (
        m0001_first,
        m0002_demand,
        m0003_brand,
        m0004_own_held,
        m0005_moving,
        m0006_feedback,
        m0007_opening,
        m0008_package,
        m0009_week,
        m0010_debt,
        m0011_ad_hoc,
        m0012_restatement,
        m0013_summary,
        m0014_distance,
        m0015_asked,
    )
)
VERSION = len(STEPS)


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
