"""The page of the Saturday meeting: one manager's week, or that of the whole team."""

from collections.abc import Sequence
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.meeting import Heard, ManagerReport, Meeting, MissedVisit, OpenMatters, VisitCounts
from crmkit.model.month import Month
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.visit import MissReason, PlannedVisit, Visit
from crmkit.model.week import Week
from crmkit.model.week_schedule import DayState, WeekSchedule
from crmkit.rules.meeting import count_visits, together
from crmkit.store import customers, people, planned, visits
from crmkit.store.connection import Store
from crmkit.workflow.acting import whose_month
from crmkit.workflow.month_status import status_of
from crmkit.workflow.schedule_week import schedule_week
from crmkit.workflow.visit_debt import visit_debts


def speakers(store: Store, word: str | None, actor: str) -> tuple[Person, ...]:
    """Who speaks: the manager named; all of the team where the market manager asks; else as whose_month."""
    above = any(one.role is Role.MARKET_MANAGER for one in people.named(store, actor))
    if word is None and above:
        return tuple(people.of_role(store, Role.CUSTOMER_MANAGER))
    return (whose_month(store, word, actor),)


def hold_meeting(store: Store, policy: Policy, managers: Sequence[Person], week: Week, today: date) -> Meeting:
    """What the week's visits became, what the week after is for. Reads only."""
    known = {one.id: one for one in customers.all(store)}
    reports = tuple(_report(store, policy, manager, week, today, known) for manager in managers)
    return Meeting(week, today, reports)


def _report(
    store: Store, policy: Policy, manager: Person, week: Week, today: date, known: dict[int, Customer]
) -> ManagerReport:
    plans = planned.between(store, manager.id, week.monday, week.sunday)
    facts = visits.between(store, manager.id, week.monday, week.sunday)
    days = _days(week, plans, facts, today)
    coming = schedule_week(store, policy, manager, week.plus(1), today)
    return ManagerReport(
        manager=manager,
        days=days,
        total=together(counts for _day, counts in days),
        missed=tuple(
            MissedVisit(known[one.customer], one.day, one.miss_reason or MissReason.OTHER, one.effect)
            for one in facts
            if not one.visited
        ),
        anomalies=tuple(Heard(known[one.customer], one.day, one.anomaly) for one in facts if one.anomaly),
        opinions=tuple(Heard(known[one.customer], one.day, one.opinion) for one in facts if one.opinion),
        coming_week=coming,
        matters=_matters(store, policy, manager, week, today, coming),
    )


def _days(
    week: Week, plans: Sequence[PlannedVisit], facts: Sequence[Visit], today: date
) -> tuple[tuple[date, VisitCounts], ...]:
    """The days on which something was planned or made."""
    counted = [
        (day, count_visits([p for p in plans if p.day == day], [f for f in facts if f.day == day], today))
        for day in week.days
    ]
    return tuple((day, counts) for day, counts in counted if counts != VisitCounts())


def _matters(
    store: Store, policy: Policy, manager: Person, week: Week, today: date, coming: WeekSchedule
) -> OpenMatters:
    """What waits, by the month of the week's last day."""
    month = Month.of(min(week.sunday, max(today, week.monday)))
    front = status_of(store, policy, manager, month, today)
    waiting = (DayState.WAITING, DayState.UNPLANNED)
    return OpenMatters(
        late_steps=tuple(step.key for step in front.status.steps if step.late),
        owed=len(visit_debts(store, policy, manager, min(today, week.sunday)).open),
        waiting_days=tuple(day.day for day in coming.days if day.state in waiting),
        rejection=front.rejection,
    )
