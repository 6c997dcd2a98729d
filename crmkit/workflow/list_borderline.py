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
from crmkit.workflow.judge_customers import judge_customers
from crmkit.workflow.match_customers import part_judged
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
    judged = judge_customers(store, policy, portfolio)
    kept = kept_borders(store, policy, manager.id, month, key_limit(len(portfolio.valid), policy.key))
    found = (*kept, *borderline.of_baselines(judged.baselines.values(), judged.ratios, policy))
    made = {
        2: operating.state(store, manager.id, month) is not None,
        5: bool(brand.states(store, manager.id, month)),
        6: bool(market.states(store, manager.id, month)),
        8: bool(frequencies.lines(store, manager.id, month)),
    }
    mine = tuple(one for one in found if one.customer == borderline.AREA or one.customer in portfolio.owned)
    names = {one.code: one.name for one in products.all(store)}
    return BorderlineList(portfolio, mine, names, tuple(step for step, is_made in made.items() if not is_made))


def kept_borders(store: Store, policy: Policy, manager: int, month: Month, line: int) -> tuple[Borderline, ...]:
    """Near a border among the judgements that are kept: all but the problem customers, whom the orders tell. `line`
    is how many key customers are proposed at most.
    """
    indicators = market.states(store, manager, month)
    listed = frequencies.lines(store, manager, month)
    codes = {one.id: one.code for one in products.all(store)}
    passed = part_judged(store, policy, manager, month) if indicators else Fraction(1)
    ranks = {one.customer: one.rank for one in listed}
    return (
        *borderline.of_effects(operating.effects(store, manager, month).values(), policy),
        *borderline.of_abilities(operating.abilities(store, manager, month).values(), policy),
        *borderline.of_rates(brand.states(store, manager, month), codes, policy),
        *borderline.of_indicators(indicators, passed, policy),
        *borderline.of_key_line(keycustomers.candidates(store, manager, month), line),
        *borderline.of_frequencies(tie_borders(listed, policy.frequency), ranks),
    )
