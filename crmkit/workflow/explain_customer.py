"""Why a customer is, or is not, on the plan of a month."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crmkit.model.customer import Customer, CustomerState, Frequency
from crmkit.model.debt import Debt, DebtState
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.strategy import FrequencyLine, KeyCandidate
from crmkit.model.visit import PlannedVisit
from crmkit.store import documents, frequencies, keycustomers, planned
from crmkit.store.connection import Store
from crmkit.workflow.portfolio import portfolio_of
from crmkit.workflow.visit_debt import visit_debts


class PlanPlace(StrEnum):
    """Why a customer is, or is not, on a month's plan."""

    LISTED = "listed"  # on the frequency list
    METHODLESS = "methodless"  # listed and planned, but on no paper
    NEW = "new"  # came after the list was made: planned by the policy's frequency until the next approval
    NOT_VALID = "not_valid"  # closed, suspended, licence gone
    NO_LIST = "no_list"  # valid, but the month has no plan yet


@dataclass(frozen=True, slots=True)
class WhyCustomer:
    """A customer's place on the plan: whether he is valid and listed, the key list, the visits, what is owed."""

    customer: Customer
    month: Month
    manager: Person
    place: PlanPlace
    state: DocumentState | None
    line: FrequencyLine | None
    frequency: Frequency
    candidate: KeyCandidate | None
    visits: tuple[PlannedVisit, ...]
    debts: tuple[Debt, ...]  # still open
    ordering: bool  # not valid by his mark, but he ordered lately


def explain_customer(
    store: Store, policy: Policy, manager: Person, month: Month, customer: Customer, today: date
) -> WhyCustomer:
    """One customer of one manager in a month, as of today."""
    portfolio = portfolio_of(store, policy, manager, month, today)
    document = documents.find(store, manager.id, month, DocumentKind.PLAN)
    lines = frequencies.lines(store, manager.id, month)
    line = next((one for one in lines if one.customer == customer.id), None)
    candidates = keycustomers.candidates(store, manager.id, month)
    debts = visit_debts(store, policy, manager, min(today, month.last), (customer.id,)).debts
    valid = customer.id in portfolio.by_id
    return WhyCustomer(
        customer=customer,
        month=month,
        manager=manager,
        place=_place(customer, line, valid=valid, listed=bool(lines)),
        state=document.state if document else None,
        line=line,
        frequency=line.frequency if line else customer.frequency or Frequency(policy.frequency.new_customer),
        candidate=next((one for one in candidates if one.customer == customer.id), None),
        visits=tuple(planned.of_customer(store, customer.id, month.first, month.last)),
        debts=tuple(debt for debt in debts if debt.state is DebtState.OPEN),
        ordering=not valid and customer.state is not CustomerState.ACTIVE and customer in portfolio.parted.ordering,
    )


def _place(customer: Customer, line: FrequencyLine | None, *, valid: bool, listed: bool) -> PlanPlace:
    if not valid:
        return PlanPlace.NOT_VALID
    if line is None:
        return PlanPlace.NEW if listed else PlanPlace.NO_LIST
    return PlanPlace.METHODLESS if customer.visit_method is None else PlanPlace.LISTED
