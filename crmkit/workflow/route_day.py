"""The order of one day's visits, after something on that day changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.arriving import arrivals, clock_of, is_shut
from crmkit.rules.capacity import on_road
from crmkit.rules.routing import distances, route_metres
from crmkit.solvers.choosing import Chosen, best
from crmkit.store import customers, keycustomers, planned
from crmkit.store.connection import Store
from crmkit.workflow.given_ways import given_ways

ON_THE_PLAN = (PlannedState.OPEN, PlannedState.VISITED)


@dataclass(frozen=True, slots=True)
class RoutedDay:
    """A day's visits in their new order, and the road before and after in metres."""

    manager: Person
    day: date
    visits: tuple[PlannedVisit, ...]
    known: dict[int, Customer]
    before: int
    after: int
    printed: bool
    shut: tuple[tuple[int, str], ...] = ()  # (customer, HH:MM): likely shut when the new order reaches him

    @property
    def changed(self) -> tuple[tuple[int, int], ...]:
        """(visit, new place) of those that change places."""
        road = [visit for visit in self.visits if on_road(visit.method)]
        return tuple((visit.id, at) for at, visit in enumerate(road, 1) if visit.position != at)


def route_day(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    day: date,
    *,
    dry_run: bool = False,
    chosen: Chosen | None = None,
) -> RoutedDay:
    """Put the day's shops in a short order; a printed day is only looked at.

    Raises Refusal(NOT_FOUND) when nothing is planned on that day.
    """
    found = routed(store, policy, manager, day, chosen)
    if not found.visits:
        known = _planned_days(store, manager, Month.of(day)) or [f"crmkit status --month {Month.of(day)}"]
        raise Refusal(Fault.NOT_FOUND, noun="planned-visit", value=day.isoformat(), known=known)
    if found.changed and not found.printed and not dry_run:
        with store.operation(act):
            planned.place(store, found.changed)
    return found


def _planned_days(store: Store, manager: Person, month: Month) -> list[str]:
    plans = planned.between(store, manager.id, month.first, month.last)
    return sorted({plan.day.isoformat() for plan in plans if plan.state in ON_THE_PLAN})


def routed(store: Store, policy: Policy, manager: Person, day: date, chosen: Chosen | None = None) -> RoutedDay:
    """The day as it stands in the file, in a short order; nothing is written. Loads that day's customers only."""
    plans = [plan for plan in planned.between(store, manager.id, day, day) if plan.state in ON_THE_PLAN]
    known = {plan.customer: customers.by_id(store, plan.customer) for plan in plans}
    road = [plan for plan in plans if on_road(plan.method)]
    listed = [known[plan.customer] for plan in road]
    metres = distances(listed, policy.capacity.detour_percent, given_ways(store, listed))
    now = tuple(range(len(road)))
    solver = (chosen or best()).solver
    short = min(now, solver.route(metres, now), key=lambda order: route_metres(metres, order))
    calls = [plan for plan in plans if not on_road(plan.method)]
    printed = day in planned.printed_days(store, manager.id, day, day)
    ordered = (*(road[at] for at in short), *calls)
    shops = [known[road[at].customer] for at in short]
    reached = reached_at(store, policy, manager, day, shops)
    return RoutedDay(
        manager=manager,
        day=day,
        visits=ordered,
        known=known,
        before=route_metres(metres, now),
        after=route_metres(metres, short),
        printed=printed,
        shut=tuple((s.id, clock_of(at)) for s, at in zip(shops, reached, strict=True) if is_shut(s.hours, at)),
    )


def reached_at(
    store: Store, policy: Policy, manager: Person, day: date, shops: Sequence[Customer]
) -> tuple[int, ...]:
    """The minute of the day at which each shop of a road is likely reached."""
    keys = {one.customer for one in keycustomers.candidates(store, manager.id, Month.of(day)) if one.standing.is_key}
    return arrivals(shops, [shop.id in keys for shop in shops], policy.capacity, given_ways(store, shops))
