"""What approval of a month plan writes into the customers, and whom life took off its list since it was drafted."""

from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.strategy import AsideCustomer, FrequencyLine
from crmkit.rules.frequency import asides, written
from crmkit.rules.validity import ordering_since, valid_customers
from crmkit.store import customers, documents, figures, frequencies
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class ApprovedFrequencies:
    """The lines to write, and every customer that needs a word."""

    lines: tuple[FrequencyLine, ...]
    asides: tuple[AsideCustomer, ...]


def approved_frequencies(
    store: Store, policy: Policy, manager: Person, month: Month, today: date
) -> ApprovedFrequencies:
    """The list of the plan with the customers as they are now: who left the manager after submit keeps his line,
    unless the plan of his new manager decides.
    """
    listed = frequencies.lines(store, manager.id, month)
    gone = _gone(store, manager, month)
    everybody = {one.id: one for one in (*customers.all(store, manager.id), *(one for one, _line in gone))}
    decided = {one.id for one, _line in gone if _decides(store, one, month)}
    known = [*listed, *(line for _one, line in gone)]
    valid = _valid(store, policy, manager, today)
    told = asides(known, everybody, valid, {one.id for one, _line in gone}, decided)
    return ApprovedFrequencies(written(known, told), tuple(AsideCustomer(everybody[key], why) for key, why in told))


def _gone(store: Store, manager: Person, month: Month) -> list[tuple[Customer, FrequencyLine]]:
    """Who left after the plan was submitted, with the line he has."""
    plan = documents.find(store, manager.id, month, DocumentKind.PLAN)
    if plan is None or plan.state is not DocumentState.SUBMITTED:
        return []
    left = customers.left(store, manager.id, documents.submitted_by(store, plan.id))
    return [(one, line) for one in left if (line := frequencies.line_of(store, one.id, month))]


def _decides(store: Store, customer: Customer, month: Month) -> bool:
    """Has the new manager a plan of the month that will write this customer's frequency?"""
    plan = documents.find(store, customer.manager, month, DocumentKind.PLAN) if customer.manager else None
    return plan is not None and plan.state in (DocumentState.DRAFT, DocumentState.SUBMITTED)


def _valid(store: Store, policy: Policy, manager: Person, today: date) -> set[int]:
    ordering = figures.ordering(store, ordering_since(today, policy.valid), today, manager.id)
    found = valid_customers(customers.all(store, manager.id), manager.id, ordering, policy.valid)
    return {one.id for one in found.valid}
