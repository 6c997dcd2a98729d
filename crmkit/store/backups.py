"""Backups (the safety part fills this in)."""

from crmkit.model.operation import Act
from crmkit.store.connection import Store


def before_first_write(store: Store, act: Act) -> None:
    """Back up before the day's first write."""
