"""Why a visit has its place in the day's route."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.distance import Given, Had
from crmkit.model.errors import Fault, Refusal
from crmkit.model.person import Person
from crmkit.model.planning import Metres
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedVisit
from crmkit.rules.arriving import clock_of, is_shut
from crmkit.rules.capacity import on_road
from crmkit.rules.distance import how_had
from crmkit.rules.routing import distances, other_places, seconds_of_road
from crmkit.store import customers, planned
from crmkit.store.connection import Store
from crmkit.workflow.given_ways import given_ways
from crmkit.workflow.route_day import ON_THE_PLAN, reached_at, routed


@dataclass(frozen=True, slots=True)
class WhyPlace:
    """A visit's place on the road of its day.

    `before` and `after` are the shops beside it with the metres between and how they were had; `metres` is what this
    shop adds to the road where it stands, `other` the cheapest other place (its number, and what it would add; None:
    it is alone).
    `shorter` is by how much the whole day could be shortened by ordering it anew.
    """

    customer: Customer
    visit: PlannedVisit
    of: int
    before: tuple[Customer, int, Had] | None
    after: tuple[Customer, int, Had] | None
    metres: int
    other: tuple[int, int] | None
    seconds: int  # what its metres take at the policy's speed
    reached: str  # HH:MM at which it is likely reached
    shut: bool  # its opening hours say it is shut then
    shorter: int
    printed: bool
    note: str | None


def explain_place(store: Store, policy: Policy, manager: Person, customer: Customer, day: date) -> WhyPlace:
    """Raises Refusal NOT_FOUND when the customer has no visit that day, naming who is on the road; RULE off-the-road
    when he is visited another way.
    """
    plans = [plan for plan in planned.between(store, manager.id, day, day) if plan.state in ON_THE_PLAN]
    road = [plan for plan in plans if on_road(plan.method)]
    at = next((place for place, plan in enumerate(road) if plan.customer == customer.id), None)
    known = {plan.customer: customers.by_id(store, plan.customer) for plan in road}
    if at is None:
        if any(plan.customer == customer.id for plan in plans):
            way_out = f"crmkit explain visit {customer.code} --date {day}"
            raise Refusal(Fault.RULE, rule="off-the-road", value=customer.code, way_out=way_out)
        listed = [known[plan.customer].code for plan in road] or [f"crmkit explain visit {customer.code}"]
        raise Refusal(Fault.NOT_FOUND, noun="stop", value=customer.code, known=listed)
    shops = [known[plan.customer] for plan in road]
    given = given_ways(store, shops)
    metres = distances(shops, policy.capacity.detour_percent, given)
    places = other_places(metres, at)
    others = [(cost, place + 1) for place, cost in enumerate(places) if place != at]
    cheapest = min(others, default=None)
    found = routed(store, policy, manager, day)
    reached = reached_at(store, policy, manager, day, shops)[at]
    return WhyPlace(
        customer=customer,
        visit=road[at],
        of=len(road),
        before=_beside(shops, metres, given, at, at - 1),
        after=_beside(shops, metres, given, at, at + 1),
        metres=places[at],
        other=(cheapest[1], cheapest[0]) if cheapest else None,
        seconds=seconds_of_road(policy.capacity, places[at]),
        reached=clock_of(reached),
        shut=is_shut(customer.hours, reached),
        shorter=found.before - found.after,
        printed=found.printed,
        note=planned.note_of(store, road[at].id),
    )


def _beside(
    shops: Sequence[Customer], metres: Metres, given: Given, at: int, beside: int
) -> tuple[Customer, int, Had] | None:
    """The shop at the place beside, with the way to it; None at an end of the road."""
    if not 0 <= beside < len(shops):
        return None
    return shops[beside], metres[at][beside], how_had(shops[at], shops[beside], given)
