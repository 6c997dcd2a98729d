"""What a day's visits became: planned, made, missed, extra."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.person import Person
from crmkit.model.visit import PlannedState, PlannedVisit, Visit
from crmkit.rules.codes import short_codes
from crmkit.store import customers, planned, visits
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class DayVisit:
    """One customer of the day: the plan, the fact, or both."""

    customer: Customer
    plan: PlannedVisit | None
    fact: Visit | None
    short_code: str = ""  # as on the sheet; blank for a customer who has another manager now

    @property
    def state(self) -> PlannedState:
        """The fact where there is one, else how the plan stands."""
        if self.fact is not None:
            return PlannedState.VISITED if self.fact.visited else PlannedState.MISSED
        return self.plan.state if self.plan else PlannedState.OPEN

    @property
    def method(self) -> VisitMethod | None:
        found = self.fact or self.plan
        return found.method if found else None


@dataclass(frozen=True, slots=True)
class VisitsOfDay:
    manager: Person
    day: date
    visits: tuple[DayVisit, ...]

    @property
    def counts(self) -> Counter[PlannedState]:
        return Counter(visit.state for visit in self.visits)


def list_visits(store: Store, manager: Person, day: date) -> VisitsOfDay:
    """Planned visits in the order of the road, then what was logged besides."""
    known = {customer.id: customer for customer in customers.all(store)}
    codes = short_codes(customer.code for customer in known.values() if customer.manager == manager.id)
    plans = planned.between(store, manager.id, day, day)
    facts = {visit.customer: visit for visit in visits.on_day(store, manager.id, day)}
    listed = [DayVisit(known[plan.customer], plan, facts.pop(plan.customer, None)) for plan in _by_road(plans)]
    listed += [DayVisit(known[fact.customer], None, fact) for fact in facts.values()]
    listed = [replace(visit, short_code=codes.get(visit.customer.code, "")) for visit in listed]
    return VisitsOfDay(manager, day, tuple(listed))


def _by_road(plans: Iterable[PlannedVisit]) -> list[PlannedVisit]:
    """Places on the road first, visits without a road after them, cancelled ones last."""
    return sorted(plans, key=lambda v: (v.state is PlannedState.CANCELLED, v.position == 0, v.position, v.id))
