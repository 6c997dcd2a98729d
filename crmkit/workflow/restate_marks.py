"""A mark after the month's results were submitted: asked for with a reason, counted once approved (step 12)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from crmkit.model.annotation import MarkRestatement, MonthItem, RestatementState
from crmkit.model.document import Circumstance, DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.annotation import refuse_not_closed
from crmkit.rules.states import check_decider
from crmkit.store import documents, people, restatements
from crmkit.store.connection import Store
from crmkit.workflow.list_items import MonthItems, month_items
from crmkit.workflow.mark_items import item_named, write_marks


@dataclass(frozen=True, slots=True)
class Restated:
    """One restatement as it stands, with the item it is of."""

    manager: Person
    asked: MarkRestatement
    item: MonthItem


def ask_restatement(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    words: Iterable[str],
    *,
    done: bool,
    reason: str,
    dry_run: bool = False,
) -> tuple[Restated, ...]:
    """Ask for marks to be set or taken back in a closed month.

    Raises Refusal: RULE (results-open, reason-needed, asked-already), NOT_FOUND.
    """
    if not reason.strip():
        raise Refusal(Fault.RULE, rule="reason-needed", way_out="crmkit annotate restate --reason REASON")
    record = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    refuse_not_closed(record.state if record else None, month)
    found = month_items(store, policy, manager, month, act.today)
    named = dict.fromkeys(item_named(store, found, word) for word in words)
    asked = [_asked(act, found, item, reason.strip(), done=done) for item in named if item.done != done]
    if asked and not dry_run:
        with store.operation(act, as_read=True):
            asked = [replace(one, asked=replace(one.asked, id=restatements.ask(store, one.asked))) for one in asked]
    return tuple(asked)


def _asked(act: Act, found: MonthItems, item: MonthItem, reason: str, *, done: bool) -> Restated:
    waits = [r for r in found.restatements if r.state is RestatementState.WAITING]
    if any((one.kind, one.item) == (item.kind, item.id) for one in waits):
        raise Refusal(Fault.RULE, rule="asked-already", value=item.code, way_out="crmkit annotate list")
    at = act.now.isoformat(timespec="seconds")
    wanted = MarkRestatement(
        found.manager.id, found.month, item.customer.id, item.kind, item.id, done, reason, act.actor, at
    )
    return Restated(found.manager, wanted, item)


def decide_restatement(
    store: Store,
    act: Act,
    policy: Policy,
    number: int,
    state: RestatementState,
    *,
    answer: str | None = None,
    dry_run: bool = False,
) -> Restated:
    """The market manager's answer; approved, the mark is written in the same operation.

    Raises Refusal: NOT_FOUND, ROLE and RULE own-approval as for a month's approval, RULE (decided-already,
    reason-needed for a rejection).
    """
    asked = restatements.by_id(store, number)
    if asked is None:
        raise Refusal(Fault.NOT_FOUND, noun="restatement", value=str(number), known=[])
    manager = people.by_id(store, asked.manager)
    check_decider(_circumstance(act, policy, manager, asked))
    if asked.state is not RestatementState.WAITING:
        raise Refusal(Fault.RULE, rule="decided-already", value=str(number), way_out="crmkit annotate list")
    if state is RestatementState.REJECTED and not (answer or "").strip():
        raise Refusal(Fault.RULE, rule="reason-needed", way_out=f"crmkit annotate reject {number} --reason REASON")
    found = month_items(store, policy, manager, asked.month, act.today)
    item = next((one for one in found.items if (one.kind, one.id) == (asked.kind, asked.item)), None)
    if item is None:
        raise Refusal(Fault.NOT_FOUND, noun="item", value=str(number), known=[])
    if not dry_run:
        with store.operation(act, as_read=True):
            restatements.decide(store, number, state, act, answer)
            if state is RestatementState.APPROVED:
                write_marks(store, [item], done=asked.done, day=asked.month.last)
    return Restated(manager, replace(asked, state=state, decided_by=act.actor, answer=answer), item)


def _circumstance(act: Act, policy: Policy, manager: Person, asked: MarkRestatement) -> Circumstance:
    return Circumstance(
        actor=act.actor,
        role=act.role,
        manager=manager.code,
        approval=policy.month.approval,
        today=act.today,
        submitters={DocumentKind.STRATEGIES: asked.asked_by},
    )
