"""Undo one operation, wholly or not at all."""

from dataclasses import dataclass

from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import MIGRATE, RESTORE, Act, KeptRow, Operation
from crmkit.rules.undoing import DECISIONS, UndoCase, is_withdrawal, undo_refusal
from crmkit.store import changes, frozen, packages, partial_undo, withdrawals
from crmkit.store.connection import Store
from crmkit.store.rownames import row_name


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back."""

    operation: Operation
    rows: int
    withdrawn: int  # documents taken back from their reader
    kept: tuple[KeptRow, ...] = ()  # rows that stay because something later changed them or leans on them


def undo_operation(
    store: Store, act: Act, *, op: int | None = None, keep_later: bool = False, dry_run: bool = False
) -> Undone:
    """Take back operation `op`; without a number the actor's newest that is no undo and not undone.

    `keep_later` leaves rows that were changed since as they are, and names them, instead of refusing.

    Raises Refusal: NOT_FOUND; UNDO_REFUSED (op, reason of rules.undoing); LATE_CHANGE when a later operation
    changed a row of it. Nothing is half undone.
    """
    case = _case(store, _number(store, act, op))
    reason = undo_refusal(case, act.actor)
    if reason is not None:
        raise Refusal(Fault.UNDO_REFUSED, op=case.operation.seq, reason=reason.value, whose=case.operation.actor)
    try:
        return _apply(store, act, case, keep_later=keep_later, dry_run=dry_run)
    except Refusal as refusal:
        if refusal.fault is Fault.LATE_CHANGE:
            refusal.facts["key"] = row_name(store, refusal.facts["table"], refusal.facts["key"])
        raise


def _number(store: Store, act: Act, op: int | None) -> int:
    number = changes.newest_of(store, act.actor) if op is None else op
    if number is None:
        raise Refusal(Fault.NOT_FOUND, noun="operation-of", value=act.actor)
    return number


def _case(store: Store, op: int) -> UndoCase:
    operation = changes.operation_of(store, op)
    steps = withdrawals.steps_of(store, op)
    return UndoCase(
        operation=operation,
        actions=frozenset(step.action for step in steps),
        decided=withdrawals.decided_since(store, steps, DECISIONS),
        undid_import=operation.undoes is not None and changes.brought_import(store, operation.undoes),
        submitted=frozen.holds_submitted(store, op),
        sent=packages.sent_by(store, op),
        last_migration=changes.newest_command(store, (MIGRATE,)),
        last_restore=changes.newest_command(store, (RESTORE,)),
    )


def _apply(store: Store, act: Act, case: UndoCase, *, keep_later: bool, dry_run: bool) -> Undone:
    op, withdrawal = case.operation.seq, is_withdrawal(case)
    steps = withdrawals.steps_of(store, op) if withdrawal else []
    keep = frozenset({withdrawals.TABLE}) if withdrawal else frozenset()
    with store.operation(act, undoes=op, rehearse=dry_run):
        if keep_later:
            rows, kept = partial_undo.reverse_what_stands(store, op, keep)
        else:
            rows, kept = changes.reverse(store, op, keep), ()
        for step in steps:
            withdrawals.record_withdrawal(store, step, act)
    return Undone(case.operation, rows, len(steps), kept)
