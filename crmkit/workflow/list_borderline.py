"""Every judgement of a month that lies near its threshold, on either side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crmkit.model.borderline import Borderline
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules import borderline
from crmkit.rules.frequency import tie_borders
from crmkit.rules.keycustomers import key_limit
from crmkit.store import brand, frequencies, keycustomers, market, operating, products
from crmkit.store.connection import Store
from crmkit.workflow.generate_month_plan import judge_customers
from crmkit.workflow.match_customers import judged_part
from crmkit.workflow.portfolio import Portfolio, portfolio_of


@dataclass(frozen=True, slots=True)
class BorderlineList:
    """What stands near a border in one manager's month. `products` are the names of products by code; `unmade` the
    steps whose judgements do not exist yet (2 operating state, 5 brand, 6 market, 8 month plan).
    """

    portfolio: Portfolio
    found: tuple[Borderline, ...]
    products: Mapping[str, str]
    unmade: tuple[int, ...]


def list_borderline(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> BorderlineList:
    """Judgements as they are kept; problem customers as the orders say now."""
    portfolio = portfolio_of(store, policy, manager, month, today)
    effects = operating.effects(store, manager.id, month)
    indicators = market.states(store, manager.id, month)
    rates = brand.states(store, manager.id, month)
    lines = frequencies.lines(store, manager.id, month)
    candidates = keycustomers.candidates(store, manager.id, month)
    judged = judge_customers(store, policy, portfolio)
    known = {one.id: one for one in products.all(store)}
    passed = judged_part(store, policy, portfolio) if indicators else Fraction(1)
    found = (
        *borderline.of_effects(effects.values(), policy),
        *borderline.of_abilities(operating.abilities(store, manager.id, month).values(), policy),
        *borderline.of_rates(rates, {key: one.code for key, one in known.items()}, policy),
        *borderline.of_indicators(indicators, passed, policy),
        *borderline.of_baselines(judged.baselines.values(), judged.ratios, policy),
        *borderline.of_key_line(candidates, key_limit(len(portfolio.valid), policy.key)),
        *borderline.of_frequencies(tie_borders(lines, policy.frequency), {one.customer: one.rank for one in lines}),
    )
    unmade = tuple(
        step for step, made in ((2, effects), (5, rates), (6, indicators), (8, lines)) if not made
    )
    mine = tuple(one for one in found if one.customer == borderline.AREA or one.customer in portfolio.owned)
    return BorderlineList(portfolio, mine, {one.code: one.name for one in known.values()}, unmade)
