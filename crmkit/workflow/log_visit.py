"""Step 11, the facts of a visit: made or missed, planned or ad hoc. Facts are never gated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.debt import Debt, DebtState
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.evening import FieldSeen
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.policy import Policy
from crmkit.model.strategy import Strategy, StrategyState
from crmkit.model.visit import LONGEST_TEXT, MissReason, PlannedState, PlannedVisit, Visit
from crmkit.model.writing import as_written
from crmkit.rules.fulfilling import fulfilled_by
from crmkit.rules.strategies_by_hand import numbered
from crmkit.store import debts, documents, planned, strategies, visits
from crmkit.store.connection import Store
from crmkit.workflow.acting import manager_of
from crmkit.workflow.working_calendar import calendar_between

if TYPE_CHECKING:
    from crmkit.workflow.visit_debt import VisitDebts

_LOOK = timedelta(days=62)
_OF_THE_DAY = {False: (PlannedState.OPEN,), True: (PlannedState.OPEN, PlannedState.EARLY)}  # made or missed


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What was seen on one visit, as it was typed."""

    day: date
    method: VisitMethod | None = None
    arrived: str | None = None
    left: str | None = None
    anomaly: str | None = None
    opinion: str | None = None
    effect: str | None = None
    done: tuple[int, ...] = ()  # numbers of strategies on the sheet
    missed: MissReason | None = None
    verified: tuple[tuple[str, str | None], ...] = ()  # field of the customer, its new value as typed


@dataclass(frozen=True, slots=True)
class Logged:
    """A visit as it was kept. `fulfils` is the planned visit it stands for, `repays` the visit debt 欠访 it makes up
    for; `before` the record that stood there.
    """

    customer: Customer
    visit: Visit
    fulfils: PlannedVisit | None
    done: tuple[Strategy, ...] = ()
    before: Visit | None = None
    repays: Debt | None = None
    seen: tuple[FieldSeen, ...] = ()  # of the fields checked, those not noted before

    @property
    def same(self) -> bool:
        """Did the record stand there just so?"""
        return self.before is not None and replace(self.visit, id=self.before.id) == self.before

    @property
    def unchanged(self) -> bool:
        return self.same and not self.done and not self.seen

    @property
    def corrected(self) -> Visit | None:
        """What stood there before, where that was something else."""
        return None if self.same else self.before


def log_visit(
    store: Store,
    act: Act,
    policy: Policy,
    customer: Customer,
    facts: VisitFacts,
    *,
    correct: bool = False,
    dry_run: bool = False,
) -> Logged:
    """Keep a visit or a missed one; marks ★ the strategies named by number.

    One record per customer and day: the same facts again change nothing, other facts need `correct`. Raises
    Refusal: RULE (future-visit, left-before-arrived, already-logged, no-manager), GATE (step 12) for marks outside
    an approved month.
    """
    logged = judge_visit(store, act, policy, customer, facts, correct=correct)
    if dry_run or logged.unchanged:
        return logged
    with store.operation(act):
        overtaken = visits.find(store, customer.id, facts.day) != logged.before
        if not overtaken:
            keep_visit(store, logged)
    if overtaken:  # another process logged this visit meanwhile: judged by what it left
        return log_visit(store, act, policy, customer, facts, correct=correct)
    return logged


def judge_visit(
    store: Store, act: Act, policy: Policy, customer: Customer, facts: VisitFacts, *, correct: bool = False
) -> Logged:
    """What keeping the visit would leave, nothing written; raises as log_visit."""
    manager, facts = _manager_of(customer), _readable(facts)
    _refuse_future(act, customer, facts)
    _refuse_backward(facts)
    _refuse_long(facts)
    done = _marked(store, manager, customer, facts)
    known = visits.find(store, customer.id, facts.day)
    if known is None:
        _refuse_replaced(store, customer, facts)
    troubled = debts.may_owe(store, customer.id)
    fulfils = _fulfilled(store, policy, customer, facts, troubled=troubled) if known is None else None
    visit = _visit(customer, manager, facts, fulfils, known)
    repays = _repaid(store, policy, customer, visit) if troubled and visit.visited else None
    seen = _seen(store, customer, facts) if facts.verified else ()
    logged = Logged(customer, visit, fulfils, done, known, repays, seen)
    if known is not None and not correct and not logged.same:
        way_out = _correction(customer, facts)
        raise Refusal(Fault.RULE, rule="already-logged", day=facts.day.isoformat(), way_out=way_out)
    return logged


def _readable(facts: VisitFacts) -> VisitFacts:
    anomaly, opinion, effect = (as_written(text or "") or None for text in (facts.anomaly, facts.opinion, facts.effect))
    return replace(facts, anomaly=anomaly, opinion=opinion, effect=effect)


def keep_visit(store: Store, logged: Logged) -> None:
    """Write what was judged; inside an operation."""
    if not logged.same:
        _keep(store, logged.visit, logged.fulfils, logged.before)
    for strategy in logged.done:
        strategies.set_state(store, strategy.id, StrategyState.DONE)
    if logged.seen:
        from crmkit.workflow.verify_in_shop import keep_seen

        keep_seen(store, logged.customer, logged.seen, logged.visit.day)


def _seen(store: Store, customer: Customer, facts: VisitFacts) -> tuple[FieldSeen, ...]:
    from crmkit.workflow.verify_in_shop import fields_seen  # only where a field was checked

    return fields_seen(store, customer, facts.verified, facts.day)


def _correction(customer: Customer, facts: VisitFacts) -> str:
    verb = "miss" if facts.missed else "log"
    return f"crmkit visit {verb} {customer.code} --date {facts.day} --correct …"


def _manager_of(customer: Customer) -> int:
    if customer.manager is None:
        raise Refusal(Fault.RULE, rule="no-manager", value=customer.code, way_out="crmkit import")
    return customer.manager


def _refuse_future(act: Act, customer: Customer, facts: VisitFacts) -> None:
    if facts.day > act.today:
        way_out = f"crmkit visit log {customer.code} --date {act.today}"
        raise Refusal(Fault.RULE, rule="future-visit", day=facts.day.isoformat(), way_out=way_out)


def _refuse_backward(facts: VisitFacts) -> None:
    if facts.arrived and facts.left and facts.left < facts.arrived:  # both HH:MM
        raise Refusal(Fault.RULE, rule="left-before-arrived", way_out="--arrived HH:MM --left HH:MM")


def _refuse_long(facts: VisitFacts) -> None:
    for option, text in (("--effect", facts.effect), ("--anomaly", facts.anomaly), ("--opinion", facts.opinion)):
        if len(text or "") > LONGEST_TEXT:
            raise Refusal(Fault.BAD_VALUE, option=option, value=f"{(text or '')[:20]}…", expected=f"≤ {LONGEST_TEXT}")


def _refuse_replaced(store: Store, customer: Customer, facts: VisitFacts) -> None:
    """A planned visit that an earlier visit stands for cannot be missed as well: one plan counts once."""
    plans = planned.of_customer(store, customer.id, facts.day, facts.day) if facts.missed else []
    replaced = [plan for plan in plans if plan.state is PlannedState.EARLY]
    if any(stands.day < facts.day for plan in replaced for stands in visits.standing_for(store, plan.id)):
        raise Refusal(
            Fault.RULE,
            rule="visit-replaced",
            day=facts.day.isoformat(),
            way_out=f"crmkit customer show {customer.code}",
        )


def _marked(store: Store, manager: int, customer: Customer, facts: VisitFacts) -> tuple[Strategy, ...]:
    """The strategies the numbers mean that are not done yet; step 12 needs the month record exactly approved."""
    if not facts.done:
        return ()
    month = Month.of(facts.day)
    document = documents.find(store, manager, month, DocumentKind.STRATEGIES)
    if document is None or document.state is not DocumentState.APPROVED:
        raise Refusal(Fault.GATE, step=12, needs="strategies-approved", way_out=f"crmkit status --month {month}")
    listed = numbered(strategies.of_customer(store, customer.id, month))
    known = {number: one for number, one in listed.items() if one.state is not StrategyState.DROPPED}
    for number in facts.done:
        if number not in known:
            raise Refusal(Fault.NOT_FOUND, noun="strategy", value=number, known=sorted(known))
    named = (known[number] for number in dict.fromkeys(facts.done))
    return tuple(strategy for strategy in named if strategy.state is not StrategyState.DONE)


def _fulfilled(
    store: Store, policy: Policy, customer: Customer, facts: VisitFacts, *, troubled: bool
) -> PlannedVisit | None:
    """The planned visit of the day, else the nearest open one whose place this visit can take.

    Facts may come in any order: what was missed after this visit was still open on its day, and a visit made later
    gives its planned visit back to the day on which it was missed.
    """
    plans = planned.of_customer(store, customer.id, facts.day - _LOOK, facts.day + _LOOK)
    today = [visit for visit in plans if visit.day == facts.day and visit.state in _OF_THE_DAY[bool(facts.missed)]]
    if today or facts.missed:
        return today[0] if today else None
    then_open = [visit for visit in plans if visit.state is PlannedState.OPEN or _missed_later(visit, facts.day)]
    return _taken_early(store, policy, customer, facts.day, then_open, troubled=troubled) if then_open else None


def _missed_later(visit: PlannedVisit, day: date) -> bool:
    return visit.state is PlannedState.MISSED and visit.day > day


def _repaid(store: Store, policy: Policy, customer: Customer, visit: Visit) -> Debt | None:
    """The visit debt that this visit makes up for, as the facts are with it."""
    found = _debts_with(store, policy, customer, visit.day, visit)
    return next((debt for debt in found.debts if debt.state is DebtState.REPAID and debt.ended == visit.day), None)


def _debts_with(
    store: Store, policy: Policy, customer: Customer, day: date, visit: Visit | None = None
) -> "VisitDebts":
    from crmkit.workflow.visit_debt import visit_debts  # only where a visit of this customer ever failed

    manager = manager_of(store, customer)
    return visit_debts(store, policy, manager, day, (customer.id,), visit)


def _taken_early(
    store: Store, policy: Policy, customer: Customer, day: date, open_visits: Sequence[PlannedVisit], *, troubled: bool
) -> PlannedVisit | None:
    first, last = day - _LOOK, day + _LOOK
    calendar = calendar_between(store, policy, customer.manager, first, last, assume_weekdays=True)
    assert customer.manager is not None, "checked before"
    made = [
        v.day for v in visits.between(store, customer.manager, first, last) if v.customer == customer.id and v.visited
    ]
    frequency = customer.frequency or Frequency(policy.frequency.new_customer)
    owed = [debt.since for debt in _debts_with(store, policy, customer, day).open] if troubled else []
    return fulfilled_by(calendar, policy, frequency, day, open_visits, made, owed)


def _visit(
    customer: Customer, manager: int, facts: VisitFacts, fulfils: PlannedVisit | None, known: Visit | None
) -> Visit:
    on_plan = fulfils is not None and fulfils.day == facts.day
    method = facts.method or (fulfils.method if fulfils else None) or customer.visit_method or VisitMethod.ONSITE
    return Visit(
        customer=customer.id,
        manager=manager,
        day=facts.day,
        visited=facts.missed is None,
        method=known.method if known and not facts.method else method,
        miss_reason=facts.missed,
        ad_hoc=known.ad_hoc if known else not on_plan,
        arrived=facts.arrived or (known.arrived if known else None),
        left=facts.left or (known.left if known else None),
        anomaly=facts.anomaly or (known.anomaly if known else None),
        opinion=facts.opinion or (known.opinion if known else None),
        effect=facts.effect or (known.effect if known else None),
        planned=known.planned if known else (fulfils.id if fulfils else None),
    )


def _keep(store: Store, visit: Visit, fulfils: PlannedVisit | None, known: Visit | None) -> None:
    if known is not None:
        visits.correct(store, replace(visit, id=known.id))
        _follow_correction(store, visit)
        return
    if fulfils and not visit.visited:
        visits.stand_for_nothing(store, fulfils.id)
    visits.add(store, visit, fulfils.id if fulfils else None)
    if fulfils:
        planned.set_state(store, fulfils.id, _state_after(visit, fulfils))


def _state_after(visit: Visit, fulfils: PlannedVisit) -> PlannedState:
    if not visit.visited:
        return PlannedState.MISSED
    return PlannedState.VISITED if fulfils.day == visit.day else PlannedState.EARLY


def _follow_correction(store: Store, visit: Visit) -> None:
    """A record corrected from missed to made, or back, takes the planned visit of that day along."""
    for plan in planned.of_customer(store, visit.customer, visit.day, visit.day):
        if plan.state in (PlannedState.VISITED, PlannedState.MISSED):
            planned.set_state(store, plan.id, _state_after(visit, plan))
