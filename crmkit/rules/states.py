"""The two documents of a month and what may happen to them (method.md §3, "Two documents").

Strategies (7), the month record: draft → submitted → approved → result submitted → result approved.
Month plan (8): draft → submitted → approved; submitted only with or after 7.
Rejecting 7 returns an unapproved 8 to draft; 7 cannot be rejected once 8 is approved; approvals are never undone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from crmkit.model.document import (
    Circumstance,
    Decision,
    DocumentAction,
    DocumentKind,
    Documents,
    DocumentState,
    Move,
)
from crmkit.model.errors import Fault, Refusal
from crmkit.model.person import Role
from crmkit.rules.rights import may_write_month

Action = DocumentAction
Kind = DocumentKind
State = DocumentState

MOVES: Mapping[tuple[Kind, State, Action], State] = MappingProxyType(
    {
        (Kind.STRATEGIES, State.DRAFT, Action.SUBMIT): State.SUBMITTED,
        (Kind.STRATEGIES, State.SUBMITTED, Action.APPROVE): State.APPROVED,
        (Kind.STRATEGIES, State.SUBMITTED, Action.REJECT): State.DRAFT,
        (Kind.STRATEGIES, State.SUBMITTED, Action.WITHDRAW): State.DRAFT,
        (Kind.STRATEGIES, State.APPROVED, Action.SUBMIT_RESULT): State.RESULT_SUBMITTED,
        (Kind.STRATEGIES, State.RESULT_SUBMITTED, Action.APPROVE_RESULT): State.RESULT_APPROVED,
        (Kind.STRATEGIES, State.RESULT_SUBMITTED, Action.REJECT_RESULT): State.APPROVED,
        (Kind.STRATEGIES, State.RESULT_SUBMITTED, Action.WITHDRAW): State.APPROVED,
        (Kind.PLAN, State.DRAFT, Action.SUBMIT): State.SUBMITTED,
        (Kind.PLAN, State.SUBMITTED, Action.APPROVE): State.APPROVED,
        (Kind.PLAN, State.SUBMITTED, Action.REJECT): State.DRAFT,
        (Kind.PLAN, State.SUBMITTED, Action.WITHDRAW): State.DRAFT,
    }
)

_ORDER = (State.DRAFT, State.SUBMITTED, State.APPROVED, State.RESULT_SUBMITTED, State.RESULT_APPROVED)
_SUBMITTING = (Action.SUBMIT, Action.SUBMIT_RESULT)
_DECIDING = (Action.APPROVE, Action.REJECT, Action.APPROVE_RESULT, Action.REJECT_RESULT)
_REASONED = (Action.REJECT, Action.REJECT_RESULT)
_TURNING_BACK = (Action.REJECT, Action.WITHDRAW)
_DONE_FROM = {Action.APPROVE: State.APPROVED, Action.APPROVE_RESULT: State.RESULT_APPROVED}
_WAY_OUT = {
    State.DRAFT: "crmkit plan submit",
    State.SUBMITTED: "crmkit plan approve",
    State.APPROVED: "crmkit status",
    State.RESULT_SUBMITTED: "crmkit status",
    State.RESULT_APPROVED: "crmkit status",
}


def decide(
    action: DocumentAction, kinds: Iterable[DocumentKind], documents: Documents, circumstance: Circumstance
) -> Decision:
    """The moves an action brings about, on one document or on both in one act.

    Submitting and approving take 7 before 8, rejecting and withdrawing 8 before 7. Approving what is approved is
    no event: its Decision has no move of that document.

    Raises Refusal: ROLE (role, needed); RULE (rule: not-your-document, own-approval, reason-needed,
    not-the-submitter, package-left); GATE (step 7 needs satisfaction-target, step 8 needs strategies-submitted,
    step 12 needs last-planned-day); STATE (document, state, action, way_out).
    """
    _check_who(action, circumstance)
    chosen = sorted(set(kinds), key=list(Kind).index, reverse=action in _TURNING_BACK)
    moves: list[Move] = []
    now = documents
    for kind in chosen:
        for move in _moves_of(action, kind, now, circumstance):
            moves.append(move)
            now = _moved(now, move)
    return Decision(tuple(moves), now)


def is_editable(documents: Documents, kind: DocumentKind) -> bool:
    """Submitted = read-only: only a draft may be edited, generated anew or recomputed under."""
    return documents.state(kind) in (None, State.DRAFT)


def is_approved(state: DocumentState | None) -> bool:
    """Approved or later: the gate of steps 10 and 11."""
    return state is not None and _ORDER.index(state) >= _ORDER.index(State.APPROVED)


def allows_annotation(documents: Documents) -> bool:
    """Step 12: the month record is exactly approved; after result submission marks are restatements."""
    return documents.strategies is State.APPROVED


def _check_who(action: DocumentAction, circumstance: Circumstance) -> None:
    if action in _DECIDING:
        check_decider(circumstance)
    elif action in _SUBMITTING and not _may_write(circumstance):
        way_out = f"crmkit plan {action.value} --as {circumstance.manager}"
        raise Refusal(Fault.RULE, rule="not-your-document", way_out=way_out)
    if action in _REASONED and not (circumstance.reason or "").strip():
        raise Refusal(Fault.RULE, rule="reason-needed", way_out=f"crmkit plan {action.value} --reason REASON")


def _may_write(circumstance: Circumstance) -> bool:
    here = circumstance
    return may_write_month(here.actor, here.manager, here.approval, stands_in=here.stands_in)


def check_decider(circumstance: Circumstance) -> None:
    """The market manager decides; nobody on his own documents, unless approval = "self"."""
    own = circumstance.actor in (circumstance.manager, *circumstance.submitters.values())
    if own and circumstance.approval == "self":
        return
    if circumstance.role is not Role.MARKET_MANAGER:
        raise Refusal(Fault.ROLE, role=circumstance.role, needed=Role.MARKET_MANAGER)
    if own:
        raise Refusal(Fault.RULE, rule="own-approval", way_out='approval = "self"')


def _moves_of(
    action: DocumentAction, kind: DocumentKind, documents: Documents, circumstance: Circumstance
) -> list[Move]:
    state = documents.state(kind)
    if _is_done_already(action, kind, state):
        return []
    after = None if state is None else MOVES.get((kind, state, action))
    if state is None or after is None:
        raise _wrong_state(kind, state, action)
    _check_facts(action, kind, documents, circumstance)
    move = Move(kind, action, state, after)
    return [*_plan_taken_along(action, kind, documents), move]


def _is_done_already(action: DocumentAction, kind: DocumentKind, state: DocumentState | None) -> bool:
    done_from = _DONE_FROM.get(action)
    if done_from is None or state is None or (kind is Kind.PLAN and action is Action.APPROVE_RESULT):
        return False
    return _ORDER.index(state) >= _ORDER.index(done_from)


def _check_facts(action: DocumentAction, kind: DocumentKind, documents: Documents, circumstance: Circumstance) -> None:
    if action is Action.SUBMIT:
        _check_submit(kind, documents, circumstance)
    elif action is Action.SUBMIT_RESULT:
        _check_result(circumstance)
    elif action is Action.WITHDRAW:
        _check_withdrawal(kind, documents, circumstance)
    turning_back = action in _TURNING_BACK and documents.strategies is State.SUBMITTED
    if turning_back and kind is Kind.STRATEGIES and documents.plan is State.APPROVED:
        raise _wrong_state(Kind.PLAN, State.APPROVED, action)


def _check_submit(kind: DocumentKind, documents: Documents, circumstance: Circumstance) -> None:
    if kind is Kind.STRATEGIES and not circumstance.satisfaction_target:
        way_out = "crmkit plan strategies --satisfaction 90"
        raise Refusal(Fault.GATE, step=7, needs="satisfaction-target", way_out=way_out)
    if kind is Kind.PLAN and documents.strategies in (None, State.DRAFT):
        raise Refusal(Fault.GATE, step=8, needs="strategies-submitted", way_out="crmkit plan submit")


def _check_result(circumstance: Circumstance) -> None:
    last = circumstance.last_planned_day
    if last is None or circumstance.today < last:
        raise Refusal(Fault.GATE, step=12, needs="last-planned-day", day=last, way_out="crmkit status")


def _check_withdrawal(kind: DocumentKind, documents: Documents, circumstance: Circumstance) -> None:
    """Only by the submitter, and while no package left: of this document, or of the one it takes along."""
    submitter = circumstance.submitters.get(kind, circumstance.manager)
    if circumstance.actor != submitter:
        raise Refusal(Fault.RULE, rule="not-the-submitter", way_out="crmkit plan reject")
    along = {Kind.PLAN} if kind is Kind.STRATEGIES and documents.plan is State.SUBMITTED else set()
    if {kind, *along} & circumstance.package_left:
        raise Refusal(Fault.RULE, rule="package-left", way_out="crmkit review reject FILE --reason REASON")


def _plan_taken_along(action: DocumentAction, kind: DocumentKind, documents: Documents) -> list[Move]:
    """7 back to draft takes an unapproved 8 with it."""
    back = action in _TURNING_BACK and kind is Kind.STRATEGIES and documents.strategies is State.SUBMITTED
    if not back or documents.plan is not State.SUBMITTED:
        return []
    return [Move(Kind.PLAN, action, State.SUBMITTED, State.DRAFT)]


def _moved(documents: Documents, move: Move) -> Documents:
    if move.kind is Kind.STRATEGIES:
        return replace(documents, strategies=move.after)
    return replace(documents, plan=move.after)


def _wrong_state(kind: DocumentKind, state: DocumentState | None, action: DocumentAction) -> Refusal:
    if state is None:
        way_out = "crmkit plan strategies" if kind is Kind.STRATEGIES else "crmkit plan generate"
        return Refusal(Fault.STATE, document=kind, state="missing", action=action, way_out=way_out)
    return Refusal(Fault.STATE, document=kind, state=state, action=action, way_out=_WAY_OUT[state])
