"""What planning starts from: who is visited how often, what was visited, what stays where it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.month import Month
from crmkit.model.moving import VisitMove
from crmkit.model.person import Person
from crmkit.model.planning import Client, Problem, Standing
from crmkit.model.policy import Policy
from crmkit.model.strategy import FrequencyLine, FrequencySource
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.calendar import works_on
from crmkit.rules.owing import Span, owed_visits
from crmkit.rules.planning import state_problem
from crmkit.store import moves, planned, visits
from crmkit.store.connection import Store
from crmkit.workflow.given_ways import ways_of


@dataclass(frozen=True, slots=True)
class Range:
    """The days a visit plan writes, and from when on they can still be planned."""

    first: date
    last: date
    start: date

    def holds(self, day: date) -> bool:
        return max(self.first, self.start) <= day <= self.last


@dataclass(frozen=True, slots=True)
class Ground:
    """A stated problem with what it was stated from."""

    span: Span
    problem: Problem
    clients: tuple[Client, ...]
    kept: tuple[PlannedVisit, ...]  # planned visits that stay
    dropped: tuple[PlannedVisit, ...]  # open planned visits that the new plan replaces
    frozen: tuple[date, ...]  # printed days
    standing: tuple[Standing, ...]  # visits made, and planned ones that stay
    moved: tuple[Customer, ...] = ()  # since the ways to them were given: those are not used


def clients_of_lines(customers: Iterable[Customer], lines: Iterable[FrequencyLine]) -> list[Client]:
    """Clients by a month's frequency list, approved or not."""
    known = {customer.id: customer for customer in customers}
    return [
        Client(known[line.customer], line.frequency, line.rank, line.source is FrequencySource.KEY)
        for line in lines
        if line.customer in known
    ]


def clients_of_records(
    customers: Iterable[Customer],
    lines: Iterable[FrequencyLine],
    policy: Policy,
    month: Month,
    waiting: Mapping[int, date] | None = None,
) -> list[Client]:
    """Clients by the frequency in their record (step 9); one without a frequency is new: the policy's. `waiting` says
    since when a customer waits for a visit that is owed to him.
    """
    ranks: Mapping[int, FrequencyLine] = {line.customer: line for line in lines}
    clients = []
    for customer in customers:
        line = ranks.get(customer.id)
        came = None if line else new_since(customer, month)
        frequency = customer.frequency or Frequency(policy.frequency.new_customer)
        key = line is not None and line.source is FrequencySource.KEY
        owed_since = (waiting or {}).get(customer.id)
        clients.append(Client(customer, frequency, line.rank if line else 0, key, came, owed_since))
    return clients


def new_since(customer: Customer, month: Month) -> date | None:
    """When a customer became ours who is new in this month, or came in the month before and is in no approved plan:
    his first visit is due over the border too.
    """
    opened = customer.opened_on
    if opened is None:
        return None
    came_late = opened in month.previous and customer.frequency is None
    return opened if opened in month or came_late else None


def ground_of(
    store: Store,
    policy: Policy,
    manager: Person,
    month: Month,
    calendar: WorkCalendar,
    clients: Iterable[Client],
    wanted: Range,
    *,
    past_stays: bool = False,
) -> Ground:
    """State the month's problem: a batch always solves the whole month and writes only the wanted range.

    With `past_stays` a planned visit of a day that is over counts as made though nobody typed it in, unless the
    manager was away that day; else it was never made.
    """
    listed = tuple(clients)
    printed = frozen_days(store, manager, calendar, month)
    open_visits = [
        visit
        for visit in planned.between(store, manager.id, calendar.first, calendar.last)
        if visit.state is PlannedState.OPEN
    ]
    ours = {client.customer.id for client in listed}
    mine = [visit for visit in open_visits if visit.customer in ours]
    past = {v.id for v in mine if past_stays and _taken_as_made(v, wanted, calendar)}
    kept = tuple(v for v in mine if v.id in past or _stays(v, month, wanted, printed))
    dropped = tuple(v for v in open_visits if v.day in month and v not in kept and v.day >= wanted.start)
    ways = ways_of(store, (client.customer for client in listed))
    span = Span(month, calendar, policy, wanted.start, ways.given)
    standing = [*_made(store, manager, calendar), *(Standing(v.customer, v.day, v.method, made=False) for v in kept)]
    standing += skipped_visits(store, manager, month)
    problem = state_problem(span, listed, standing, frozen=printed, last_plan=_last_plan(dropped))
    return Ground(span, problem, listed, kept, dropped, printed, tuple(standing), ways.stale)


def frozen_days(store: Store, manager: Person, calendar: WorkCalendar, month: Month) -> tuple[date, ...]:
    """Printed days. One on which the manager does not work is none: nobody carries that sheet [our default]."""
    printed = planned.printed_days(store, manager.id, month.first, month.last)
    return tuple(day for day in printed if works_on(calendar, day))


def skipped_visits(store: Store, manager: Person, month: Month) -> list[Standing]:
    """Visits of the month that a person took off the plan: they are no longer owed."""
    return skipped_as_standing(moves.skipped(store, manager.id, month.first, month.last))


def skipped_as_standing(skipped: Iterable[VisitMove]) -> list[Standing]:
    return [
        Standing(move.customer, move.was, VisitMethod.ONSITE, made=False, skipped=True)
        for move in skipped
        if move.was is not None
    ]


def lapsed(ground: Ground) -> int:
    """Visits the month owed before the plan's first day that are not made: weeks gone by, no longer planned for."""
    month = ground.span.month
    if ground.span.start <= month.first:
        return 0
    whole = replace(ground.span, start=month.first)
    standing: dict[int, list[Standing]] = {}
    for visit in ground.standing:
        standing.setdefault(visit.customer, []).append(visit)
    return sum(
        len(owed_visits(whole, client, mine)) - len(owed_visits(ground.span, client, mine))
        for client in ground.clients
        for mine in [standing.get(client.customer.id, [])]
    )


def standing_before(store: Store, manager: Person, calendar: WorkCalendar, day: date) -> list[Standing]:
    """What stands before a day: visits made, and planned ones nobody typed in or that are still to come."""
    open_visits = [
        Standing(visit.customer, visit.day, visit.method, made=False)
        for visit in planned.between(store, manager.id, calendar.first, day - timedelta(days=1))
        if visit.state is PlannedState.OPEN
    ]
    return [*(visit for visit in _made(store, manager, calendar) if visit.day < day), *open_visits]


def standing_on(store: Store, manager: Person, calendar: WorkCalendar, month: Month, today: date) -> list[Standing]:
    """What stands when a month is looked at: before it begins what stands before its first day; within it the visits
    made and skipped too, and those of days that are over which nobody typed in, unless the manager was away.
    """
    if today <= month.first or today > month.last:
        return standing_before(store, manager, calendar, month.first)
    before = standing_before(store, manager, calendar, today)
    stands = [visit for visit in before if visit.made or visit.day < month.first or works_on(calendar, visit.day)]
    made_today = [visit for visit in _made(store, manager, calendar) if visit.day == today]
    return [*stands, *made_today, *skipped_visits(store, manager, month)]


def _stays(visit: PlannedVisit, month: Month, wanted: Range, printed: tuple[date, ...]) -> bool:
    """Pinned and printed visits stay, those outside the range too; an open visit of the past was never made."""
    if visit.day < wanted.start:
        return False
    return visit.pinned or visit.day in printed or visit.day not in month or not wanted.holds(visit.day)


def _taken_as_made(visit: PlannedVisit, wanted: Range, calendar: WorkCalendar) -> bool:
    return visit.day < wanted.start and works_on(calendar, visit.day)


def _made(store: Store, manager: Person, calendar: WorkCalendar) -> list[Standing]:
    return [
        Standing(visit.customer, visit.day, visit.method, made=True)
        for visit in visits.of_portfolio(store, manager.id, calendar.first, calendar.last)
        if visit.visited
    ]


def _last_plan(dropped: tuple[PlannedVisit, ...]) -> dict[int, list[date]]:
    days: dict[int, list[date]] = {}
    for visit in dropped:
        days.setdefault(visit.customer, []).append(visit.day)
    return days

def standing_of_month(store: Store, manager: Person, month: Month) -> list[Standing]:
    """Everything that stands in the month and the two before: planned, and made unplanned or earlier."""
    first = month.plus(-2).first
    plans = [
        Standing(plan.customer, plan.day, plan.method, made=plan.state is PlannedState.VISITED)
        for plan in planned.between(store, manager.id, first, month.last)
        if plan.state in (PlannedState.OPEN, PlannedState.VISITED)
    ]
    known = {(one.customer, one.day) for one in plans}
    facts = [
        Standing(visit.customer, visit.day, visit.method, made=True)
        for visit in visits.between(store, manager.id, first, month.last)
        if visit.visited and (visit.customer, visit.day) not in known
    ]
    return [*plans, *facts]
