"""Step 5 for one manager: gather targets, target customers and orders of M-1, judge every watched product."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from crmkit.model.brand import BrandTarget, DemandServed, RateState
from crmkit.model.consequence import Consequence
from crmkit.model.judgement import Judgement
from crmkit.model.market import Analysis, AnalysisKind
from crmkit.model.month import Month
from crmkit.model.policy import Policy
from crmkit.model.product import Product
from crmkit.rules.borderline import of_rates
from crmkit.rules.brand import rate_states, with_hand_states
from crmkit.store import brand, demand, market, products, targets, watchlist
from crmkit.store.connection import Store
from crmkit.workflow.judged_month import judged_month
from crmkit.workflow.portfolio import Portfolio


@dataclass(frozen=True, slots=True)
class BrandAnalysis:
    """Step 5 as it stands: every rate of every watched product in the month judged.

    `targetless` are watched products without a target, `listless` those with one but without target customers.
    `analysis` is None before it was computed.
    """

    portfolio: Portfolio
    judged: Month
    products: tuple[Product, ...]
    states: tuple[RateState, ...]
    targets: Mapping[int, BrandTarget]
    listed: Mapping[int, int] = field(default_factory=dict)  # target customers by product
    analysis: Analysis | None = None
    running: bool = False
    consequences: tuple[Consequence, ...] = ()
    near: int = 0  # rates near their threshold

    @property
    def targetless(self) -> tuple[Product, ...]:
        return tuple(one for one in self.products if one.id not in self.targets)

    @property
    def listless(self) -> tuple[Product, ...]:
        return tuple(one for one in self.products if one.id in self.targets and not self.listed.get(one.id))

    @property
    def abnormal(self) -> tuple[RateState, ...]:
        return tuple(one for one in self.states if one.final is Judgement.ABNORMAL)

    @property
    def by_id(self) -> dict[int, Product]:
        return {one.id: one for one in self.products}


def judge_brand(store: Store, policy: Policy, portfolio: Portfolio, today: date) -> BrandAnalysis:
    """Compute step 5 without writing; states changed by hand and texts of before stay.

    Raises Refusal(RULE, month-not-begun).
    """
    manager, month = portfolio.manager, portfolio.month
    judged = judged_month(store, policy, manager, month, today)
    watched = watched_products(store, judged.month)
    keys = [one.id for one in watched]
    begin = judged.month.plus(-policy.rates.sell_through_months)
    orders = brand.ordered(store, keys, begin, judged.month, manager.id)
    held = targets.of_month(store, manager.id, judged.month)
    listed = targets.customers(store, manager.id, judged.month)
    asked = demand_served(store, judged.month, manager.id)
    computed = rate_states(keys, orders, judged.month, held, listed, asked, policy)
    before = market.analysis(store, manager.id, month, AnalysisKind.BRAND)
    texts = (before.problems, before.focus) if before else (None, None)
    states = with_hand_states(computed, brand.states(store, manager.id, month))
    return BrandAnalysis(
        portfolio=portfolio,
        judged=judged.month,
        products=watched,
        states=states,
        targets=held,
        listed={product: len(who) for product, who in listed.items()},
        analysis=Analysis(AnalysisKind.BRAND, judged.through, *texts),
        running=judged.running,
        near=near_rates(states, policy),
    )


def near_rates(states: Sequence[RateState], policy: Policy) -> int:
    """How many rates lie so near to their threshold that a point more or less would judge them otherwise."""
    return len(of_rates(states, {one.product: str(one.product) for one in states}, policy))


def write_brand(store: Store, found: BrandAnalysis) -> None:
    """Keep what was computed."""
    manager, month = found.portfolio.manager.id, found.portfolio.month
    brand.replace_states(store, manager, month, found.states)
    if found.analysis:
        market.write_analysis(store, manager, month, found.analysis)


def watched_products(store: Store, month: Month) -> tuple[Product, ...]:
    """The products on the watch list in a month, by code."""
    watched = watchlist.of_month(store, month)
    return tuple(one for one in products.all(store) if one.id in watched)


def demand_served(store: Store, month: Month, manager: int) -> dict[int, DemandServed]:
    """The confirmed demand lines of a month by product; none where nobody was asked: stock-out is not judged then."""
    lines = {one.product: one.lines for one in demand.served(store, month, manager)}
    lacking: dict[int, Counter[int]] = {product: Counter() for product in lines}
    for customer, product in demand.unserved(store, month, manager):
        lacking[product][customer] += 1
    return {product: DemandServed(count, lacking[product]) for product, count in lines.items()}
