"""Why a planned visit stands on its day."""

from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.moving import VisitMove
from crmkit.model.person import Person
from crmkit.model.planning import Client, DayReason
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState, PlannedVisit, Visit
from crmkit.rules.capacity import on_road
from crmkit.rules.owing import Span, owed_visits
from crmkit.rules.visitday import why_day
from crmkit.store import customers, debts, frequencies, moves, planned, visits
from crmkit.store.connection import Store
from crmkit.workflow.visit_problem import clients_of_records, standing_of_month
from crmkit.workflow.working_calendar import calendar_of_month


@dataclass(frozen=True, slots=True)
class WhyVisit:
    """A planned visit with the reason it stands on its day, and what became of it.

    `total` is how many visits the month owes a customer who is not weekly; `fact` the visit made on the day, or the one
    made instead of it.
    """

    customer: Customer
    visit: PlannedVisit
    client: Client
    reason: DayReason
    provisional: bool
    moves: tuple[VisitMove, ...] = ()  # how it came to this day, the first move first
    total: int = 0
    fact: Visit | None = None
    note: str | None = None  # why it was pinned, skipped or cancelled
    by_repair: bool = False  # made by phone because the days were full


def explain_visit(
    store: Store, policy: Policy, manager: Person, customer: Customer, day: date | None, today: date = date.min
) -> WhyVisit:
    """The visit of `day`, of any state; without a day the next one from `today` on that is open.

    Raises Refusal NOT_FOUND, naming the customer's planned days, when nothing is planned on that day; without any,
    what says why.
    """
    visit = _visit_of(store, manager, customer, day, today)
    day, month = visit.day, Month.of(visit.day)
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    everybody = customers.all(store, manager.id)
    ours = {customer.id, *(plan.customer for plan in planned.between(store, manager.id, month.first, month.last))}
    listed = [one for one in everybody if one.id in ours]
    clients = clients_of_records(listed, frequencies.lines(store, manager.id, month), policy, month)
    span = Span(month, calendar, policy, month.first)
    reason = why_day(span, clients, standing_of_month(store, manager, month), customer.id, day)
    client = next(one for one in clients if one.customer.id == customer.id)
    facts = visits.standing_for(store, visit.id)
    return WhyVisit(
        customer=customer,
        visit=visit,
        client=client,
        reason=reason,
        provisional=calendar.provisional,
        moves=_moves_to(store, customer, day),
        total=len(owed_visits(span, client, [])),
        fact=facts[0] if facts else visits.find(store, customer.id, day),
        note=planned.note_of(store, visit.id),
        by_repair=visit.method is VisitMethod.PHONE and on_road(customer.visit_method),
    )


def _visit_of(store: Store, manager: Person, customer: Customer, day: date | None, today: date) -> PlannedVisit:
    month = Month.of(day or today)
    own = planned.of_customer(store, customer.id, month.first, month.last)
    live = [plan for plan in own if plan.state is not PlannedState.CANCELLED]
    if day is None:
        ahead = planned.of_customer(store, customer.id, today, month.next.last)
        found = next((plan for plan in ahead if plan.state is PlannedState.OPEN), None)
    else:
        found = next((plan for plan in (*live, *reversed(own)) if plan.day == day), None)
    if found is None:
        unfit = any(one.customer == customer.id for one in debts.unfit_of_month(store, manager.id, month))
        known = [plan.day.isoformat() for plan in live]
        known += [f"crmkit explain debt {customer.code}"] if unfit else []
        known = known or [f"crmkit explain customer {customer.code} --month {month}"]
        raise Refusal(Fault.NOT_FOUND, noun="planned-visit", value=(day or today).isoformat(), known=known)
    return found


def _moves_to(store: Store, customer: Customer, day: date) -> tuple[VisitMove, ...]:
    """The moves that brought a visit to its day, followed backwards."""
    found: list[VisitMove] = []
    here: date | None = day
    for move in reversed(moves.of_customer(store, customer.id)):
        if here is not None and move.becomes == here:
            found.append(move)
            here = move.was
    return tuple(reversed(found))
