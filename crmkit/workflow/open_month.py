"""The month opened in one sitting: what can be carried over or computed is, and what is left to decide is found.

Steps 1 to 8 by their own use cases; `advance` makes what is missing or stale, `look` says where the month stands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from crmkit.model.brand import BrandTarget, RateState
from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind, Documents, DocumentState
from crmkit.model.market import Analysis, AnalysisKind, Indicator, IndicatorState, IndicatorTarget
from crmkit.model.month import Month
from crmkit.model.opening import Answer, Carry, Decision, Matter, OpeningFacts
from crmkit.model.operating import AbilityItem, Quadrant
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.product import Product
from crmkit.rules.area import band
from crmkit.rules.market import indicators
from crmkit.rules.matching import rate_code
from crmkit.rules.opening import decisions
from crmkit.rules.operating import quadrant
from crmkit.store import (
    brand,
    computing,
    customers,
    documents,
    market,
    opening_answers,
    operating,
    products,
    targets,
    watchlist,
)
from crmkit.store.connection import Store
from crmkit.workflow.analyze_brand import compute_brand
from crmkit.workflow.analyze_market import compute_market
from crmkit.workflow.analyze_operating import OperatingState, carry_scores, compute_effects, generate, operating_state
from crmkit.workflow.area_findings import AreaFindings, findings_of
from crmkit.workflow.generate_month_plan import MonthPlan, Texts, generate_month_plan, month_plan
from crmkit.workflow.generate_strategies import generate_strategies
from crmkit.workflow.judge_brand import judge_brand
from crmkit.workflow.judge_market import judge_market
from crmkit.workflow.portfolio import Portfolio, portfolio_of
from crmkit.workflow.settle_documents import states_of
from crmkit.workflow.take_demand import DirectDemand, direct_demand

FIRST_SATISFACTION = "90"  # offered where last month has none [our default]
UNGRADED = "ungraded"


class Advanced(StrEnum):
    """What was made without asking."""

    COMPUTED = "computed"  # effects
    CARRIED = "carried"  # scores
    BRAND = "brand"
    MARKET = "market"
    GENERATED = "generated"  # step 2 closed
    STRATEGIES = "strategies"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class LostCustomer:
    """Ranked last month, not valid now: his state, or "left" when another manager has him."""

    customer: Customer
    why: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Where the opening of a month stands. `advanced` is what this run made, with counts; `later` are the decisions
    that come once those of now are taken as proposed (filled where nobody is asked).
    """

    state: OperatingState
    documents: Documents
    answers: tuple[Answer, ...]
    quadrants_before: Mapping[int, Quadrant]
    scores_before: Mapping[int, Mapping[AbilityItem, int]]
    lost: tuple[LostCustomer, ...]
    demand: DirectDemand
    area: AreaFindings
    analyses: tuple[Analysis, ...]
    indicators: Mapping[Indicator, IndicatorState]
    targets: Mapping[Indicator, IndicatorTarget]
    asked: tuple[Indicator, ...]
    aimed_before: tuple[tuple[Product, BrandTarget], ...]
    satisfaction: str | None
    offered: str
    offered_last: bool
    last_texts: Texts
    plan: MonthPlan | None
    decisions: tuple[Decision, ...] = ()
    advanced: tuple[tuple[Advanced, int], ...] = ()
    later: tuple[Decision, ...] = ()

    @property
    def portfolio(self) -> Portfolio:
        return self.state.portfolio

    @property
    def month(self) -> Month:
        return self.portfolio.month

    @property
    def is_first(self) -> bool:
        """Nobody was scored last month: there is nothing to carry over."""
        return not self.scores_before

    @property
    def is_closed(self) -> bool:
        """Both documents are submitted: nothing is asked any more."""
        drafts = (None, DocumentState.DRAFT)
        return self.documents.strategies not in drafts and self.documents.plan not in drafts

    @property
    def is_submittable(self) -> bool:
        """Nothing that a submission would be refused for is open."""
        is_overloaded = any(one.matter is Matter.LOAD for one in self.decisions)
        return self.plan is not None and self.satisfaction is not None and not is_overloaded

    @property
    def by_code(self) -> Mapping[str, Customer]:
        """Whoever a decision may name."""
        return {one.code: one for one in (*self.portfolio.owned.values(), *(gone.customer for gone in self.lost))}

    @property
    def untouched_rates(self) -> Mapping[str, RateState]:
        """The abnormal rates nobody changed, by their problem code."""
        return {rate_code(one.kind, self.area.codes[one.product]): one for one in self.area.rates if not one.by_hand}


def open_month(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> Opening:
    """Carry over and compute what can be, then look. Each thing made is an operation of its own; what stands and is
    not stale is left alone, so that a second call makes nothing. Raises Refusal: GATE (no customers), RULE
    month-not-begun.
    """
    made = tuple(advance(store, act, policy, manager, month))
    return replace(look(store, act, policy, manager, month), advanced=made)


def advance(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> Iterator[tuple[Advanced, int]]:
    """What was made, with a count: customers, states, strategies."""
    store.look()
    common = (store, act, policy, manager, month)
    states = states_of(store, manager, month)
    if states.plan in (None, DocumentState.DRAFT):
        yield from _judged(*common)
    if states.strategies in (None, DocumentState.DRAFT):
        yield from _scored(*common)
    yield from _drafted(*common)


def _judged(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month
) -> Iterator[tuple[Advanced, int]]:
    """Steps 5 and 6, where orders or targets of now give other states than those kept."""
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    brand_now = judge_brand(store, policy, portfolio, act.today)
    rates = {(one.product, one.kind): one for one in brand.states(store, manager.id, month)}
    analysis = market.analysis(store, manager.id, month, AnalysisKind.BRAND)
    if ({(one.product, one.kind): one for one in brand_now.states}, brand_now.analysis) != (rates, analysis):
        yield Advanced.BRAND, len(compute_brand(store, act, policy, manager, month).states)
    market_now = judge_market(store, policy, portfolio, act.today)
    states = {one.indicator: one for one in market.states(store, manager.id, month)}
    analysis = market.analysis(store, manager.id, month, AnalysisKind.MARKET)
    if ({one.indicator: one for one in market_now.states}, market_now.analysis) != (states, analysis):
        yield Advanced.MARKET, len(compute_market(store, act, policy, manager, month).states)


def _scored(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> Iterator[tuple[Advanced, int]]:
    """Step 2: computed where it is missing or orders came since, scores carried over, closed once all are scored."""
    common = (store, act, policy, manager, month)
    found = operating_state(store, policy, manager, month, act)
    if found.state is None or found.late_lines or any(one not in found.effects for one in found.portfolio.by_id):
        found = compute_effects(*common)
        yield Advanced.COMPUTED, len(found.effects)
    if found.carriable:
        found = carry_scores(*common)
        yield Advanced.CARRIED, found.written
    if found.state != "generated" and not found.unscored:
        yield Advanced.GENERATED, len(generate(*common).abilities)


def _drafted(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> Iterator[tuple[Advanced, int]]:
    """Steps 7 and 8 where they were never made; made before, they have followed every change."""
    generated = operating.state(store, manager.id, month) == "generated"
    if generated and documents.find(store, manager.id, month, DocumentKind.STRATEGIES) is None:
        yield Advanced.STRATEGIES, len(generate_strategies(store, act, policy, manager, month).strategies)
    has_record = documents.find(store, manager.id, month, DocumentKind.STRATEGIES) is not None
    if has_record and documents.find(store, manager.id, month, DocumentKind.PLAN) is None:
        yield Advanced.PLAN, len(generate_month_plan(store, act, policy, manager, month).lines)


def look(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> Opening:
    """Where the opening stands; nothing is written."""
    store.look()
    found = _gathered(store, act, policy, manager, month)
    return replace(found, decisions=decisions(facts_of(found), found.answers))


def _gathered(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> Opening:
    state = operating_state(store, policy, manager, month, act)
    before, last = month.previous, documents.find(store, manager.id, month.previous, DocumentKind.STRATEGIES)
    record = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    offered = documents.satisfaction_target(store, last.id) if last else None
    has_plan = documents.find(store, manager.id, month, DocumentKind.PLAN) is not None
    abilities = operating.abilities(store, manager.id, before)
    return Opening(
        state=state,
        documents=states_of(store, manager, month),
        answers=tuple(opening_answers.of_month(store, manager.id, month)),
        quadrants_before=_quadrants(store, policy, manager, before),
        scores_before={key: one.scores for key, one in abilities.items()},
        lost=_lost(store, state.portfolio),
        demand=direct_demand(store, policy, manager, month, act.today),
        area=findings_of(store, manager, month),
        analyses=_analyses(store, manager, month),
        indicators={one.indicator: one for one in market.states(store, manager.id, month)},
        targets=targets.indicators(store, manager.id, month),
        asked=indicators(policy.indicator),
        aimed_before=_aimed_before(store, manager, month),
        satisfaction=documents.satisfaction_target(store, record.id) if record else None,
        offered=offered or FIRST_SATISFACTION,
        offered_last=offered is not None,
        last_texts=documents.texts(store, manager.id, before, DocumentKind.PLAN),
        plan=month_plan(store, policy, manager, month, act.today) if has_plan else None,
    )


def facts_of(found: Opening) -> OpeningFacts:
    """What the rule asks about."""
    state, plan = found.state, found.plan
    drafts = (None, DocumentState.DRAFT)
    aimless = tuple(one for one in found.asked if one not in found.targets or not found.targets[one].in_force)
    return OpeningFacts(
        record_open=found.documents.strategies in drafts,
        plan_open=found.documents.plan in drafts,
        methodless=tuple(one.code for one in state.portfolio.parted.methodless),
        lost={one.customer.code: one.why for one in found.lost},
        unconfirmed=tuple(found.demand.customers[one.customer].code for one in found.demand.unconfirmed),
        unscored={one.code: _group(one) if found.is_first else "" for one in state.unscored},
        carried=_carried(found),
        aimed_before=tuple(product.code for product, _target in found.aimed_before),
        rates=tuple(found.untouched_rates),
        indicators=tuple(one.indicator.value for one in found.area.indicators if not one.by_hand),
        aimless=tuple(one.value for one in aimless),
        proposals=tuple(one.value for one in aimless if one in found.targets),
        has_strategies=found.documents.strategies is not None,
        has_satisfaction=found.satisfaction is not None,
        satisfaction_carried=found.offered_last,
        has_plan=plan is not None,
        drafted=found.area.abnormal,
        written=_written(plan.texts if plan else (None, None)),
        last_written=_written(found.last_texts),
        candidates=plan.candidates if plan else (),
        key_limit=plan.key_limit if plan else 0,
        borders=plan.borders if plan else (),
        load=plan.load if plan else None,
    )


def _carried(found: Opening) -> dict[str, Carry]:
    state, known = found.state, {}
    for one in state.portfolio.valid:
        before, now = found.quadrants_before.get(one.id), state.quadrants.get(one.id)
        if before and now:
            known[one.code] = Carry(before, now, state.abilities[one.id].origin)
    return known


def _written(texts: Texts) -> frozenset[Matter]:
    return frozenset(matter for matter, text in zip((Matter.PROBLEMS, Matter.FOCUS), texts, strict=True) if text)


def _group(customer: Customer) -> str:
    """Who is scored in one answer in a file's first month: grades alike."""
    found = band(customer.grade)
    return found.value if found else UNGRADED


def _quadrants(store: Store, policy: Policy, manager: Person, month: Month) -> dict[int, Quadrant]:
    effects, abilities = operating.effects(store, manager.id, month), operating.abilities(store, manager.id, month)
    placed = {key: quadrant(effects[key].score, abilities[key].score, policy) for key in effects.keys() & abilities}
    return {key: place for key, place in placed.items() if place}


def _lost(store: Store, portfolio: Portfolio) -> tuple[LostCustomer, ...]:
    """Whoever last month's effect was computed for and who is not valid any more, by code."""
    manager, before = portfolio.manager.id, portfolio.month.previous
    ranked = operating.effects(store, manager, before)
    closed = [LostCustomer(one, one.state.value) for one in portfolio.parted.left_out if one.id in ranked]
    kept = computing.of_month(store, manager, before)
    left = customers.left(store, manager, kept.through) if kept else []
    gone = [LostCustomer(one, "left") for one in left]
    return tuple(sorted((*closed, *gone), key=lambda one: one.customer.code))


def _analyses(store: Store, manager: Person, month: Month) -> tuple[Analysis, ...]:
    kept = (market.analysis(store, manager.id, month, kind) for kind in AnalysisKind)
    return tuple(one for one in kept if one)


def _aimed_before(store: Store, manager: Person, month: Month) -> tuple[tuple[Product, BrandTarget], ...]:
    """Products watched in the month that have no target in it and had one the month before."""
    watched = watchlist.of_month(store, month)
    now, last = targets.of_month(store, manager.id, month), targets.of_month(store, manager.id, month.previous)
    known = {one.id: one for one in products.all(store)} if watched else {}
    open_ones = [key for key in last if key in watched and key not in now]
    return tuple((known[key], last[key]) for key in open_ones)
