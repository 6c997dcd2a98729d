"""What two people made of a month: each line as generated, as every round submitted it, what was said, what stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crmkit.model.document import Document, DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.feedback import LineFeedback, LineStory, Round, SinceRejection
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.feedback import stories
from crmkit.store import customers, documents
from crmkit.store.connection import Store
from crmkit.workflow.month_lines import kept_rounds, lines_generated, standing_lines
from crmkit.workflow.since_rejection import lines_since_rejection, open_feedback
from crmkit.workflow.way_to_plan import way_to_plan


@dataclass(frozen=True, slots=True)
class DocumentRounds:
    """One document through its rounds; `stories` of every line, changed or not."""

    kind: DocumentKind
    state: DocumentState
    rounds: tuple[Round, ...]
    stories: tuple[LineStory, ...]

    @property
    def changed(self) -> tuple[LineStory, ...]:
        return tuple(one for one in self.stories if one.changed)


@dataclass(frozen=True, slots=True)
class MonthRounds:
    """Both documents of a month; `names` are those of the customers by code."""

    manager: Person
    month: Month
    policy: Policy
    documents: tuple[DocumentRounds, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Argument:
    """What a month's page says of the argument: feedback to be answered, and what is new since the last rejection."""

    feedback: tuple[LineFeedback, ...]
    since: tuple[SinceRejection, ...]
    names: Mapping[str, str]  # of the customers, by code
    policy: Policy


def argument_of(store: Store, policy: Policy, manager: Person, month: Month) -> Argument:
    """The argument about a month as it stands."""
    since = lines_since_rejection(store, manager, month)
    names = {one.code: one.name for one in customers.all(store)} if since else {}
    return Argument(open_feedback(store, manager, month), since, names, policy)


def compare_rounds(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> MonthRounds:
    """Every line of the month through its rounds. Raises Refusal(GATE) before step 7 was generated."""
    found = documents.both(store, manager.id, month)
    if not found:
        way_out = way_to_plan(store, policy, manager, month, today)
        raise Refusal(Fault.GATE, step=7, needs="strategies-generated", way_out=way_out)
    told = tuple(_rounds_of(store, policy, manager, document) for document in found)
    return MonthRounds(manager, month, policy, told, {one.code: one.name for one in customers.all(store)})


def _rounds_of(store: Store, policy: Policy, manager: Person, document: Document) -> DocumentRounds:
    kept = kept_rounds(store, document.id)
    original = kept.lines.get(0)
    if original is None:
        original = lines_generated(store, policy, manager, document.month, document.kind)
    submitted = {number: lines for number, lines in kept.lines.items() if number}
    told = stories(original, submitted, standing_lines(store, manager, document, kept), kept.feedback)
    return DocumentRounds(document.kind, document.state, kept.rounds, told)
