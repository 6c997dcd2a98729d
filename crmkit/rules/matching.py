"""Which customers' problems match what is abnormal in the area (method.md §4, Problems and Key customers)."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from fractions import Fraction

from crmkit.model.brand import DemandServed, ProductOrders, RateKind, RateState
from crmkit.model.customer import Customer
from crmkit.model.figures import AMOUNT_SCALE, VOLUME_SCALE, MonthFigures
from crmkit.model.judgement import Baseline, Judgement
from crmkit.model.market import Indicator, IndicatorState
from crmkit.model.month import Month
from crmkit.model.policy import Policy, ProblemPolicy
from crmkit.model.strategy import Problem
from crmkit.rules.baseline import area_volume
from crmkit.rules.brand import ordered_before
from crmkit.rules.problems import (
    by_customer,
    indicator_problem,
    on_shelf_problems,
    repurchase_problems,
    sell_through_problems,
    stock_out_problems,
)

NOBODY: frozenset[int] = frozenset()


def rate_code(kind: RateKind, product: str) -> str:
    """on_shelf:P, with the product's code."""
    return f"{kind}:{product}"


def abnormal_rates(states: Iterable[RateState]) -> tuple[RateState, ...]:
    """The rates whose final state is abnormal."""
    return tuple(one for one in states if one.final is Judgement.ABNORMAL)


def abnormal_indicators(states: Iterable[IndicatorState]) -> tuple[IndicatorState, ...]:
    """The indicators whose final state is abnormal."""
    return tuple(one for one in states if one.final is Judgement.ABNORMAL)


@dataclass(frozen=True, slots=True)
class Counted:
    """Who ordered the abnormal products up to the month judged, who should have, whose demand was not served."""

    month: Month
    orders: Mapping[int, ProductOrders] = field(default_factory=dict)
    listed: Mapping[int, AbstractSet[int]] = field(default_factory=dict)
    demand: Mapping[int, DemandServed] = field(default_factory=dict)


def rate_problems(one: RateState, product: str, counted: Counted, policy: Policy) -> tuple[Problem, ...]:
    """The customers who show what is wrong with one rate of one product."""
    orders = counted.orders.get(one.product, ProductOrders(one.product, {}))
    now = orders.of(counted.month)
    if one.kind is RateKind.ON_SHELF:
        return on_shelf_problems(product, counted.listed.get(one.product, NOBODY), now)
    if one.kind is RateKind.SELL_THROUGH:
        return sell_through_problems(product, ordered_before(orders, counted.month, policy.rates), now)
    if one.kind is RateKind.REPURCHASE:
        return repurchase_problems(product, orders.of(counted.month.previous), now)
    return stock_out_problems(product, counted.demand.get(one.product, DemandServed()).unserved or {})


def indicator_problems(
    one: IndicatorState,
    valid: Sequence[Customer],
    history: Sequence[MonthFigures],
    baselines: Mapping[int, Baseline],
    passed: Fraction,
    policy: ProblemPolicy,
) -> tuple[Problem, ...]:
    """The customers whose own figure shows what is wrong with an indicator of the area.

    `history` are the months up to the one judged, oldest first; `passed` is the part of it that counts. Only volume,
    carton value and key-brand growth have codes of customers (method.md §4).
    """
    if one.target is None:
        return ()
    judges = {
        Indicator.VOLUME: _volume,
        Indicator.CARTON_VALUE: _carton_value,
        Indicator.KEY_BRAND_GROWTH: _key_brand_growth,
    }
    judge = judges.get(one.indicator)
    if judge is None:
        return ()
    found = (judge(one, customer.id, history, baselines[customer.id], passed, policy) for customer in valid)
    return tuple(problem for problem in found if problem)


def _volume(
    one: IndicatorState,
    customer: int,
    history: Sequence[MonthFigures],
    base: Baseline,
    passed: Fraction,
    policy: ProblemPolicy,
) -> Problem | None:
    """Own base × area target ÷ area base, per ordering day: what the customer would have had, had it done as the area
    did, × area target ÷ area's volume.
    """
    current = history[-1]
    aim = Fraction(one.target or 0) * VOLUME_SCALE * passed
    return indicator_problem(
        customer, "volume", current.of(customer).volume, base.expected_volume, aim, area_volume(current), policy
    )


def _carton_value(
    one: IndicatorState,
    customer: int,
    history: Sequence[MonthFigures],
    base: Baseline,
    passed: Fraction,
    policy: ProblemPolicy,
) -> Problem | None:
    """Of the customer and of the area over the same months."""
    aim = Fraction(one.target or 0) * AMOUNT_SCALE
    area = _area_carton_value(history[: len(history) - 1][-base.months :]) if base.months else None
    return indicator_problem(customer, "carton_value", base.current_carton_value, base.carton_value, aim, area, policy)


def _area_carton_value(months: Sequence[MonthFigures]) -> Fraction | None:
    volume = sum(area_volume(figures) for figures in months)
    amount = sum(customer.amount for figures in months for customer in figures.customers.values())
    return Fraction(amount * VOLUME_SCALE, volume) if volume > 0 else None


def _key_brand_growth(
    one: IndicatorState,
    customer: int,
    history: Sequence[MonthFigures],
    base: Baseline,
    passed: Fraction,
    policy: ProblemPolicy,
) -> Problem | None:
    """Of the key-brand volume, from the base the area's growth has; of a running month the same part of it."""
    then = next((figures for figures in history if one.base and figures.month == one.base.month), None)
    if then is None or one.actual is None:
        return None
    now = sum(figures.key_volume for figures in history[-1].customers.values())
    whole = sum(figures.key_volume for figures in then.customers.values())
    if whole <= 0:
        return None
    fell_to_nothing = one.actual <= -100
    part = whole * passed if fell_to_nothing else Fraction(now) / (1 + one.actual / 100)  # the area's base, same days
    own = then.of(customer).key_volume * part / whole
    aim = part * (1 + Fraction(one.target or 0) / 100)
    return indicator_problem(customer, "key_brand_growth", history[-1].of(customer).key_volume, own, aim, part, policy)


def matches(problems: Iterable[Problem], valid: Sequence[Customer]) -> dict[int, tuple[Problem, ...]]:
    """Problems by customer, of valid customers only: whoever left is on no key list."""
    known = {customer.id for customer in valid}
    return by_customer([problem for problem in problems if problem.customer in known])
