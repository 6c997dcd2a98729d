"""What happens to the two documents of a month: submit, withdraw, approve, reject (steps 7 and 8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crmkit.model.document import Circumstance, Document, DocumentAction, DocumentKind, Documents, DocumentState, Move
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.calendar import deadline
from crmkit.rules.states import decide
from crmkit.store import documents, frequencies
from crmkit.store.connection import Store
from crmkit.workflow.generate_month_plan import MonthPlan, month_plan
from crmkit.workflow.working_calendar import calendar_of_month

BOTH = (DocumentKind.STRATEGIES, DocumentKind.PLAN)
_SUBMITTING = (DocumentAction.SUBMIT, DocumentAction.SUBMIT_RESULT)


@dataclass(frozen=True, slots=True)
class Settled:
    """What an action did: the moves, the states after it, how many customers got a frequency written."""

    manager: Person
    month: Month
    action: DocumentAction
    moves: tuple[Move, ...]
    states: Documents
    frequencies: int = 0
    late: bool = False


def submit(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    kinds: Iterable[DocumentKind] = BOTH,
    *,
    accept_shortage: str | None = None,
    dry_run: bool = False,
) -> Settled:
    """Submit the strategies, the month plan, or both in one act.

    A plan that cannot fit is refused with what is missing, unless the shortage is accepted with a reason.
    """
    wanted = tuple(kinds)
    if DocumentKind.PLAN in wanted:
        _refuse_without_room(month_plan(store, policy, manager, month, act.today), accept_shortage)
    return _settle(store, act, policy, manager, month, DocumentAction.SUBMIT, wanted, accept_shortage, dry_run=dry_run)


def withdraw(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, kinds: Iterable[DocumentKind] = BOTH,
    *, reason: str | None = None, dry_run: bool = False,
) -> Settled:  # fmt: skip
    """Take back one's own submission while nobody has decided. Documents not submitted are left out."""
    wanted = _submitted(store, manager, month, kinds)
    return _settle(store, act, policy, manager, month, DocumentAction.WITHDRAW, wanted, reason, dry_run=dry_run)


def approve(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, kinds: Iterable[DocumentKind] = BOTH,
    *, dry_run: bool = False,
) -> Settled:  # fmt: skip
    """Approve; approval of the plan writes every frequency into the customers, all in the same transaction."""
    return _settle(store, act, policy, manager, month, DocumentAction.APPROVE, tuple(kinds), None, dry_run=dry_run)


def reject(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, kinds: Iterable[DocumentKind] = BOTH,
    *, reason: str | None = None, dry_run: bool = False,
) -> Settled:  # fmt: skip
    """Send back to draft, with a reason. Documents not submitted are left out."""
    wanted = _submitted(store, manager, month, kinds)
    return _settle(store, act, policy, manager, month, DocumentAction.REJECT, wanted, reason, dry_run=dry_run)


def states_of(store: Store, manager: Person, month: Month) -> Documents:
    """The states of both documents."""
    found = {kind: documents.find(store, manager.id, month, kind) for kind in BOTH}
    strategies, plan = found[DocumentKind.STRATEGIES], found[DocumentKind.PLAN]
    return Documents(strategies.state if strategies else None, plan.state if plan else None)


def _submitted(store: Store, manager: Person, month: Month, kinds: Iterable[DocumentKind]) -> tuple[DocumentKind, ...]:
    """Of the documents meant, those that wait for a decision; all of them when none does (the rule then refuses)."""
    states = states_of(store, manager, month)
    wanted = tuple(kinds)
    return tuple(kind for kind in wanted if states.state(kind) is DocumentState.SUBMITTED) or wanted


def _settle(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    action: DocumentAction,
    kinds: tuple[DocumentKind, ...],
    reason: str | None,
    *,
    dry_run: bool,
) -> Settled:
    decision = decide(
        action, kinds, states_of(store, manager, month), _circumstance(store, act, policy, manager, month, reason)
    )
    late = action in _SUBMITTING and _is_late(store, policy, manager, month, act.today)
    lines = frequencies.lines(store, manager.id, month) if _writes_frequencies(decision.moves) else []
    if not dry_run and decision.moves:
        with store.operation(act):
            for move in decision.moves:
                document = documents.find(store, manager.id, month, move.kind)
                assert document is not None, "a document that moved"
                documents.move(store, document, move.action, move.after, act, reason, late)
            frequencies.write_into_customers(store, lines)
    return Settled(manager, month, action, decision.moves, decision.after, len(lines), late)


def _writes_frequencies(moves: tuple[Move, ...]) -> bool:
    return any(move.kind is DocumentKind.PLAN and move.action is DocumentAction.APPROVE for move in moves)


def _circumstance(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, reason: str | None
) -> Circumstance:
    found = [documents.find(store, manager.id, month, kind) for kind in BOTH]
    known = [document for document in found if document]
    target = next(
        (documents.satisfaction_target(store, d.id) for d in known if d.kind is DocumentKind.STRATEGIES), None
    )
    return Circumstance(
        actor=act.actor,
        role=act.role,
        manager=manager.code,
        approval=policy.month.approval,
        today=act.today,
        reason=reason,
        submitters={d.kind: code for d in known if (code := _submitter(store, d))},
        satisfaction_target=target is not None,
    )


def _submitter(store: Store, document: Document) -> str | None:
    """Who submitted it last."""
    steps = documents.transitions(store, document.id)
    return next((step.actor for step in reversed(steps) if step.action in _SUBMITTING), None)


def _is_late(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> bool:
    try:
        calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    except Refusal:
        return False
    return today > deadline(calendar, month, policy.month.opening_days)


def _refuse_without_room(plan: MonthPlan, accepted: str | None) -> None:
    """Step 8: a plan that cannot fit is refused at submit, by how much, unless the shortage is accepted."""
    load = plan.load
    if load.fits or accepted:
        return
    raise Refusal(
        Fault.SHORTAGE,
        asked=load.visits,
        room=load.visits - len(load.unfit),
        missing=len(load.unfit),
        short=load.short,
        repairs=len(load.repairs),
    )
