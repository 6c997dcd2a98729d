"""The lines of a month's two documents: as they stand, as they were generated, as each round submitted them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from crmkit.model.document import Document, DocumentAction, DocumentKind, DocumentState, Transition
from crmkit.model.feedback import LineFeedback, LineValue, PlanLine, Round
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.feedback import generated_plan_lines, generated_strategy_lines, plan_lines, round_of, strategy_lines
from crmkit.rules.keycustomers import key_limit
from crmkit.rules.strategies_by_hand import added_by_hand, all_numbered, key_of
from crmkit.store import customers, documents, feedback, frequencies, keycustomers, strategies
from crmkit.store.connection import Store

KnownLines = dict[PlanLine, LineValue]
_DECIDED = (DocumentAction.REJECT, DocumentAction.APPROVE)


@dataclass(frozen=True, slots=True)
class KeptRounds:
    """What is kept of a document: its rounds' lines (0: as generated), its steps, what was said of its lines."""

    lines: Mapping[int, KnownLines]
    steps: tuple[Transition, ...]
    feedback: tuple[LineFeedback, ...]

    @property
    def current(self) -> int:
        """The round it is in, or was last submitted in."""
        return round_of(self.steps) - (self._last is DocumentAction.REJECT)

    @property
    def rejected(self) -> int:
        """The round that was rejected last; 0 when none was."""
        return round_of(self.steps) - 1

    @property
    def _last(self) -> DocumentAction | None:
        return self.steps[-1].action if self.steps else None

    @property
    def rounds(self) -> tuple[Round, ...]:
        """Every round that was submitted and not withdrawn."""
        submitted: dict[int, Transition] = {}
        decided: dict[int, Transition] = {}
        number = 1
        for step in self.steps:
            if step.action is DocumentAction.SUBMIT:
                submitted[number] = step
            elif step.action is DocumentAction.WITHDRAW:
                submitted.pop(number, None)
            elif step.action in _DECIDED:
                decided[number] = step
                number += step.action is DocumentAction.REJECT
        return tuple(
            Round(number, number in self.lines, step, decided.get(number)) for number, step in submitted.items()
        )


def kept_rounds(store: Store, document: int) -> KeptRounds:
    """The rounds of one document."""
    steps = tuple(documents.transitions(store, document))
    return KeptRounds(feedback.rounds(store, document), steps, tuple(feedback.feedback_of(store, document)))


def lines_now(store: Store, manager: Person, month: Month, kind: DocumentKind) -> KnownLines:
    """The lines of one document as they stand."""
    codes = {one.id: one.code for one in customers.all(store, manager.id)}
    if kind is DocumentKind.STRATEGIES:
        document = documents.find(store, manager.id, month, kind)
        target = documents.satisfaction_target(store, document.id) if document else None
        return strategy_lines(all_numbered(strategies.of_manager(store, manager.id, month)), codes, target)
    return plan_lines(
        keycustomers.candidates(store, manager.id, month),
        frequencies.lines(store, manager.id, month),
        codes,
        documents.texts(store, manager.id, month, kind),
    )


def standing_lines(store: Store, manager: Person, document: Document, kept: KeptRounds) -> KnownLines:
    """What stands: of a draft as it is, else as it was submitted last, whoever has the customers now."""
    submitted = None if document.state is DocumentState.DRAFT else kept.lines.get(kept.current)
    return lines_now(store, manager, document.month, document.kind) if submitted is None else submitted


def lines_generated(store: Store, policy: Policy, manager: Person, month: Month, kind: DocumentKind) -> KnownLines:
    """The lines of one document as they would stand if nobody had touched them."""
    known = {one.id: one for one in customers.all(store, manager.id)}
    listed = all_numbered(strategies.of_manager(store, manager.id, month))
    edits = strategies.edits(store, month, manager=manager.id)
    if kind is DocumentKind.STRATEGIES:
        return generated_strategy_lines(listed, edits, {one.id: one.code for one in known.values()})
    added = added_by_hand(edits)
    counts = Counter(one.customer for one in listed if key_of(one) not in added)
    lines = frequencies.lines(store, manager.id, month)
    candidates = keycustomers.candidates(store, manager.id, month)
    limit = key_limit(len(lines), policy.key)
    return generated_plan_lines(candidates, lines, known, counts, limit, policy.frequency)


def keep_round(store: Store, policy: Policy, manager: Person, month: Month, kind: DocumentKind) -> None:
    """Keep the lines of a document that was submitted just now; with its first round, what was generated."""
    document = documents.find(store, manager.id, month, kind)
    assert document is not None, "a document that was submitted"
    ids = {one.code: one.id for one in customers.all(store, manager.id)}
    kept = kept_rounds(store, document.id)
    if 0 not in kept.lines:
        feedback.write_round(store, document.id, 0, lines_generated(store, policy, manager, month, kind), ids)
    feedback.write_round(store, document.id, kept.current, lines_now(store, manager, month, kind), ids)


def forget_round(store: Store, document: int) -> None:
    """A round that was withdrawn is none: nobody decided on it. Before the first, nothing generated is kept either."""
    number = kept_rounds(store, document).current
    feedback.forget_rounds(store, document, 0 if number == 1 else number, number)
