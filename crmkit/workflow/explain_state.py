"""Why a rate of a product or an indicator of the area is judged as it is, down to the customers and rows counted."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crmkit.model.brand import DemandServed, ProductOrders, RateKind, RateState
from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.market import AnalysisKind, Indicator, IndicatorState
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.product import Product
from crmkit.model.provenance import Behind
from crmkit.rules.brand import ordered_before
from crmkit.rules.market import due
from crmkit.store import brand, customers, market, provenance, targets
from crmkit.store.connection import Store
from crmkit.workflow.judge_brand import demand_served
from crmkit.workflow.match_customers import judged_part
from crmkit.workflow.portfolio import portfolio_of


@dataclass(frozen=True, slots=True)
class WhyRate:
    """`counted` are the customers of the numerator, `missing` those of the denominator that are not in it, as the
    orders stand now; the kept count may be older.
    """

    product: Product
    judged: Month
    policy: Policy
    state: RateState
    counted: tuple[Customer, ...]
    missing: tuple[Customer, ...]
    behind: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class WhyIndicator:
    """`due` is what of the target the days passed ask for."""

    manager: Person
    judged: Month
    policy: Policy
    state: IndicatorState
    due: Fraction | None
    through: date
    behind: tuple[Behind, ...]  # of the base (growth only), and of the month judged


def explain_rate(
    store: Store, policy: Policy, manager: Person, month: Month, product: Product, kind: RateKind, rows: int = 0
) -> WhyRate:
    """Raises Refusal: GATE before step 5 was made, NOT_FOUND when it did not judge this rate."""
    states = brand.states(store, manager.id, month)
    state = next((one for one in states if (one.product, one.kind) == (product.id, kind)), None)
    if state is None:
        way_out = f"crmkit analyze brand compute --month {month}"
        if not states:
            raise Refusal(Fault.GATE, step=5, needs="brand-computed", way_out=way_out)
        raise Refusal(Fault.NOT_FOUND, noun="rate", value=f"{kind}:{product.code}", known=[way_out])
    judged = month.previous
    begin = judged.plus(-policy.rates.sell_through_months)
    orders = brand.ordered(store, [product.id], begin, judged, manager.id)[product.id]
    numerator, denominator = _counted(store, policy, manager, judged, product, kind, orders)
    known = customers.all(store, manager.id)
    return WhyRate(
        product,
        judged,
        policy,
        state,
        tuple(one for one in known if one.id in numerator),
        tuple(one for one in known if one.id in denominator - numerator),
        tuple(
            provenance.behind(store, first.first, last.last, manager=manager.id, product=product.id, limit=rows)
            for first, last in ((begin, judged.previous), (judged, judged))
        ),
    )


def _counted(
    store: Store, policy: Policy, manager: Person, judged: Month, product: Product, kind: RateKind,
    orders: ProductOrders,
) -> tuple[frozenset[int], frozenset[int]]:  # fmt: skip
    """The customers above and below the line of a rate."""
    now, last = orders.of(judged), orders.of(judged.previous)
    if kind is RateKind.ON_SHELF:
        listed = targets.customers(store, manager.id, judged).get(product.id, frozenset())
        return listed & now, listed
    if kind is RateKind.SELL_THROUGH:
        return now, ordered_before(orders, judged, policy.rates)
    if kind is RateKind.REPURCHASE:
        return now & last, last
    unserved = frozenset(demand_served(store, judged, manager.id).get(product.id, DemandServed()).unserved or ())
    return unserved, unserved


def explain_indicator(
    store: Store, policy: Policy, manager: Person, month: Month, indicator: Indicator, today: date, rows: int = 0
) -> WhyIndicator:
    """Raises Refusal: GATE before step 6 was made, NOT_FOUND when it did not judge this indicator."""
    state = next((one for one in market.states(store, manager.id, month) if one.indicator is indicator), None)
    analysis = market.analysis(store, manager.id, month, AnalysisKind.MARKET)
    way_out = f"crmkit analyze market compute --month {month}"
    if analysis is None:
        raise Refusal(Fault.GATE, step=6, needs="market-computed", way_out=way_out)
    if state is None:
        raise Refusal(Fault.NOT_FOUND, noun="indicator", value=indicator.value, known=[way_out])
    passed = judged_part(store, policy, portfolio_of(store, policy, manager, month, today))
    spans = [(state.base.first, state.base.last)] if state.base else []
    spans.append((month.previous.first, analysis.through))
    return WhyIndicator(
        manager,
        month.previous,
        policy,
        state,
        due(indicator, state.target, passed),
        analysis.through,
        tuple(provenance.behind(store, first, last, manager=manager.id, limit=rows) for first, last in spans),
    )
