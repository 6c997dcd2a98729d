"""Where a month stands in the fourteen steps."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from crmkit.model.calendar import WorkCalendar
from crmkit.model.debt import Debt
from crmkit.model.document import DocumentAction, DocumentKind, Transition
from crmkit.model.errors import Refusal
from crmkit.model.feedback import LineFeedback
from crmkit.model.market import AnalysisKind
from crmkit.model.month import Month
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.status import MonthFacts, MonthStatus
from crmkit.model.strategy import StrategyState
from crmkit.model.summary import PARTS, SummaryKind
from crmkit.model.visit import PlannedState
from crmkit.model.week import Week
from crmkit.rules.calendar import deadline, visit_days, working_days
from crmkit.rules.demand import unconfirmed
from crmkit.rules.market import indicators
from crmkit.rules.steps import month_status
from crmkit.rules.week import due_day
from crmkit.store import (
    demand,
    documents,
    market,
    operating,
    planned,
    review,
    strategies,
    summaries,
    targets,
    visits,
    watchlist,
    weeks,
)
from crmkit.store.connection import Store
from crmkit.workflow.portfolio import portfolio_of
from crmkit.workflow.settle_documents import states_of
from crmkit.workflow.since_rejection import open_feedback
from crmkit.workflow.visit_debt import visit_debts
from crmkit.workflow.working_calendar import calendar_between


@dataclass(frozen=True, slots=True)
class Front:
    """The front page: the month, its manager, its steps, and the day it is seen from.

    `rejection` is the step that sent the month back, while nothing came after it; `left_over` the days of the planned
    visits of the month before that nobody typed in, the earliest first.
    """

    manager: Person
    today: date
    status: MonthStatus
    facts: MonthFacts
    rejection: Transition | None = None
    left_over: tuple[date, ...] = ()
    feedback: tuple[LineFeedback, ...] = ()  # on single lines, to be answered
    waiting: int = 0  # months that wait for who looks: he is the market manager
    owed: tuple[Debt, ...] = ()  # open visit debts, the oldest first


def status_of(
    store: Store, policy: Policy, manager: Person, month: Month, today: date, role: Role | None = None
) -> Front:
    """The fourteen steps of a manager's month, as of today; `role` is that of who looks."""
    calendar = calendar_between(store, policy, manager.id, month.plus(-1).first, month.next.last, assume_weekdays=True)
    facts = _base_facts(store, policy, manager, month, today, calendar)
    facts = _with_area(store, policy, _with_documents(store, facts, manager), manager)
    facts = _with_week(store, _with_visits(store, policy, facts, manager, calendar), manager, calendar)
    facts = _with_summaries(store, facts, manager, calendar)
    rejection, left_over = _rejection(store, manager, month), _left_over(store, manager, month, today)
    said = open_feedback(store, manager, month) if rejection else ()
    waiting = len(review.waiting(store)) if role is Role.MARKET_MANAGER else 0
    owed = visit_debts(store, policy, manager, min(today, month.last)).open
    return Front(manager, today, month_status(facts), facts, rejection, left_over, said, waiting, owed)


def _rejection(store: Store, manager: Person, month: Month) -> Transition | None:
    for kind in (DocumentKind.PLAN, DocumentKind.STRATEGIES):
        document = documents.find(store, manager.id, month, kind)
        steps = documents.transitions(store, document.id) if document else []
        if steps and steps[-1].action in (DocumentAction.REJECT, DocumentAction.REJECT_RESULT):
            return steps[-1]
    return None


def _left_over(store: Store, manager: Person, month: Month, today: date) -> tuple[date, ...]:
    before = month.previous
    plans = planned.between(store, manager.id, before.first, before.last)
    return tuple(sorted(plan.day for plan in plans if plan.state is PlannedState.OPEN and plan.day < today))


def _base_facts(
    store: Store, policy: Policy, manager: Person, month: Month, today: date, calendar: WorkCalendar
) -> MonthFacts:
    opening = policy.month.opening_days
    facts = MonthFacts(
        month=month,
        today=today,
        deadline=deadline(calendar, month, opening),
        next_deadline=deadline(calendar, month.next, opening),
    )
    try:
        portfolio = portfolio_of(store, policy, manager, month, today)
    except Refusal:
        return facts  # nobody imported yet: step 0 says so
    effects = operating.effects(store, manager.id, month)
    abilities = operating.abilities(store, manager.id, month)
    valid = [customer.id for customer in portfolio.valid]
    known = demand.of_month(store, month, manager.id)
    asked = [known[customer] for customer in valid if customer in known]
    return replace(
        facts,
        customers=len(valid),
        methodless=len(portfolio.parted.methodless),
        effects=sum(customer in effects for customer in valid),
        demands=len(asked),
        demands_missing=len(valid) - len(asked),
        demands_unconfirmed=len(unconfirmed(asked)),
        unscored=sum(customer not in abilities for customer in valid),
        generated=operating.state(store, manager.id, month) == "generated",
    )


def _with_documents(store: Store, facts: MonthFacts, manager: Person) -> MonthFacts:
    record = documents.find(store, manager.id, facts.month, DocumentKind.STRATEGIES)
    target = documents.satisfaction_target(store, record.id) if record else None
    return replace(facts, documents=states_of(store, manager, facts.month), satisfaction_target=target is not None)


def _with_area(store: Store, policy: Policy, facts: MonthFacts, manager: Person) -> MonthFacts:
    """What is there of steps 3 to 6."""
    month = facts.month
    watched = watchlist.of_month(store, month)
    aimed = targets.of_month(store, manager.id, month).keys() & watched
    aims = targets.indicators(store, manager.id, month)
    return replace(
        facts,
        watched=len(watched),
        brand_targets=len(aimed),
        target_customers=len(targets.customers(store, manager.id, month).keys() & aimed),
        brand_aims=bool(targets.of_month(store, manager.id, month.previous)),
        market_aims=any(one.in_force for one in targets.indicators(store, manager.id, month.previous).values()),
        brand_analysed=market.analysis(store, manager.id, month, AnalysisKind.BRAND) is not None,
        market_analysed=market.analysis(store, manager.id, month, AnalysisKind.MARKET) is not None,
        market_targets_missing=sum(
            one not in aims or not aims[one].in_force for one in indicators(policy.indicator)
        ),
    )


def _with_visits(
    store: Store, policy: Policy, facts: MonthFacts, manager: Person, calendar: WorkCalendar
) -> MonthFacts:
    month, today = facts.month, facts.today
    plans = [
        plan
        for plan in planned.between(store, manager.id, month.first, month.last)
        if plan.state is not PlannedState.CANCELLED
    ]
    days = visit_days(calendar, month, policy.month.opening_days)
    seen = {visit.customer for visit in visits.between(store, manager.id, month.first, month.last) if visit.visited}
    unmarked = sum(
        strategy.state is StrategyState.OPEN and strategy.customer in seen
        for strategy in strategies.of_manager(store, manager.id, month)
    )
    return replace(
        facts,
        owed_visits=len(plans),
        covered_until=_covered_until(store, manager, month, days),
        last_visit_day=days[-1] if days else None,
        last_planned_day=max((plan.day for plan in plans), default=None),
        unrecorded=sum(plan.state is PlannedState.OPEN and plan.day < today for plan in plans),
        unrecorded_since=min((p.day for p in plans if p.state is PlannedState.OPEN and p.day < today), default=None),
        printed_today=today in planned.printed_days(store, manager.id, today, today),
        visits_today=sum(plan.state is PlannedState.OPEN and plan.day == today for plan in plans),
        unmarked=unmarked,
    )


def _with_week(store: Store, facts: MonthFacts, manager: Person, calendar: WorkCalendar) -> MonthFacts:
    """Is the schedule of this week written (step 10)?"""
    week = Week.of(facts.today)
    written = weeks.texts(store, manager.id, week).is_done
    return replace(facts, week_scheduled=written, week_due=due_day(calendar, week))


def _with_summaries(store: Store, facts: MonthFacts, manager: Person, calendar: WorkCalendar) -> MonthFacts:
    """Which weeks wait for their summary (step 13): those of the month whose last working day has come, and at its
    beginning the week before. A week nothing was planned or visited in has nothing to tell.
    """
    first = Week.of(facts.month.first).plus(-1 if facts.today in facts.month else 0)
    worked = _weeks_worked(store, manager, first.monday, facts.month.last)
    written = summaries.written(store, manager.id, SummaryKind.WEEK, first.monday, facts.month.last)
    whole = {monday for monday, parts in written.items() if parts >= set(PARTS[SummaryKind.WEEK])}
    over = {week.monday for week in worked if facts.today >= _last_day(calendar, week)}
    month = summaries.parts(store, manager.id, SummaryKind.MONTH, facts.month.first)
    return replace(
        facts,
        unsummarised=tuple(sorted(over - whole)),
        week_summarised=bool(over & whole),
        month_summarised=set(PARTS[SummaryKind.MONTH]) <= month.keys(),
    )


def _last_day(calendar: WorkCalendar, week: Week) -> date:
    """Its last working day; its Sunday where somebody worked through a week off."""
    days = working_days(calendar, week.monday, week.sunday)
    return days[-1] if days else week.sunday


def _weeks_worked(store: Store, manager: Person, first: date, last: date) -> set[Week]:
    plans = planned.between(store, manager.id, first, last)
    days = {plan.day for plan in plans if plan.state is not PlannedState.CANCELLED}
    return {Week.of(day) for day in days | {visit.day for visit in visits.between(store, manager.id, first, last)}}


def _covered_until(store: Store, manager: Person, month: Month, days: tuple[date, ...]) -> date | None:
    """The last visit day up to which every visit day lies in some visit plan."""
    covered = {
        coverage.first + timedelta(days=n)
        for coverage in planned.coverages(store, manager.id, month)
        for n in range((coverage.last - coverage.first).days + 1)
    }
    until = None
    for day in days:
        if day not in covered:
            break
        until = day
    return until
