"""The two documents of a month and every step they took."""

from datetime import date
from typing import Any

from crmkit.model.document import Document, DocumentAction, DocumentKind, DocumentState, Transition
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.store.connection import Store


def find(store: Store, manager: int, month: Month, kind: DocumentKind) -> Document | None:
    row = store.one(
        "SELECT id, state FROM document WHERE manager=? AND month=? AND kind=?",
        (manager, str(month), kind.value),
    )
    return None if row is None else Document(row[0], manager, month, kind, DocumentState(row[1]))


def ensure(store: Store, manager: int, month: Month, kind: DocumentKind) -> Document:
    """The document, opened as a draft when it was not there."""
    found = find(store, manager, month, kind)
    if found is None:
        store.execute(
            "INSERT INTO document(manager, month, kind) VALUES (?,?,?)", (manager, str(month), kind.value)
        )
        found = find(store, manager, month, kind)
    assert found is not None
    return found


def both(store: Store, manager: int, month: Month) -> list[Document]:
    """A manager's documents of a month, the strategies first; those that are there."""
    found = (find(store, manager, month, kind) for kind in DocumentKind)
    return [document for document in found if document]


def of_month(store: Store, month: Month) -> list[Document]:
    """Every document of a month, by manager."""
    rows = store.rows(
        "SELECT id, manager, kind, state FROM document WHERE month=? ORDER BY manager, kind", (str(month),)
    )
    return [
        Document(key, manager, month, DocumentKind(kind), DocumentState(state))
        for key, manager, kind, state in rows
    ]


def move(
    store: Store,
    document: Document,
    action: DocumentAction,
    after: DocumentState,
    act: Act,
    reason: str | None,
    late: bool,
) -> None:
    """Write a state and the step that led to it."""
    store.execute("UPDATE document SET state=? WHERE id=?", (after.value, document.id))
    store.execute(
        """INSERT INTO transition(document, action, before, after, actor, role, at, reason, late)
           VALUES (?,?,?,?,?,?,?,?,?)""",
        (document.id, action.value, document.state.value, after.value, act.actor, act.role and act.role.value,
         act.now.isoformat(timespec="seconds"), reason, int(late)),
    )  # fmt: skip


def transitions(store: Store, document: int) -> list[Transition]:
    """The document's steps, oldest first."""
    rows = store.rows(f"SELECT {_STEP} FROM transition t WHERE t.document=? ORDER BY t.id", (document,))
    return [_transition(document, row) for row in rows]


_STEP = "t.action, t.before, t.after, t.actor, t.role, t.at, t.reason"


def _transition(document: int, row: tuple[Any, ...]) -> Transition:
    action, before, after, actor, role, at, reason = row
    states = DocumentState(before), DocumentState(after)
    return Transition(document, DocumentAction(action), *states, actor, role or "", at, reason)


def steps_of_month(store: Store, manager: int, month: Month) -> list[tuple[DocumentKind, Transition]]:
    """The steps of both documents in the order in which they were taken."""
    rows = store.rows(
        f"""SELECT d.kind, t.document, {_STEP} FROM transition t JOIN document d ON d.id=t.document
            WHERE d.manager=? AND d.month=? ORDER BY t.id""",
        (manager, str(month)),
    )
    return [(DocumentKind(row[0]), _transition(row[1], row[2:])) for row in rows]


def last_transition(store: Store, manager: int, month: Month, kind: DocumentKind) -> Transition | None:
    """The newest step of a manager's document."""
    document = find(store, manager, month, kind)
    steps = transitions(store, document.id) if document else []
    return steps[-1] if steps else None


def results_approved(store: Store) -> dict[tuple[int, Month], date]:
    """The day on which the result of each manager's month was approved."""
    rows = store.rows(
        """SELECT d.manager, d.month, max(t.at) FROM document d JOIN transition t ON t.document=d.id
           WHERE d.state=? AND t.action=? GROUP BY d.id""",
        (DocumentState.RESULT_APPROVED.value, DocumentAction.APPROVE_RESULT.value),
    )
    return {(manager, Month.parse(month)): date.fromisoformat(at[:10]) for manager, month, at in rows}


def submitted_by(store: Store, document: int) -> int:
    """The operation that submitted the document last; 0 before the first."""
    found: int | None = store.value(
        """SELECT max(c.op) FROM change c JOIN transition t ON c.key=t.id
           WHERE c.tbl='transition' AND c.kind='I' AND t.document=? AND t.action='submit'""",
        (document,),
    )
    return found or 0


def satisfaction_target(store: Store, document: int) -> str | None:
    found: str | None = store.value("SELECT satisfaction_target FROM document WHERE id=?", (document,))
    return found


def set_satisfaction_target(store: Store, document: int, target: str) -> None:
    store.execute("UPDATE document SET satisfaction_target=? WHERE id=?", (target, document))


def texts(store: Store, manager: int, month: Month, kind: DocumentKind) -> tuple[str | None, str | None]:
    """Problems and focus as a person wrote them into a document."""
    row = store.one(
        "SELECT problems, focus FROM document WHERE manager=? AND month=? AND kind=?", (manager, str(month), kind.value)
    )
    return (row[0], row[1]) if row else (None, None)


def set_texts(store: Store, document: int, problems: str | None, focus: str | None) -> None:
    """Write both texts; equal ones stay untouched."""
    store.execute(
        "UPDATE document SET problems=?1, focus=?2 WHERE id=?3 AND (problems IS NOT ?1 OR focus IS NOT ?2)",
        (problems, focus, document),
    )
