"""The operation log: what was done, by whom, and what one operation changed."""

from dataclasses import dataclass, replace

from crmkit.model.operation import Change, Operation
from crmkit.model.personal import is_personal
from crmkit.store import changes
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class OperationDetail:
    """One operation with the cells it changed."""

    operation: Operation
    changes: tuple[Change, ...]


def list_operations(store: Store, *, limit: int) -> list[Operation]:
    """The newest operations, newest first."""
    return changes.operations(store, limit)


def show_operation(store: Store, op: int, *, personal: bool = False) -> OperationDetail:
    """One operation and its changes; personal cells are masked unless asked for. Raises Refusal(NOT_FOUND)."""
    found = changes.operation_of(store, op)
    cells = (change if personal else _masked(change) for change in changes.changes_of(store, op))
    return OperationDetail(found, tuple(cells))


def _masked(change: Change) -> Change:
    if not is_personal(change.table, change.column):
        return change
    return replace(change, old=None, new=None, masked=True)
