"""A month's visit plan beside round-robin by code and beside last month's plan, and what is proven about its road."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal

from crmkit.model.calendar import WorkCalendar
from crmkit.model.comparing import Bounds, PlanFigures
from crmkit.model.customer import Customer
from crmkit.model.distance import Given, WaysHad
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.planning import DayVisit
from crmkit.model.policy import Policy
from crmkit.model.verifying import SealKind
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.calendar import visit_days, works_on
from crmkit.rules.capacity import on_road
from crmkit.rules.distance import ways_had
from crmkit.rules.measuring import Measured, PlannedDay, measure
from crmkit.rules.owing import Span
from crmkit.rules.planning import state_problem
from crmkit.rules.routing import distances, far_off
from crmkit.rules.settling import settle
from crmkit.rules.verifying import digest
from crmkit.solvers.bounds import month_bound, tour_bound
from crmkit.solvers.choosing import Chosen, best
from crmkit.solvers.roundrobin import RoundRobin
from crmkit.store import customers, frequencies, plan_seals, planned
from crmkit.store.connection import Store
from crmkit.workflow.given_ways import given_ways, ways_of
from crmkit.workflow.seal_plan import ways_digest
from crmkit.workflow.visit_problem import clients_of_records, skipped_visits, standing_before
from crmkit.workflow.working_calendar import calendar_of_month

_SEED = 1


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """This plan, the one by code, last month's; None where there is no such plan."""

    manager: Person
    month: Month
    this: PlanFigures
    bounds: Bounds
    by_code: PlanFigures | None = None
    last: PlanFigures | None = None
    since: date | None = None  # the first planned day of a month that was planned when it had begun
    had: WaysHad = field(default_factory=WaysHad)  # how the ways driven were had
    detour_percent: int = 0
    stale: tuple[Customer, ...] = ()  # who moved since his ways were given: they are not used
    newer: bool = False  # ways were given since the plan was made: round-robin was measured otherwise


def compare_plans(
    store: Store, policy: Policy, manager: Person, month: Month, chosen: Chosen | None = None
) -> PlanComparison:
    """Measure the month's plan as it stands, round-robin for the same customers, and last month's plan.

    A month planned when it had begun is held against round-robin from the same day on, and not against last month's.
    Raises Refusal(GATE) when no visit of the month is planned.
    """
    mine = figures_of_month(store, policy, manager, month)
    if mine is None:
        way_out = f"crmkit plan visits --month {month}"
        raise Refusal(Fault.GATE, step=9, needs="month-planned", month=str(month), way_out=way_out)
    before = measured_month(store, policy, manager, month.previous)
    last = measure(*before, policy) if before and not mine.since else None
    return replace(mine, by_code=by_code(store, policy, manager, month, chosen or best()), last=last, newer=False)


def figures_of_month(store: Store, policy: Policy, manager: Person, month: Month) -> PlanComparison | None:
    """The month's plan with its bounds, and round-robin as it was measured when the plan was made; None where nothing
    is planned.
    """
    found = measured_month(store, policy, manager, month)
    if found is None:
        return None
    kept = json.loads(planned.newest_figures(store, manager.id, month) or "{}").get("by_code")
    newer = bool(kept) and _has_newer_ways(store, manager, month)
    by_code = _figures(kept) if kept and not newer else None
    since = _begun(store, policy, manager, month, found[1])
    roads = [[found[0].clients[one].customer for one in day.road] for day in found[0].days]
    ways = ways_of(store, dict.fromkeys(shop for road in roads for shop in road))
    return PlanComparison(
        manager, month, measure(*found, policy), bounds_of(found[0]), by_code,
        since=None if since == month.first else since, had=ways_had(roads, ways.given),
        detour_percent=policy.capacity.detour_percent, stale=ways.stale, newer=newer,
    )  # fmt: skip


def _has_newer_ways(store: Store, manager: Person, month: Month) -> bool:
    """Were ways given or taken back since the plan was made? Then round-robin was measured otherwise."""
    seal = plan_seals.newest(store, manager.id, month, SealKind.VISITS)
    codes = {one.id: one.code for one in customers.all(store, manager.id)}
    return seal is not None and seal.inputs.get("ways", digest(())) != ways_digest(store, codes)


def _begun(store: Store, policy: Policy, manager: Person, month: Month, calendar: WorkCalendar) -> date:
    """From when on the month is planned: its first day, or that of its first planned visit when days before it could
    have taken some.
    """
    first = min(plan.day for plan in _not_cancelled(store, manager, month))
    return first if any(day < first for day in _working(calendar, month, policy, ())) else month.first


def _not_cancelled(store: Store, manager: Person, month: Month) -> list[PlannedVisit]:
    plans = planned.between(store, manager.id, month.first, month.last)
    return [plan for plan in plans if plan.state is not PlannedState.CANCELLED]


def measured_month(
    store: Store, policy: Policy, manager: Person, month: Month
) -> tuple[Measured, WorkCalendar] | None:
    """The visits of a month as they are planned, those made or missed since included; None where there are none."""
    mine = _not_cancelled(store, manager, month)
    if not mine:
        return None
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    listed = [customers.by_id(store, one) for one in dict.fromkeys(plan.customer for plan in mine)]
    begun = _begun(store, policy, manager, month, calendar)
    days = _working(calendar, month, policy, (plan.day for plan in mine), begun)
    given = given_ways(store, listed)
    return _measured(store, policy, manager, month, listed, _tours(mine, days), given), calendar


def bounds_of(plan: Measured) -> Bounds:
    """What is proven about the road of a plan."""
    tours = sum(tour_bound(plan.metres, [plan.place[one] for one in day.road]) for day in plan.days)
    visits: dict[int, int] = {}
    for day in plan.days:
        for one in day.road:
            visits[plan.place[one]] = visits.get(plan.place[one], 0) + 1
    return Bounds(tours, month_bound(plan.metres, visits, len(plan.days)))


def kept_figures(figures: PlanFigures) -> dict[str, int | str]:
    """The figures as they are kept beside a plan."""
    return {name: value if isinstance(value, int) else f"{value:f}" for name, value in asdict(figures).items()}


def _figures(kept: Mapping[str, int | str]) -> PlanFigures:
    values = {name: Decimal(value) if isinstance(value, str) else value for name, value in kept.items()}
    return PlanFigures(**values)  # type: ignore[arg-type]


def by_code(store: Store, policy: Policy, manager: Person, month: Month, chosen: Chosen) -> PlanFigures:
    """The same customers and what they were owed when the month was planned, dealt by code to the days from then on."""
    ours = dict.fromkeys(plan.customer for plan in _not_cancelled(store, manager, month))
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    listed = [customers.by_id(store, one) for one in ours]
    clients = clients_of_records(listed, frequencies.lines(store, manager.id, month), policy, month)
    begun = _begun(store, policy, manager, month, calendar)
    standing = [*standing_before(store, manager, calendar, begun), *skipped_visits(store, manager, month)]
    given = given_ways(store, listed)
    problem = state_problem(Span(month, calendar, policy, begun, given), clients, standing)
    settled = settle(problem, RoundRobin(chosen.solver), seed=_SEED, effort=1)
    days = _working(calendar, month, policy, (), begun)
    plan = _measured(store, policy, manager, month, listed, _tours(settled.visits, days), given)
    return measure(plan, calendar, policy)


def _measured(
    store: Store,
    policy: Policy,
    manager: Person,
    month: Month,
    listed: Sequence[Customer],
    days: tuple[PlannedDay, ...],
    given: Given,
) -> Measured:
    clients = clients_of_records(listed, frequencies.lines(store, manager.id, month), policy, month)
    lost = {customer.id for customer in far_off(listed)}
    placed = [replace(customer, place=None) if customer.id in lost else customer for customer in listed]
    return Measured(
        days,
        {client.customer.id: client for client in clients},
        {customer.id: at for at, customer in enumerate(listed)},
        distances(placed, policy.capacity.detour_percent, given),
        given,
    )


def _working(
    calendar: WorkCalendar, month: Month, policy: Policy, planned_on: Iterable[date], begun: date = date.min
) -> tuple[date, ...]:
    """The days from `begun` on that can take visits, and those that hold some all the same."""
    mine = {day for day in visit_days(calendar, month, policy.month.opening_days) if works_on(calendar, day)}
    return tuple(sorted({day for day in mine if day >= begun} | set(planned_on)))


def _tours(visits: Iterable[PlannedVisit | DayVisit], days: tuple[date, ...]) -> tuple[PlannedDay, ...]:
    listed = sorted(visits, key=lambda visit: (visit.day, visit.position, visit.customer))
    return tuple(
        PlannedDay(
            day,
            tuple(visit.customer for visit in listed if visit.day == day and on_road(visit.method)),
            tuple(visit.customer for visit in listed if visit.day == day and not on_road(visit.method)),
        )
        for day in days
    )
