"""What another policy would make of a month: who changes state and frequency, and what it costs in visits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crmkit.model.brand import RateState
from crmkit.model.customer import Customer, Frequency
from crmkit.model.errors import Fault, Refusal
from crmkit.model.judgement import Judgement
from crmkit.model.market import IndicatorState
from crmkit.model.month import Month
from crmkit.model.operating import Quadrant
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.rules.matching import abnormal_indicators, abnormal_rates, rate_code
from crmkit.rules.operating import quadrant
from crmkit.store import customers, operating, people, products
from crmkit.store.connection import Store
from crmkit.workflow.analyze_operating import effects_now
from crmkit.workflow.area_findings import AreaFindings
from crmkit.workflow.derive_strategies import derived, with_hand
from crmkit.workflow.generate_month_plan import MonthPlan, plan_from
from crmkit.workflow.judge_brand import judge_brand
from crmkit.workflow.judge_market import judge_market
from crmkit.workflow.portfolio import Portfolio, portfolio_of


@dataclass(frozen=True, slots=True)
class CustomerState:
    """Where one customer stands under a policy; None for who is not valid under it."""

    quadrant: Quadrant | None
    problems: tuple[str, ...]
    key: bool
    frequency: Frequency


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """A customer with another state under the other policy."""

    customer: Customer
    before: CustomerState | None
    after: CustomerState | None

    @property
    def moves_frequency(self) -> bool:
        return (self.before and self.before.frequency) != (self.after and self.after.frequency)


@dataclass(frozen=True, slots=True)
class AreaChange:
    """An indicator or a rate (on_shelf:P) judged otherwise."""

    code: str
    before: Judgement
    after: Judgement


@dataclass(frozen=True, slots=True)
class MonthUnder:
    """One manager's month under one policy, nothing written; `unscored` customers have no ability yet."""

    plan: MonthPlan
    customers: Mapping[int, CustomerState]
    area: Mapping[str, Judgement]
    unscored: int

    @property
    def visits(self) -> int:
        """Visits owed in the month."""
        return self.plan.load.visits


@dataclass(frozen=True, slots=True)
class ComparedMonth:
    manager: Person
    month: Month
    before: MonthUnder
    after: MonthUnder
    changes: tuple[CustomerChange, ...]
    area: tuple[AreaChange, ...]


def compare_months(
    store: Store, policies: tuple[Policy, Policy], manager: Person | None, month: Month, today: date
) -> tuple[ComparedMonth, ...]:
    """The month of one manager or (None) of everybody with customers, under the first policy and the second.

    All is computed from the orders as they are now; scores, hand changes of the lists and states changed by hand stay.
    Raises Refusal(GATE, step 0) when nobody has customers.
    """
    owners = {customer.manager for customer in customers.all(store)}
    everybody = [one for one in people.of_role(store, Role.CUSTOMER_MANAGER) if one.id in owners]
    if not manager and not everybody:
        raise Refusal(Fault.GATE, step=0, needs="customers", way_out="crmkit import FILE…")
    return tuple(_compared(store, policies, one, month, today) for one in ([manager] if manager else everybody))


def _compared(
    store: Store, policies: tuple[Policy, Policy], manager: Person, month: Month, today: date
) -> ComparedMonth:
    before, after = (_month_under(store, policy, manager, month, today) for policy in policies)
    known = {**before.plan.portfolio.owned, **after.plan.portfolio.owned}
    changes = tuple(
        CustomerChange(customer, before.customers.get(key), after.customers.get(key))
        for key, customer in sorted(known.items(), key=lambda pair: pair[1].code)
        if before.customers.get(key) != after.customers.get(key)
    )
    nothing = Judgement.NOT_JUDGED
    area = tuple(
        AreaChange(code, before.area.get(code, nothing), after.area.get(code, nothing))
        for code in dict.fromkeys((*before.area, *after.area))
        if before.area.get(code, nothing) is not after.area.get(code, nothing)
    )
    return ComparedMonth(manager, month, before, after, changes, area)


def _month_under(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> MonthUnder:
    portfolio = portfolio_of(store, policy, manager, month, today)
    effects, _inputs = effects_now(store, policy, portfolio)
    rates = judge_brand(store, policy, portfolio, today).states
    indicators = judge_market(store, policy, portfolio, today).states
    known_products = {product.id: product for product in products.all(store)}
    codes = {key: product.code for key, product in known_products.items()}
    area = AreaFindings(abnormal_rates(rates), abnormal_indicators(indicators), known_products)
    known = with_hand(store, portfolio, derived(store, policy, portfolio, effects))
    plan = plan_from(store, policy, portfolio, known, area, today)
    abilities = operating.abilities(store, manager.id, month)
    places = {
        key: quadrant(effects[key].score, ability.score, policy) for key, ability in abilities.items() if key in effects
    }
    return MonthUnder(
        plan,
        _customers(portfolio, plan, places),
        _area(rates, indicators, codes),
        sum(1 for one in portfolio.valid if one.id not in abilities),
    )


def _customers(
    portfolio: Portfolio, plan: MonthPlan, places: Mapping[int, Quadrant | None]
) -> dict[int, CustomerState]:
    problems: dict[int, list[str]] = {}
    for problem in plan.problems:
        problems.setdefault(problem.customer, []).append(problem.code)
    keys = {one.customer for one in plan.keys}
    lines = {line.customer: line.frequency for line in plan.lines}
    return {
        one.id: CustomerState(
            places.get(one.id), tuple(sorted(problems.get(one.id, ()))), one.id in keys, lines[one.id]
        )
        for one in portfolio.valid
    }


def _area(
    rates: tuple[RateState, ...], indicators: tuple[IndicatorState, ...], codes: Mapping[int, str]
) -> dict[str, Judgement]:
    return {one.indicator.value: one.final for one in indicators} | {
        rate_code(one.kind, codes[one.product]): one.final for one in rates
    }
