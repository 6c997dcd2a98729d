"""Steps of documents as the change log tells them: which an operation took, whether somebody decided since."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmkit.model.document import DocumentAction, DocumentState
from crmkit.model.operation import Act
from crmkit.store import changes
from crmkit.store.connection import Store

TABLE = "transition"


@dataclass(frozen=True, slots=True)
class Step:
    """One step an operation took: `id` of the transition, its document, the action, the states around it."""

    id: int
    document: int
    action: DocumentAction
    before: DocumentState
    after: DocumentState


def steps_of(store: Store, seq: int) -> list[Step]:
    """The steps an operation took, oldest first."""
    cells: dict[str, dict[str, str | int | None]] = {}
    for change in changes.changes_of(store, seq):
        if change.table == TABLE and change.kind == "I":
            cells.setdefault(change.key, {})[change.column] = change.new
    return [_step(int(key), found) for key, found in cells.items()]


def _step(key: int, cells: dict[str, str | int | None]) -> Step:
    return Step(
        key,
        int(cells["document"] or 0),
        DocumentAction(str(cells["action"])),
        DocumentState(str(cells["before"])),
        DocumentState(str(cells["after"])),
    )


def decided_since(store: Store, steps: Iterable[Step], decisions: Iterable[DocumentAction]) -> bool:
    """Did one of these documents take one of these actions after its step?"""
    words = tuple(action.value for action in decisions)
    marks = ",".join("?" for _ in words)
    sql = f"SELECT 1 FROM transition WHERE document=? AND id>? AND action IN ({marks})"
    return any(store.one(sql, (step.document, step.id, *words)) for step in steps)


def record_withdrawal(store: Store, step: Step, act: Act) -> None:
    """Note that a step was taken back."""
    store.execute(
        "INSERT INTO transition(document, action, before, after, actor, role, at) VALUES (?,?,?,?,?,?,?)",
        (
            step.document,
            DocumentAction.WITHDRAW.value,
            step.after.value,
            step.before.value,
            act.actor,
            act.role.value if act.role else None,
            act.now.isoformat(timespec="seconds"),
        ),
    )
