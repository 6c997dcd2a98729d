"""Step 2, operating state 客户经营状态分析: compute the effect, score the ability, generate."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from crmkit.model.consequence import Consequence, Follower
from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operating import Ability, AbilityItem, Effect, Quadrant, ScoreOrigin
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.restating import Input
from crmkit.rules.operating import assumed_abilities, carried_abilities, effects, quadrant, unscored
from crmkit.store import computing, figures, operating, products
from crmkit.store.connection import Store
from crmkit.workflow.acting import refuse_invalid
from crmkit.workflow.draft_only import is_submitted, refuse_after_submit
from crmkit.workflow.portfolio import Portfolio, month_figures, portfolio_of
from crmkit.workflow.rederive_month import with_consequences
from crmkit.workflow.way_to_plan import way_to_scores

Rows = list[tuple[int, AbilityItem, int]]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Customers whose scores were carried over or assumed in one act: by whom, on which day."""

    origin: ScoreOrigin
    by: str
    day: str
    customers: int


@dataclass(frozen=True, slots=True)
class OperatingState:
    """Step 2 of one manager and month: what was computed and scored, and who is missing."""

    portfolio: Portfolio
    state: str | None
    effects: Mapping[int, Effect]
    abilities: Mapping[int, Ability]
    unscored: tuple[Customer, ...]
    carriable: int  # of the unscored, those with last month's scores to carry over
    partly: Mapping[int, tuple[AbilityItem, ...]]  # the items that unscored customers with some scores lack
    quadrants: Mapping[int, Quadrant | None]
    orderless: tuple[Month, ...] = ()  # of the two months compared, those without any order
    unseen: tuple[Unseen, ...] = ()  # scores nobody gave one by one: the reviewer counts them
    consequences: tuple[Consequence, ...] = ()  # what followed of strategies and month plan
    written: int = 0  # customers a command gave scores, or would
    is_submitted: bool = False  # the strategies are: nothing here moves any more
    late_lines: int = 0  # order lines that came or changed after it was computed

    @property
    def counts(self) -> Counter[Quadrant | None]:
        return Counter(self.quadrants.values())


def compute_effects(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, dry_run: bool = False
) -> OperatingState:
    """Compute the operating effect of every valid customer from the orders of M-1 against M-2.

    Recomputing invalidates what was generated. Raises Refusal(STATE) once the strategies are submitted.
    """
    refuse_after_submit(store, manager, month)
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    computed, inputs = effects_now(store, policy, portfolio)
    if not dry_run:
        with store.operation(act, as_read=True):
            operating.replace_effects(store, manager.id, month, computed.values())
            computing.keep(store, act, manager.id, month, f"{policy.name} {policy.version}", inputs)
            operating.set_state(store, manager.id, month, "computed")
    return _state_with(store, policy, portfolio, "computed", computed)


def effects_now(
    store: Store, policy: Policy, portfolio: Portfolio
) -> tuple[dict[int, Effect], dict[int, dict[Month, Input]]]:
    """The effects of a portfolio by the orders as they are, and the figures behind each."""
    month = portfolio.month
    current = month_figures(store, policy, portfolio, month.previous)
    before = month_figures(store, policy, portfolio, month.plus(-2))
    has_key_brands = any(product.key_brand for product in products.all(store))
    found = effects(portfolio.valid, current, before, policy.effect, has_key_brands=has_key_brands)
    both = (before, current)
    inputs = {
        one.id: {figures_.month: Input(figures_.of(one.id), figures_.days_of(one.id)) for figures_ in both}
        for one in portfolio.valid
    }
    return {effect.customer: effect for effect in found}, inputs


def score_all(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    scores: Mapping[AbilityItem, int],
    *,
    among: Callable[[Customer], bool] = lambda customer: True,
    dry_run: bool = False,
) -> OperatingState:
    """Set one set of scores for a group of valid customers in one act, marked assumed; who has scores keeps them."""
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    known = operating.abilities(store, manager.id, month)
    wanted = [customer.id for customer in portfolio.valid if customer.id not in known and among(customer)]
    return _write_scores(store, act, policy, portfolio, assumed_abilities(wanted, scores), dry_run=dry_run)


def carry_scores(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, dry_run: bool = False
) -> OperatingState:
    """Take over last month's scores for every valid customer that has none, marked carried."""
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    known = operating.abilities(store, manager.id, month)
    previous = operating.abilities(store, manager.id, month.previous)
    wanted = [customer.id for customer in portfolio.valid if customer.id not in known]
    carried = carried_abilities(previous.values(), wanted)
    return _write_scores(store, act, policy, portfolio, carried, dry_run=dry_run)


def score_customer(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    customer: Customer,
    scores: Mapping[AbilityItem, int],
    *,
    origin: ScoreOrigin = ScoreOrigin.ENTERED,
    dry_run: bool = False,
) -> OperatingState:
    """Enter scores of one customer; items not named keep theirs. `origin` is carried where they are last month's."""
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    if customer.id not in portfolio.by_id:
        refuse_invalid(store, manager, customer)
    entered = Ability(customer.id, dict(scores), origin)
    return _write_scores(store, act, policy, portfolio, (entered,), dry_run=dry_run)


def generate(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, dry_run: bool = False
) -> OperatingState:
    """Close step 2; strategies and a month plan drafted before follow.

    Raises Refusal(GATE) naming who is not scored, or that nothing is computed.
    """
    refuse_after_submit(store, manager, month)
    found = operating_state(store, policy, manager, month, act)
    if found.state is None:
        raise Refusal(Fault.GATE, step=2, needs="computed", way_out=f"crmkit analyze compute --month {month}")
    if found.unscored:
        codes = [customer.code for customer in found.unscored]
        way_out = way_to_scores(month, found.carriable)
        raise Refusal(Fault.GATE, step=2, needs="scored", who=codes, way_out=way_out)

    def write() -> None:
        operating.set_state(store, manager.id, month, "generated")

    _, followed = with_consequences(
        store, act, policy, manager, (month,), write, Follower.STRATEGIES, portfolio=found.portfolio, dry_run=dry_run
    )
    made = _state_with(store, policy, found.portfolio, "generated", found.effects)
    return replace(made, consequences=followed)


def operating_state(store: Store, policy: Policy, manager: Person, month: Month, act: Act) -> OperatingState:
    """Step 2 as it stands, and whether orders came after it was computed."""
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    state = operating.state(store, manager.id, month)
    found = _state_with(store, policy, portfolio, state, operating.effects(store, manager.id, month))
    kept = computing.of_month(store, manager.id, month)
    late = computing.late_rows(store, manager.id, month, kept.through) if kept else []
    return replace(found, late_lines=sum(one.lines for one in late))


def _write_scores(
    store: Store, act: Act, policy: Policy, portfolio: Portfolio, scored: tuple[Ability, ...], *, dry_run: bool
) -> OperatingState:
    """Write scores; any other score invalidates what was generated."""
    manager, month = portfolio.manager, portfolio.month
    refuse_after_submit(store, manager, month)
    state = operating.state(store, manager.id, month)
    known = operating.scores(store, manager.id, month)
    rows = [(ability.origin, _rows(ability, known.get(ability.customer, {}))) for ability in scored]
    opened = state == "generated" and any(_changed(new, known) for _origin, new in rows)
    if not dry_run and scored:
        with store.operation(act, as_read=True):
            for origin, new in rows:
                operating.write_scores(store, month, new, origin, act)
            if opened:
                operating.set_state(store, manager.id, month, "computed")
    state = "computed" if opened else state
    found = _state_with(store, policy, portfolio, state, operating.effects(store, manager.id, month))
    return replace(found, written=sum(_changed(new, known) for _origin, new in rows))


def _changed(rows: Rows, known: Mapping[int, Mapping[AbilityItem, tuple[int, ScoreOrigin]]]) -> bool:
    """Would any score be another one? The same again invalidates nothing."""
    return any(known.get(key, {}).get(item, (0, None))[0] != score for key, item, score in rows)


def _rows(ability: Ability, known: Collection[AbilityItem]) -> Rows:
    """Scores to write; what a group is given never writes over an item that somebody entered."""
    kept = () if ability.origin is ScoreOrigin.ENTERED else known
    return [(ability.customer, item, score) for item, score in ability.scores.items() if item not in kept]


def _state_with(
    store: Store, policy: Policy, portfolio: Portfolio, state: str | None, effects_: Mapping[int, Effect]
) -> OperatingState:
    abilities = operating.abilities(store, portfolio.manager.id, portfolio.month)
    quadrants = {
        customer.id: quadrant(effects_[customer.id].score, abilities[customer.id].score, policy)
        for customer in portfolio.valid
        if customer.id in effects_ and customer.id in abilities
    }
    missing = unscored(portfolio.valid, abilities)
    begun = operating.scores(store, portfolio.manager.id, portfolio.month)
    partly = {
        customer.id: tuple(item for item in AbilityItem if item not in begun[customer.id])
        for customer in missing
        if customer.id in begun
    }
    last = operating.abilities(store, portfolio.manager.id, portfolio.month.previous)
    return OperatingState(
        portfolio=portfolio,
        state=state,
        effects=effects_,
        abilities=abilities,
        unscored=missing,
        carriable=sum(customer.id in last for customer in missing),
        partly=partly,
        quadrants=quadrants,
        orderless=_orderless(store, portfolio),
        unseen=_unseen(store, portfolio, abilities),
        is_submitted=is_submitted(store, portfolio.manager, portfolio.month, DocumentKind.STRATEGIES),
    )


def _unseen(store: Store, portfolio: Portfolio, abilities: Mapping[int, Ability]) -> tuple[Unseen, ...]:
    """Customers of the portfolio by the act that carried or assumed their scores."""
    who = operating.who_scored(store, portfolio.manager.id, portfolio.month)
    acts: Counter[tuple[ScoreOrigin, str, str]] = Counter()
    for customer in portfolio.valid:
        ability = abilities.get(customer.id)
        if ability and ability.origin is not ScoreOrigin.ENTERED:
            by, at = list(who[customer.id].values())[-1]
            acts[(ability.origin, by, at[:10])] += 1
    return tuple(Unseen(*act, count) for act, count in sorted(acts.items()))


def _orderless(store: Store, portfolio: Portfolio) -> tuple[Month, ...]:
    compared = (portfolio.month.plus(-2), portfolio.month.previous)
    manager = portfolio.manager.id
    return tuple(m for m in compared if not figures.any_order(store, m.first, m.last, manager))
