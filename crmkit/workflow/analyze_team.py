"""The month of every customer manager at once, computed from the orders as they are now: counted once for the file."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.figures import CustomerMonth, MonthFigures
from crmkit.model.market import AreaSum
from crmkit.model.month import Month
from crmkit.model.operating import Effect
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.strategy import KeyCandidate
from crmkit.rules.keycustomers import key_candidates, key_reasons
from crmkit.rules.market import growth
from crmkit.rules.operating import effects
from crmkit.rules.problems import ProblemFindings, find_problem_customers
from crmkit.rules.validity import ordering_since, valid_customers
from crmkit.store import customers, figures, people, products
from crmkit.store.connection import Store
from crmkit.workflow.portfolio import MONTHS_BACK, Portfolio, with_days

Counted = dict[Month, dict[int, CustomerMonth]]


@dataclass(frozen=True, slots=True)
class AreaMonth:
    """One manager's month M by the orders up to M-1: effects, problem customers and whom they make key.

    Matches with abnormal indicators and products are not in it: those are steps 5 and 6, each manager's own.
    """

    portfolio: Portfolio
    current: MonthFigures
    before: MonthFigures
    effects: tuple[Effect, ...]
    findings: ProblemFindings
    candidates: tuple[KeyCandidate, ...]

    @property
    def sums(self) -> AreaSum:
        """What the area ordered in M-1."""
        return sum_of(self.current)

    @property
    def growth(self) -> Fraction | None:
        """Growth of the volume against M-2, in percent."""
        return growth(self.sums.volume, sum_of(self.before).volume)

    @property
    def key_count(self) -> int:
        return sum(1 for one in self.candidates if one.standing.is_key)

    @property
    def problem_counts(self) -> Counter[str]:
        """Problem customers by reason."""
        return Counter(one.code for problems in self.findings.problems.values() for one in problems)


def sum_of(figures: MonthFigures) -> AreaSum:
    """A month of a manager's customers together."""
    found = figures.customers.values()
    return AreaSum(
        sum(one.volume for one in found), sum(one.amount for one in found), sum(one.key_volume for one in found),
        sum(one.volume > 0 for one in found), sum(one.orders for one in found),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TeamMonth:
    month: Month
    areas: tuple[AreaMonth, ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What SQL counted for the whole file, parted by manager."""

    months: Mapping[int, Counted]  # M-1 in full, the months before without what needs products told apart
    first_orders: Mapping[int, Month]
    ordering: set[int]
    owned: Mapping[int, list[Customer]]
    has_key_brands: bool


def analyze_team(store: Store, policy: Policy, month: Month, today: date) -> TeamMonth:
    """Read only. Managers without a valid customer are left out; Refusal(GATE, step 0) where that leaves nobody."""
    counted = _count(store, policy, month, today)
    managers = people.of_role(store, Role.CUSTOMER_MANAGER)
    found = (_area(store, policy, one, month, counted) for one in managers)
    areas = tuple(area for area in found if area)
    if not areas:
        raise Refusal(Fault.GATE, step=0, needs="customers", way_out="crmkit import FILE…")
    return TeamMonth(month, areas)


def _count(store: Store, policy: Policy, month: Month, today: date) -> _Counted:
    owned: dict[int, list[Customer]] = {}
    for customer in customers.all(store):
        if customer.manager is not None:
            owned.setdefault(customer.manager, []).append(customer)
    whose = {customer.id: manager for manager, listed in owned.items() for customer in listed}
    began = {customer: Month.of(day) for customer, day in figures.first_orders(store).items()}
    first = min(max(min(began.values(), default=month), month.plus(-MONTHS_BACK)), month.plus(-2))
    every = figures.history(store, first, month.plus(-2)) | {
        month.previous: figures.by_customer(store, month.previous)
    }
    return _Counted(
        _parted(every, owned, whose),
        began,
        _ordering(store, policy, today),
        owned,
        any(product.key_brand for product in products.all(store)),
    )


def _ordering(store: Store, policy: Policy, today: date) -> set[int]:
    """Who ordered lately: asked for only where the policy lets it make a customer valid."""
    if not policy.valid.ordering_counts:
        return set()
    return figures.ordering(store, ordering_since(today, policy.valid), today)


def _parted(every: Counted, owned: Mapping[int, list[Customer]], whose: Mapping[int, int]) -> dict[int, Counted]:
    parted: dict[int, Counted] = {manager: {month: {} for month in every} for manager in owned}
    for month, counted in every.items():
        for customer, found in counted.items():
            if customer in whose:
                parted[whose[customer]][month][customer] = found
    return parted


def _area(store: Store, policy: Policy, manager: Person, month: Month, counted: _Counted) -> AreaMonth | None:
    parted = valid_customers(counted.owned.get(manager.id, ()), manager.id, counted.ordering, policy.valid)
    if not parted.valid:
        return None
    portfolio = Portfolio(manager, month, parted)
    history = with_days(store, policy, portfolio, counted.months[manager.id])
    before, current = history[-2:]
    found = find_problem_customers(parted.valid, history, counted.first_orders, {}, policy)
    reasons = key_reasons(found.problems, {}, policy.key)
    return AreaMonth(
        portfolio=portfolio,
        current=current,
        before=before,
        effects=effects(parted.valid, current, before, policy.effect, has_key_brands=counted.has_key_brands),
        findings=found,
        candidates=key_candidates(parted.valid, reasons, found.lost, policy.key),
    )
