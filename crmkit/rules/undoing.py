"""What may be undone: one's own operation, never a decision, never across a migration or a restore."""

from dataclasses import dataclass
from enum import StrEnum

from crmkit.model.document import DocumentAction
from crmkit.model.operation import MIGRATE, RESTORE, Operation


class UndoReason(StrEnum):
    """Why an operation stays as it is."""

    ALREADY_UNDONE = "already-undone"
    OTHER_ACTOR = "other-actor"
    DECISION = "decision"  # approvals and rejections are restated, never undone
    DECIDED = "decided"  # a submit that somebody has decided on is no longer the submitter's to withdraw
    SUBMITTED = "submitted"  # it is part of what was submitted: read-only, for undo too
    WITHDRAWN = "withdrawn"  # a withdrawal is taken back by submitting again, with all its gates
    PACKAGE_LEFT = "package-left"  # it went to another machine: only the market manager sends it back
    MIGRATION = "migration"
    RESTORE = "restore"
    IMPORT_AGAIN = "import-again"  # the redo of an import is importing again


DECISIONS = frozenset(
    {
        DocumentAction.APPROVE,
        DocumentAction.REJECT,
        DocumentAction.APPROVE_RESULT,
        DocumentAction.REJECT_RESULT,
    }
)
SUBMITS = frozenset({DocumentAction.SUBMIT, DocumentAction.SUBMIT_RESULT})


@dataclass(frozen=True, slots=True)
class UndoCase:
    """What the rule has to know about an operation."""

    operation: Operation
    actions: frozenset[DocumentAction]  # steps of documents it took
    decided: bool  # has somebody decided on one of these documents since?
    undid_import: bool  # is it itself the undo of an import?
    last_migration: int  # number of the newest migration; 0 for none
    last_restore: int
    submitted: bool = False  # did it change what a document holds that is no draft any more?
    sent: bool = False  # did it send a package, or submit what has gone in one since?


def undo_refusal(case: UndoCase, actor: str) -> UndoReason | None:
    """Why `actor` may not undo this operation; None when he may (cli.md, store.md)."""
    seq = case.operation.seq
    answers = (
        (UndoReason.ALREADY_UNDONE, case.operation.undone_by is not None),
        (UndoReason.MIGRATION, case.operation.command == MIGRATE or seq < case.last_migration),
        (UndoReason.RESTORE, case.operation.command == RESTORE or seq < case.last_restore),
        (UndoReason.OTHER_ACTOR, case.operation.actor != actor),
        (UndoReason.DECISION, bool(case.actions & DECISIONS)),
        (UndoReason.DECIDED, bool(case.actions & SUBMITS) and case.decided),
        (UndoReason.PACKAGE_LEFT, case.sent),
        (UndoReason.WITHDRAWN, DocumentAction.WITHDRAW in case.actions),
        (UndoReason.SUBMITTED, case.submitted),
        (UndoReason.IMPORT_AGAIN, case.undid_import),
    )
    return next((reason for reason, applies in answers if applies), None)


def is_withdrawal(case: UndoCase) -> bool:
    """Undoing one's own submit is a withdrawal: the step stays on record and a withdrawal follows it."""
    return bool(case.actions & SUBMITS)
