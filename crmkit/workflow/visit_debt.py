"""Visit debt 欠访: what each customer of a manager is owed, since when, and what became of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Customer, CustomerState, Frequency
from crmkit.model.debt import Debt, DebtState, Forgiveness, UnfitVisit
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.planning import Client, Standing
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState, PlannedVisit, Visit
from crmkit.rules.calendar import gap
from crmkit.rules.debt import Period, Record, debts_of, owed_in
from crmkit.store import customers, debts, documents, frequencies, moves, planned, visits
from crmkit.store.connection import Store
from crmkit.workflow.visit_problem import new_since, skipped_as_standing
from crmkit.workflow.working_calendar import calendar_between

_LOOK = timedelta(days=62)  # beside the first and the last day: gaps and weeks cross the borders of months


@dataclass(frozen=True, slots=True)
class VisitDebts:
    """The debts of a manager's customers until a day, the longest waiting first.

    `since` is the first day of anything planned (None: nothing was); `closed` are customers who closed down with
    debts that nobody owes any more.
    """

    manager: Person
    until: date
    since: date | None
    debts: tuple[Debt, ...]
    known: Mapping[int, Customer]
    calendar: WorkCalendar
    closed: tuple[Customer, ...] = ()

    @property
    def open(self) -> tuple[Debt, ...]:
        return tuple(debt for debt in self.debts if debt.state is DebtState.OPEN)

    @property
    def waiting(self) -> Mapping[int, date]:
        """Since when each customer with an open debt waits."""
        return {debt.customer: debt.since for debt in reversed(self.open)}

    def age(self, debt: Debt) -> int:
        """Working days it has been, or was, owed."""
        return gap(self.calendar, debt.since, debt.ended or self.until)

    def of(self, customer: int) -> tuple[Debt, ...]:
        return tuple(debt for debt in self.debts if debt.customer == customer)


def visit_debts(
    store: Store,
    policy: Policy,
    manager: Person,
    until: date,
    only: Collection[int] | None = None,
    assumed: Visit | None = None,
) -> VisitDebts:
    """The debts that follow from everything known until the day (included); of some customers alone with `only`.
    `assumed` is a record that nobody has kept yet.
    """
    known = {one.id: one for one in customers.all(store, manager.id)}
    gathered = _gathered(store, manager, known.keys() if only is None else known.keys() & set(only), assumed)
    first, last = gathered.days(until)
    calendar = calendar_between(store, policy, None, first - _LOOK, last + _LOOK, assume_weekdays=True)
    found: list[Debt] = []
    for one in gathered.troubled:
        found += debts_of(calendar, policy, _record(gathered, calendar, policy, known[one], until))
    found.sort(key=lambda debt: (debt.since, known[debt.customer].code))
    gone = [debt for debt in found if debt.state is DebtState.OPEN and _is_closed(known[debt.customer], policy)]
    return VisitDebts(
        manager=manager,
        until=until,
        since=first if gathered.plans or gathered.unfit else None,
        debts=tuple(debt for debt in found if debt not in gone),
        known=known,
        calendar=calendar,
        closed=tuple(known[one] for one in dict.fromkeys(debt.customer for debt in gone)),
    )


def _is_closed(customer: Customer, policy: Policy) -> bool:
    return customer.state is not CustomerState.ACTIVE and not policy.valid.ordering_counts


class _OfCustomer(Protocol):
    @property
    def customer(self) -> int: ...


_Row = TypeVar("_Row", bound=_OfCustomer)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """All that is known of the customers, by customer."""

    plans: Mapping[int, Sequence[PlannedVisit]]
    facts: Mapping[int, Sequence[Visit]]
    unfit: Mapping[int, Sequence[UnfitVisit]]
    skipped: Mapping[int, Sequence[Standing]]
    forgiven: Mapping[int, Sequence[Forgiveness]]
    often: Mapping[int, Mapping[Month, Frequency]]
    approved: Mapping[tuple[int, Month], date]

    @property
    def troubled(self) -> list[int]:
        """Whom a visit failed: everybody else is owed nothing."""
        failed = {one for one, facts in self.facts.items() if not all(fact.visited for fact in facts)}
        return sorted((failed & self.plans.keys()) | self.unfit.keys())

    def days(self, until: date) -> tuple[date, date]:
        known = [row.day for rows in self.plans.values() for row in rows]
        known += [row.since for rows in self.unfit.values() for row in rows]
        return min(known, default=until), max(*known, until) if known else until


def _gathered(store: Store, manager: Person, wanted: Collection[int], assumed: Visit | None) -> _Gathered:
    """What the store keeps of these customers, whoever had them then."""

    def sorted_out(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
        found: dict[int, list[_Row]] = {}
        for row in rows:
            if row.customer in wanted:
                found.setdefault(row.customer, []).append(row)
        return found

    facts = visits.of_portfolio(store, manager.id, date.min, date.max)
    if assumed is not None:
        facts = [*(f for f in facts if (f.customer, f.day) != (assumed.customer, assumed.day)), assumed]
    plans = [plan for plan in planned.of_portfolio(store, manager.id) if plan.state is not PlannedState.CANCELLED]
    return _Gathered(
        plans=sorted_out(plans),
        facts=sorted_out(facts),
        unfit=sorted_out(debts.unfit_of_portfolio(store, manager.id)),
        skipped=sorted_out(skipped_as_standing(moves.skipped_of_portfolio(store, manager.id))),
        forgiven=sorted_out(debts.forgiven_of_portfolio(store, manager.id)),
        often=frequencies.of_portfolio(store, manager.id),
        approved=documents.results_approved(store),
    )


def _record(gathered: _Gathered, calendar: WorkCalendar, policy: Policy, customer: Customer, until: date) -> Record:
    key = customer.id
    plans, unfit = gathered.plans.get(key, ()), gathered.unfit.get(key, ())
    months = {Month.of(plan.day) for plan in plans} | {one.month for one in unfit}
    listed = gathered.often.get(key, {})
    usual = customer.frequency or Frequency(policy.frequency.new_customer)
    often = {month: listed.get(month, usual) for month in months}
    owed: dict[Period, int] = {}
    for month in sorted(months):
        client = Client(customer, often[month], new_since=None if month in listed else new_since(customer, month))
        for period, count in owed_in(calendar, policy, client, month, gathered.skipped.get(key, ())).items():
            owed[period] = owed.get(period, 0) + count
    return Record(
        customer=key,
        until=until,
        plans=tuple(plans),
        facts=tuple(gathered.facts.get(key, ())),
        unfit=tuple(unfit),
        owed=owed,
        frequencies=often,
        forgiven={one.since: one for one in gathered.forgiven.get(key, ()) if one.day <= until},
        approved={key: day for key, day in gathered.approved.items() if day <= until},
    )
