"""Fixed appointments: a date on which a customer must be visited, kept by every later planning."""

from dataclasses import dataclass, replace
from datetime import date

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.calendar import works_on
from crmkit.store import planned
from crmkit.store.connection import Store
from crmkit.workflow.acting import manager_of
from crmkit.workflow.working_calendar import calendar_between


@dataclass(frozen=True, slots=True)
class Appointment:
    """A pinned visit. `printed`: that day's sheet is out; `working`: the manager works that day."""

    customer: Customer
    visit: PlannedVisit
    reason: str
    known: bool  # it was planned for that day already
    printed: bool = False
    working: bool = True
    removed: bool = False


def keep_appointment(
    store: Store, act: Act, policy: Policy, customer: Customer, day: date, reason: str, *, dry_run: bool = False
) -> Appointment:
    """Plan a visit for that day, or pin the one that is planned. A day off of the manager is told, not refused.

    Raises Refusal(RULE): plan-in-the-past, shop-shut, no-manager.
    """
    manager = manager_of(store, customer)
    if day < act.today:
        way_out = f"crmkit visit log {customer.code} --date {day}"
        raise Refusal(Fault.RULE, rule="plan-in-the-past", day=day.isoformat(), way_out=way_out)
    if customer.shut_on(day):
        way_out = f"crmkit customer closed {customer.code} {day} --remove"
        raise Refusal(Fault.RULE, rule="shop-shut", value=customer.code, day=day.isoformat(), way_out=way_out)
    found = _open_on(store, customer, day)
    method = customer.visit_method or VisitMethod.ONSITE
    visit = found or PlannedVisit(customer.id, manager.id, day, method, position=0)
    if not dry_run:
        with store.operation(act):
            key = visit.id if found else planned.add(store, visit)
            planned.pin(store, key, pinned=True, note=reason or None)
    calendar = calendar_between(store, policy, manager.id, day, day, assume_weekdays=True)
    printed = day in planned.printed_days(store, manager.id, day, day)
    pinned = replace(visit, pinned=True)
    return Appointment(customer, pinned, reason, found is not None, printed, works_on(calendar, day))


def drop_appointment(store: Store, act: Act, customer: Customer, day: date, *, dry_run: bool = False) -> Appointment:
    """Take an appointment back: planning may move the visit again; where no plan covers the day the visit goes.

    Raises Refusal(NOT_FOUND).
    """
    found = _open_on(store, customer, day)
    if found is None or not found.pinned:
        raise Refusal(Fault.NOT_FOUND, noun="appointment", value=day.isoformat(), known="")
    if not dry_run:
        with store.operation(act):
            if planned.covered(store, found.manager, day):
                planned.pin(store, found.id, pinned=False, note=None)
            else:
                planned.remove(store, [found])
    return Appointment(customer, replace(found, pinned=False), "", known=True, removed=True)


def _open_on(store: Store, customer: Customer, day: date) -> PlannedVisit | None:
    found = planned.of_customer(store, customer.id, day, day)
    return next((visit for visit in found if visit.state is PlannedState.OPEN), None)
