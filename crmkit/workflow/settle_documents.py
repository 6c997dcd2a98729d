"""What happens to the two documents of a month: submit, withdraw, approve, reject (steps 7 and 8)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import takewhile

from crmkit.model.document import (
    Circumstance,
    Decision,
    Document,
    DocumentAction,
    DocumentKind,
    Documents,
    DocumentState,
    Move,
)
from crmkit.model.errors import Fault, Refusal
from crmkit.model.feedback import LineFeedback, LinePart
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.planning import Foresight, RepairKind
from crmkit.model.policy import Policy
from crmkit.model.strategy import AsideCustomer, FrequencyLine
from crmkit.rules.calendar import deadline
from crmkit.rules.states import decide
from crmkit.store import customers, documents, feedback, frequencies, operating, packages, people, planned
from crmkit.store.connection import Store
from crmkit.workflow.acting import stands_in_for, whose_month
from crmkit.workflow.approved_frequencies import approved_frequencies
from crmkit.workflow.generate_month_plan import MonthPlan, month_plan
from crmkit.workflow.month_lines import forget_round, keep_round, kept_rounds
from crmkit.workflow.seal_plan import seal_month_plan
from crmkit.workflow.way_to_plan import way_to_plan
from crmkit.workflow.working_calendar import calendar_of_month

BOTH = (DocumentKind.STRATEGIES, DocumentKind.PLAN)
_SUBMITTING = (DocumentAction.SUBMIT, DocumentAction.SUBMIT_RESULT)
Also = Callable[["Settled"], None]  # what else belongs into the operation that settles


@dataclass(frozen=True, slots=True)
class Settled:
    """What an action did: the moves, the states after it, the frequencies it wrote, and whom life took off the list
    of a plan that was submitted or approved.
    """

    manager: Person
    month: Month
    action: DocumentAction
    moves: tuple[Move, ...]
    states: Documents
    lines: tuple[FrequencyLine, ...] = ()
    late: bool = False
    asides: tuple[AsideCustomer, ...] = ()
    feedback: tuple[LineFeedback, ...] = ()  # what a rejection says of lines

    @property
    def frequencies(self) -> int:
        """How many customers got a frequency written."""
        return len(self.lines)


def submit(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    kinds: Iterable[DocumentKind] = BOTH,
    *,
    accept_shortage: str | None = None,
    also: Also | None = None,
    dry_run: bool = False,
) -> Settled:
    """Submit the strategies, the month plan, or both in one act. Of both, those submitted before are left out.

    A plan that cannot fit is refused with what is missing, unless the shortage is accepted with a reason. `also` is
    done in the same operation.
    """
    wanted = _in_state(store, manager, month, kinds, (None, DocumentState.DRAFT))
    if DocumentKind.STRATEGIES in wanted:
        _refuse_stale(store, act, policy, manager, month)
    if DocumentKind.PLAN in wanted and states_of(store, manager, month).plan in (None, DocumentState.DRAFT):
        plan = month_plan(store, policy, manager, month, act.today)
        _refuse_without_room(plan, accept_shortage)
        accept_shortage = None if plan.load.fits else accept_shortage  # where nothing is short, nothing is accepted
    common = (store, act, policy, manager, month, DocumentAction.SUBMIT, wanted, accept_shortage)
    return settle(*common, also=also, dry_run=dry_run)


def withdraw(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, kinds: Iterable[DocumentKind] = BOTH,
    *, reason: str | None = None, dry_run: bool = False,
) -> Settled:  # fmt: skip
    """Take back one's own submission while nobody has decided. Documents not submitted are left out."""
    wanted = _in_state(store, manager, month, kinds, (DocumentState.SUBMITTED,))
    return settle(store, act, policy, manager, month, DocumentAction.WITHDRAW, wanted, reason, dry_run=dry_run)


def approve(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, kinds: Iterable[DocumentKind] = BOTH,
    *, dry_run: bool = False,
) -> Settled:  # fmt: skip
    """Approve; approval of the plan writes every frequency into the customers, all in the same transaction.

    Of both documents, those not submitted are left out.
    """
    wanted = _in_state(store, manager, month, kinds, (DocumentState.SUBMITTED,))
    return settle(store, act, policy, manager, month, DocumentAction.APPROVE, wanted, None, dry_run=dry_run)


def reject(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, kinds: Iterable[DocumentKind] = BOTH,
    *, reason: str | None = None, lines: Sequence[LineFeedback] = (), dry_run: bool = False,
) -> Settled:  # fmt: skip
    """Send back to draft, with a reason, and with what is said of single lines. Documents not submitted are left out.

    Raises Refusal(STATE) for feedback on a line of a document that does not go back.
    """
    wanted = _in_state(store, manager, month, kinds, (DocumentState.SUBMITTED,))
    rejecting = DocumentAction.REJECT
    return settle(store, act, policy, manager, month, rejecting, wanted, reason, lines, dry_run=dry_run)


def settle_answer(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    action: DocumentAction,
    kinds: Iterable[DocumentKind],
    reason: str | None,
    lines: Sequence[LineFeedback] = (),
    *,
    by: Act,
    also: Also | None = None,
    dry_run: bool = False,
) -> Settled:
    """What somebody (`by`) decided on another machine, taken in here by `act`: the same rules, one operation."""
    common = (store, act, policy, manager, month, action, tuple(kinds), reason, lines)
    return settle(*common, by=by, also=also, dry_run=dry_run)


def states_of(store: Store, manager: Person, month: Month) -> Documents:
    """The states of both documents."""
    found = {kind: documents.find(store, manager.id, month, kind) for kind in BOTH}
    strategies, plan = found[DocumentKind.STRATEGIES], found[DocumentKind.PLAN]
    return Documents(strategies.state if strategies else None, plan.state if plan else None)


def whose_decision(store: Store, word: str | None, actor: str, month: Month) -> Person:
    """Whose documents are decided on: the manager named, else the only one whose documents wait.

    Nobody waits: the only one who has documents of the month, else as whose_month. Raises Refusal(ANSWER_NEEDED)
    naming those who wait when they are several.
    """
    listed = documents.of_month(store, month)
    waiting = {d.manager for d in listed if d.state is DocumentState.SUBMITTED} or {d.manager for d in listed}
    if word or not waiting:
        return whose_month(store, word, actor)
    if len(waiting) == 1:
        return people.by_id(store, waiting.pop())
    codes = sorted(people.by_id(store, key).code for key in waiting)
    raise Refusal(Fault.ANSWER_NEEDED, flag="--manager " + "|".join(codes))


def _in_state(
    store: Store, manager: Person, month: Month, kinds: Iterable[DocumentKind], states: Collection[DocumentState | None]
) -> tuple[DocumentKind, ...]:
    """Of the documents meant, those in one of the states; all of them when none is (the rule then answers)."""
    found = states_of(store, manager, month)
    wanted = tuple(kinds)
    return tuple(kind for kind in wanted if found.state(kind) in states) or wanted


def settle(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    action: DocumentAction,
    kinds: tuple[DocumentKind, ...],
    reason: str | None,
    lines: Sequence[LineFeedback] = (),
    *,
    by: Act | None = None,
    also: Also | None = None,
    dry_run: bool,
) -> Settled:
    """`by` is who decided, where that is not who types."""
    due = month.next if action is DocumentAction.SUBMIT_RESULT else month  # results: before the next month's deadline
    late = action in _SUBMITTING and _is_late(store, policy, manager, due, act.today)
    circumstance = _circumstance(store, by or act, policy, manager, month, reason)

    def decided() -> Settled:
        decision = _decide(store, policy, manager, month, action, kinds, circumstance)
        late_now = late and not decision.already
        settled = Settled(manager, month, action, decision.moves, decision.after, late=late_now, feedback=tuple(lines))
        _refuse_lines_that_stay(settled)
        return _with_frequencies(store, policy, settled, act.today)

    settled = decided()
    if dry_run or not settled.moves:
        return settled
    with store.operation(act, as_read=True) as op:
        settled = decided()  # again: another crmkit may have decided before this one had the file
        if _writes_frequencies(settled.moves):
            seal_month_plan(store, act, op, policy, manager, month)
        _write(store, by or act, policy, settled, reason)
        if also is not None:
            also(settled)
    return settled


def _decide(
    store: Store,
    policy: Policy,
    manager: Person,
    month: Month,
    action: DocumentAction,
    kinds: tuple[DocumentKind, ...],
    circumstance: Circumstance,
) -> Decision:
    """The rule's decision; the way out of a refusal names the month."""
    try:
        return decide(action, kinds, states_of(store, manager, month), circumstance)
    except Refusal as refusal:
        if refusal.facts.get("state") == "missing":
            refusal.facts["way_out"] = way_to_plan(store, policy, manager, month, circumstance.today)
            raise
        words = str(refusal.facts.get("way_out", "")).split()
        command = [*takewhile(lambda word: not word.startswith("-"), words)]
        if len(command) > 1 and "FILE" not in command:
            refusal.facts["way_out"] = " ".join([*command, "--month", str(month), *words[len(command) :]])
        raise


def _write(store: Store, act: Act, policy: Policy, settled: Settled, reason: str | None) -> None:
    manager, month = settled.manager, settled.month
    for move in settled.moves:
        document = documents.find(store, manager.id, month, move.kind)
        assert document is not None, "a document that moved"
        if move.action is DocumentAction.REJECT:
            _keep_feedback(store, act, settled, document)
        elif move.action is DocumentAction.WITHDRAW and move.before is DocumentState.SUBMITTED:
            forget_round(store, document.id)
        documents.move(store, document, move.action, move.after, act, reason, settled.late)
        if move.action is DocumentAction.SUBMIT:
            keep_round(store, policy, manager, month, move.kind)
    if _writes_frequencies(settled.moves):
        frequencies.write_into_customers(store, settled.lines)


def _keep_feedback(store: Store, act: Act, settled: Settled, document: Document) -> None:
    """What is said of lines of this document, with the round that is rejected."""
    mine = [one for one in settled.feedback if _kept_with(one, settled) is document.kind]
    ids = {one.code: one.id for one in customers.all(store, settled.manager.id)}
    feedback.add_feedback(store, act, document.id, kept_rounds(store, document.id).current, mine, ids)


def _kept_with(one: LineFeedback, settled: Settled) -> DocumentKind:
    """The document feedback is kept with: its line's; what is said of a whole customer goes with what goes back."""
    moving = [move.kind for move in settled.moves]
    whole = one.line.part is LinePart.CUSTOMER and one.line.kind not in moving
    return moving[0] if whole and moving else one.line.kind


def _refuse_lines_that_stay(settled: Settled) -> None:
    moving = {move.kind for move in settled.moves}
    for one in settled.feedback:
        kind = _kept_with(one, settled)
        if kind not in moving:
            state, way_out = settled.states.state(kind), f"crmkit plan show --month {settled.month}"
            raise Refusal(
                Fault.STATE, document=kind, state=state or "missing", action=DocumentAction.REJECT, way_out=way_out
            )


def _with_frequencies(store: Store, policy: Policy, settled: Settled, today: date) -> Settled:
    """What an approved plan writes, and whom a plan that goes up or into force leaves aside."""
    rises = (DocumentAction.SUBMIT, DocumentAction.APPROVE)
    if not any(move.kind is DocumentKind.PLAN and move.action in rises for move in settled.moves):
        return settled
    found = approved_frequencies(store, policy, settled.manager, settled.month, today)
    lines = found.lines if _writes_frequencies(settled.moves) else ()
    return replace(settled, lines=lines, asides=found.asides)


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
        package_left=frozenset(d.kind for d in known if packages.has_left(store, d.id)),
        last_planned_day=planned.last_day(store, manager.id, month),
        stands_in=stands_in_for(store, act.actor, manager, act.today),
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


def _refuse_stale(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> None:
    """Step 2 computed or scored anew after the strategies were derived: they wait for its generation, and follow it."""
    document = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    if document and document.state is DocumentState.DRAFT and operating.state(store, manager.id, month) != "generated":
        way_out = way_to_plan(store, policy, manager, month, act.today)
        raise Refusal(Fault.GATE, step=7, needs="generated", way_out=way_out)


def _cheapest(load: Foresight) -> list[tuple[str, int, Decimal, list[str]]]:
    """The repairs, cheapest first: which, how many visits, how many full days they give back, whose."""
    found = []
    for kind in RepairKind:
        those = [one for one in load.repairs if one.kind is kind]
        if those:
            freed = load.in_days(sum(one.frees for one in those))
            found.append((kind.value, len(those), freed, [one.code for one in those]))
    return found


def _refuse_without_room(plan: MonthPlan, accepted: str | None) -> None:
    """Step 8: a plan that cannot fit is refused at submit, by how much, unless the shortage is accepted.

    Visits that must go by phone so that the rest can stand are missing too: nobody has agreed to that yet.
    """
    load = plan.load
    if load.fits or (accepted and accepted.strip()):
        return
    missing = len(load.repairs) + len(load.unfit)
    raise Refusal(
        Fault.SHORTAGE,
        asked=load.visits,
        room=load.visits - missing,
        missing=missing,
        repairs=len(load.repairs),
        unfit=len(load.unfit),
        cheapest=_cheapest(load),
        days=load.in_days(load.short),
        month=str(plan.portfolio.month),
    )
