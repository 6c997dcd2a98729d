"""What is new in a month that was sent back, and what waits for an answer: for both who argue about it."""

from crmkit.model.document import Document, DocumentAction, DocumentState
from crmkit.model.feedback import LineFeedback, SinceRejection
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.rules.feedback import changes_between
from crmkit.store import documents
from crmkit.store.connection import Store
from crmkit.workflow.month_lines import kept_rounds, standing_lines


def lines_since_rejection(store: Store, manager: Person, month: Month) -> tuple[SinceRejection, ...]:
    """For each document that was sent back: the lines that are new since the last rejection, each with what was said
    of it, and the feedback that nothing answered. A draft is looked at as it stands, else what was submitted after.
    """
    found = (_since_rejection(store, manager, document) for document in documents.both(store, manager.id, month))
    return tuple(one for one in found if one)


def open_feedback(store: Store, manager: Person, month: Month) -> tuple[LineFeedback, ...]:
    """What the last rejection said of lines, as long as the document was not submitted again."""
    found: list[LineFeedback] = []
    for document in documents.both(store, manager.id, month):
        kept = kept_rounds(store, document.id)
        if document.state is DocumentState.DRAFT:
            found += [one for one in kept.feedback if one.round == kept.rejected]
    return tuple(found)


def _since_rejection(store: Store, manager: Person, document: Document) -> SinceRejection | None:
    kept = kept_rounds(store, document.id)
    number = kept.rejected
    if not number:
        return None
    rejection = [step for step in kept.steps if step.action is DocumentAction.REJECT][-1]
    said = [one for one in kept.feedback if one.round == number]
    after = standing_lines(store, manager, document, kept)
    before = kept.lines.get(number, after)  # not kept by an older crmkit: nothing can be told
    moved, unmoved = changes_between(before, after, said)
    return SinceRejection(document.kind, document.state, number, rejection, moved, unmoved)
