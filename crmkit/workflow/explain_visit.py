"""Why a planned visit stands on its day."""

from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.moving import VisitMove
from crmkit.model.person import Person
from crmkit.model.planning import Client, DayReason
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.owing import Span
from crmkit.rules.visitday import why_day
from crmkit.store import customers, frequencies, moves, planned
from crmkit.store.connection import Store
from crmkit.workflow.visit_problem import clients_of_records, standing_of_month
from crmkit.workflow.working_calendar import calendar_of_month


@dataclass(frozen=True, slots=True)
class WhyVisit:
    """A planned visit with the reason it stands on its day."""

    customer: Customer
    visit: PlannedVisit
    client: Client
    reason: DayReason
    provisional: bool
    moves: tuple[VisitMove, ...] = ()  # how it came to this day, the first move first


def explain_visit(store: Store, policy: Policy, manager: Person, customer: Customer, day: date) -> WhyVisit:
    """Raises Refusal NOT_FOUND, naming the customer's planned days, when nothing is planned on that day."""
    month = Month.of(day)
    own = [
        plan
        for plan in planned.of_customer(store, customer.id, month.first, month.last)
        if plan.state is not PlannedState.CANCELLED
    ]
    visit = next((plan for plan in own if plan.day == day), None)
    if visit is None:
        known = [plan.day.isoformat() for plan in own] or [f"crmkit customer show {customer.code}"]
        raise Refusal(Fault.NOT_FOUND, noun="planned-visit", value=day.isoformat(), known=known)
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    everybody = customers.all(store, manager.id)
    ours = {plan.customer for plan in planned.between(store, manager.id, month.first, month.last)}
    listed = [one for one in everybody if one.id in ours]
    clients = clients_of_records(listed, frequencies.lines(store, manager.id, month), policy, month)
    reason = why_day(
        Span(month, calendar, policy, month.first), clients, standing_of_month(store, manager, month), customer.id, day
    )
    client = next(one for one in clients if one.customer.id == customer.id)
    return WhyVisit(customer, visit, client, reason, calendar.provisional, _moves_to(store, customer, day))


def _moves_to(store: Store, customer: Customer, day: date) -> tuple[VisitMove, ...]:
    """The moves that brought a visit to its day, followed backwards."""
    found: list[VisitMove] = []
    here: date | None = day
    for move in reversed(moves.of_customer(store, customer.id)):
        if here is not None and move.becomes == here:
            found.append(move)
            here = move.was
    return tuple(reversed(found))
