"""What hangs on a document may change while that is a draft; after submit nothing moves."""

from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.rules.states import is_approved
from crmkit.store import documents
from crmkit.store.connection import Store


def refuse_after_submit(store: Store, manager: Person, month: Month) -> None:
    """After submit nothing moves (step 7)."""
    refuse_unless_draft(store, manager, month, DocumentKind.STRATEGIES, "status")


def refuse_unless_draft(store: Store, manager: Person, month: Month, kind: DocumentKind, onward: str) -> None:
    """A document that is not there yet or a draft may change. What is approved stays as it is: `onward` is the command
    that goes on in the next month.
    """
    found = documents.find(store, manager.id, month, kind)
    if found and is_approved(found.state):
        way_out = f"crmkit {onward} --month {month.next}"
        raise Refusal(Fault.RULE, rule="in-force", document=kind.value, month=month, way_out=way_out)
    if found and found.state is not DocumentState.DRAFT:
        raise Refusal(
            Fault.STATE,
            document=kind.value,
            state=found.state.value,
            action="change",
            way_out=f"crmkit plan withdraw --month {month}",
        )


def is_draft(store: Store, manager: Person, month: Month, kind: DocumentKind) -> bool:
    """Is there such a document, and may it still change?"""
    found = documents.find(store, manager.id, month, kind)
    return found is not None and found.state is DocumentState.DRAFT


def is_submitted(store: Store, manager: Person, month: Month, kind: DocumentKind) -> bool:
    """Is there such a document, and may it no longer change?"""
    found = documents.find(store, manager.id, month, kind)
    return found is not None and found.state is not DocumentState.DRAFT
