"""Whose month it is and what it is made of: the valid customers and their orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.figures import CustomerMonth, MonthFigures
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.calendar import month_days, ordering_days
from crmkit.rules.validity import Validity, ordering_since, valid_customers
from crmkit.store import customers, figures
from crmkit.store.connection import Store
from crmkit.workflow.working_calendar import calendar_between

MONTHS_BACK = 14  # a year, the month before it, and one more


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A manager's customers of a month, as of the day of computing."""

    manager: Person
    month: Month
    parted: Validity

    @property
    def valid(self) -> tuple[Customer, ...]:
        return self.parted.valid

    @property
    def by_id(self) -> Mapping[int, Customer]:
        return {customer.id: customer for customer in self.parted.valid}

    @property
    def owned(self) -> Mapping[int, Customer]:
        """Every customer of the manager, valid or not: whoever a list of the month may name."""
        return {customer.id: customer for customer in (*self.parted.valid, *self.parted.left_out)}


def portfolio_of(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> Portfolio:
    """The valid customers on `today`. Raises Refusal(GATE, step 0) when there are none."""
    since = ordering_since(today, policy.valid)
    ordering = figures.ordering(store, since, today, manager.id)
    parted = valid_customers(customers.all(store, manager.id), manager.id, ordering, policy.valid)
    if not parted.valid:
        raise Refusal(Fault.GATE, step=0, needs="customers", way_out="crmkit import FILE…")
    return Portfolio(manager, month, parted)


def month_figures(store: Store, policy: Policy, portfolio: Portfolio, month: Month) -> MonthFigures:
    """What the portfolio ordered in one month, with its ordering days."""
    counted = figures.by_customer(store, month, portfolio.manager.id)
    return with_days(store, policy, portfolio, {month: counted})[0]


def history_before(store: Store, policy: Policy, portfolio: Portfolio, month: Month) -> list[MonthFigures]:
    """The months before `month`, oldest first, without gaps: since the first order, at least 2, at most MONTHS_BACK.

    Volumes and amounts; products are not told apart (`month_figures` counts them).
    """
    span = figures.order_span(store)
    began = Month.of(span[0]) if span else month
    first = min(max(began, month.plus(-MONTHS_BACK)), month.plus(-2))
    counted = figures.history(store, first, month.previous, portfolio.manager.id)
    return with_days(store, policy, portfolio, counted)


def with_days(
    store: Store, policy: Policy, portfolio: Portfolio, counted_by_month: Mapping[Month, Mapping[int, CustomerMonth]]
) -> list[MonthFigures]:
    """What SQL counted of each month, with the ordering days of the portfolio's customers."""
    # a past month whose calendar nobody published is counted Monday to Friday: figures are facts, never gated
    first, last = min(counted_by_month), max(counted_by_month)
    calendar = calendar_between(store, policy, None, first.first, last.last, assume_weekdays=True)
    weekdays = {c.id: c.order_weekday for c in portfolio.valid if c.order_weekday}
    made = []
    for month, counted in counted_by_month.items():
        own = {weekday: len(ordering_days(calendar, month, weekday)) for weekday in set(weekdays.values())}
        days = len(month_days(calendar, month))
        own_days = {c: own[weekday] for c, weekday in weekdays.items()}
        area_days = sum(own_days.get(customer.id, days) for customer in portfolio.valid)
        made.append(MonthFigures(month, days, counted, own_days, area_days))
    return made
