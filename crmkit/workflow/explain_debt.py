"""Why a customer is owed visits, or is not any more: the planned days beside what happened on them."""

from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.debt import Debt
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedVisit, Visit
from crmkit.store import planned, visits
from crmkit.store.connection import Store
from crmkit.workflow.visit_debt import VisitDebts, visit_debts


@dataclass(frozen=True, slots=True)
class DebtDay:
    """One day of the customer: the visit planned for it, what happened, and the debts that arose or ended on it."""

    day: date
    plan: PlannedVisit | None
    fact: Visit | None
    arose: tuple[Debt, ...]
    ended: tuple[Debt, ...]


@dataclass(frozen=True, slots=True)
class WhyDebt:
    """A customer's days since the month of the oldest debt still open, or, without one, since the month before."""

    customer: Customer
    found: VisitDebts
    days: tuple[DebtDay, ...]


def explain_debt(store: Store, policy: Policy, manager: Person, customer: Customer, until: date) -> WhyDebt:
    """What is owed to one customer, day by day. Raises Refusal(CALENDAR_UNPUBLISHED)."""
    found = visit_debts(store, policy, manager, until, (customer.id,))
    begin = min([debt.month for debt in found.open] or [Month.of(until).previous]).first
    plans = {plan.day: plan for plan in planned.of_customer(store, customer.id, begin, until)}
    facts = {fact.day: fact for fact in visits.of_customer(store, customer.id, begin, until)}
    turns = {debt.since for debt in found.debts} | {debt.ended for debt in found.debts if debt.ended}
    listed = sorted(day for day in plans.keys() | facts.keys() | turns if begin <= day <= until)
    return WhyDebt(
        customer,
        found,
        tuple(
            DebtDay(
                day,
                plans.get(day),
                facts.get(day),
                tuple(debt for debt in found.debts if debt.since == day),
                tuple(debt for debt in found.debts if debt.ended == day),
            )
            for day in listed
        ),
    )
