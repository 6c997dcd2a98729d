"""Whose month it is and what it is made of: the valid customers and their orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.figures import MonthFigures
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
    recent = figures.between(store, since, today, manager.id)
    ordering = {customer for customer, found in recent.items() if found.volume > 0}
    parted = valid_customers(customers.all(store, manager.id), manager.id, ordering, policy.valid)
    if not parted.valid:
        raise Refusal(Fault.GATE, step=0, needs="customers", way_out="crmkit import FILE…")
    return Portfolio(manager, month, parted)


def month_figures(store: Store, policy: Policy, portfolio: Portfolio, month: Month) -> MonthFigures:
    """What the portfolio ordered in one month, with its ordering days."""
    return _figures(store, policy, portfolio, month, month)[0]


def history_before(store: Store, policy: Policy, portfolio: Portfolio, month: Month) -> list[MonthFigures]:
    """The months before `month`, oldest first, without gaps: since the first order, at least 2, at most MONTHS_BACK."""
    span = figures.order_span(store)
    began = Month.of(span[0]) if span else month
    return _figures(store, policy, portfolio, min(max(began, month.plus(-MONTHS_BACK)), month.plus(-2)), month.previous)


def _figures(store: Store, policy: Policy, portfolio: Portfolio, first: Month, last: Month) -> list[MonthFigures]:
    # a past month whose calendar nobody published is counted Monday to Friday: figures are facts, never gated
    calendar = calendar_between(store, policy, None, first.first, last.last, assume_weekdays=True)
    weekdays = {c.id: c.order_weekday for c in portfolio.valid if c.order_weekday}
    made = []
    for month, counted in figures.months(store, first, last, portfolio.manager.id).items():
        own = {weekday: len(ordering_days(calendar, month, weekday)) for weekday in set(weekdays.values())}
        days = len(month_days(calendar, month))
        own_days = {c: own[weekday] for c, weekday in weekdays.items()}
        area_days = sum(own_days.get(customer.id, days) for customer in portfolio.valid)
        made.append(MonthFigures(month, days, counted, own_days, area_days))
    return made
