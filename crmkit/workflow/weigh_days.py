"""What each possible day would cost a visit: the best day for a customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.moving import DayOffer
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.bestday import Wanted, offers
from crmkit.rules.capacity import on_road
from crmkit.rules.owing import Span
from crmkit.store import customers, frequencies, planned
from crmkit.store.connection import Store
from crmkit.workflow.acting import manager_of
from crmkit.workflow.given_ways import given_ways
from crmkit.workflow.visit_problem import clients_of_records, standing_of_month
from crmkit.workflow.working_calendar import calendar_of_month

_ON_THE_PLAN = (PlannedState.OPEN, PlannedState.VISITED)


@dataclass(frozen=True, slots=True)
class WeighedDays:
    """The days of a month as they would suit one visit. `visit` is where it stands now; None: nowhere yet."""

    customer: Customer
    manager: Person
    month: Month
    visit: PlannedVisit | None
    offers: tuple[DayOffer, ...]
    provisional: bool

    @property
    def best(self) -> DayOffer | None:
        """Another day that is not red: green before yellow, then the shortest detour, then the emptiest."""
        open_days = [offer for offer in self.offers if not offer.obstacles and not offer.here]
        return min(open_days, key=lambda o: (bool(o.cautions), o.metres, o.percent, o.day), default=None)


def weigh_days(
    store: Store, policy: Policy, customer: Customer, month: Month, today: date, day: date | None = None
) -> WeighedDays:
    """The days from today on for the visit of `day`; without a day for the customer's next planned visit of the
    month, or, when there is none, for a visit more.

    Raises Refusal: NOT_FOUND when nothing is planned on `day`, RULE no-manager, CALENDAR_UNPUBLISHED.
    """
    visit = open_visit(store, customer, day) if day else _next_visit(store, customer, month, today)
    return _weighed(store, policy, customer, month, max(today, month.first), visit)


def weigh_day(store: Store, policy: Policy, visit: PlannedVisit, customer: Customer, day: date) -> DayOffer:
    """One day for one planned visit."""
    month = Month.of(visit.day)
    return _weighed(store, policy, customer, month, month.first, visit, day).offers[0]


def weigh_more(store: Store, policy: Policy, customer: Customer, day: date) -> tuple[DayOffer, bool]:
    """One day for one visit more, and whether its calendar is provisional. Raises Refusal RULE no-manager."""
    found = _weighed(store, policy, customer, Month.of(day), Month.of(day).first, None, day)
    return found.offers[0], found.provisional


def _weighed(
    store: Store,
    policy: Policy,
    customer: Customer,
    month: Month,
    start: date,
    visit: PlannedVisit | None,
    only: date | None = None,
) -> WeighedDays:
    manager = manager_of(store, customer)
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    plans = [plan for plan in planned.between(store, manager.id, month.first, month.last) if plan.state in _ON_THE_PLAN]
    ours = {customer.id, *(plan.customer for plan in plans)}
    listed = [one for one in customers.all(store, manager.id) if one.id in ours]
    clients = clients_of_records(listed, frequencies.lines(store, manager.id, month), policy, month)
    client = next(one for one in clients if one.customer.id == customer.id)
    found = offers(
        Span(month, calendar, policy, start, given_ways(store, listed)),
        clients,
        standing_of_month(store, manager, month),
        _roads(plans),
        Wanted(client, visit.day if visit else None),
        planned.printed_days(store, manager.id, month.first, month.last),
        only,
    )
    return WeighedDays(customer, manager, month, visit, found, calendar.provisional)


def _roads(plans: list[PlannedVisit]) -> Mapping[date, list[int]]:
    roads: dict[date, list[int]] = {}
    for plan in plans:  # by day and place
        if on_road(plan.method):
            roads.setdefault(plan.day, []).append(plan.customer)
    return roads


def open_visit(store: Store, customer: Customer, day: date) -> PlannedVisit:
    """The open planned visit of that day. Raises Refusal(NOT_FOUND), naming the days there are."""
    month = Month.of(day)
    plans = planned.of_customer(store, customer.id, month.first, month.last)
    mine = [plan for plan in plans if plan.state is PlannedState.OPEN]
    found = next((plan for plan in mine if plan.day == day), None)
    if found is None:
        known = [plan.day.isoformat() for plan in mine] or [f"crmkit customer show {customer.code}"]
        raise Refusal(Fault.NOT_FOUND, noun="planned-visit", value=day.isoformat(), known=known)
    return found


def _next_visit(store: Store, customer: Customer, month: Month, today: date) -> PlannedVisit | None:
    plans = planned.of_customer(store, customer.id, max(today, month.first), month.last)
    return next((plan for plan in plans if plan.state is PlannedState.OPEN), None)
