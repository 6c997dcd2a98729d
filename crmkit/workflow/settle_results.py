"""Step 12 at the month's end: its results submitted, withdrawn, approved, sent back."""

from crmkit.model.document import DocumentAction, DocumentKind, DocumentState
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.store import documents, people
from crmkit.store.connection import Store
from crmkit.workflow.settle_documents import Settled, settle, whose_decision

_RESULT = (DocumentKind.STRATEGIES,)  # results are of the month record


def submit_result(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, dry_run: bool = False
) -> Settled:
    """Step 12: the results of the month go up, from its last planned visit day on. Raises Refusal: GATE, STATE."""
    common = (store, act, policy, manager, month, DocumentAction.SUBMIT_RESULT, _RESULT, None)
    return settle(*common, dry_run=dry_run)


def approve_result(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, dry_run: bool = False
) -> Settled:
    """Close the month: what is open of visit debt expires, later marks are restatements."""
    common = (store, act, policy, manager, month, DocumentAction.APPROVE_RESULT, _RESULT, None)
    return settle(*common, dry_run=dry_run)


def withdraw_result(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, dry_run: bool = False
) -> Settled:
    """Take one's own results back while nobody has decided."""
    common = (store, act, policy, manager, month, DocumentAction.WITHDRAW, _RESULT, None)
    return settle(*common, dry_run=dry_run)


def reject_result(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, reason: str, dry_run: bool = False
) -> Settled:
    """Send the results back: the month is approved again, and takes marks."""
    common = (store, act, policy, manager, month, DocumentAction.REJECT_RESULT, _RESULT, reason)
    return settle(*common, dry_run=dry_run)


def whose_result(store: Store, word: str | None, actor: str, month: Month) -> Person:
    """Whose results are decided on: as whose_decision, of those whose results wait."""
    waiting = {d.manager for d in documents.of_month(store, month) if d.state is DocumentState.RESULT_SUBMITTED}
    if not word and len(waiting) == 1:
        return people.by_id(store, waiting.pop())
    return whose_decision(store, word, actor, month)
