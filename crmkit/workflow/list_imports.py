"""What was imported: all batches, one of them, and taking one back."""

from dataclasses import dataclass

from crmkit.model.importing import Batch
from crmkit.model.operation import Act
from crmkit.store import imports
from crmkit.store.connection import Store
from crmkit.workflow.undo_operation import Undone, undo_operation


@dataclass(frozen=True, slots=True)
class BatchDetail:
    """One batch, and the numbers of those the same command brought."""

    batch: Batch
    together: tuple[int, ...]


def list_imports(store: Store) -> list[Batch]:
    """Every batch, newest first."""
    return imports.all(store)


def show_import(store: Store, number: int) -> BatchDetail:
    """One batch. Raises Refusal(NOT_FOUND)."""
    batch = imports.by_number(store, number)
    return BatchDetail(batch, tuple(other.id for other in imports.of_operation(store, batch.op) if other.id != number))


def undo_import(store: Store, act: Act, *, number: int, keep_later: bool = False, dry_run: bool = False) -> Undone:
    """Take back the command that brought a batch, with every file it brought.

    With `keep_later` rows that were changed since stay, and are named.

    Raises Refusal: NOT_FOUND, UNDO_REFUSED, LATE_CHANGE.
    """
    return undo_operation(store, act, op=imports.by_number(store, number).op, keep_later=keep_later, dry_run=dry_run)
