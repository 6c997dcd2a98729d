"""Step 6 for one manager: gather what the area ordered in M-1 and its base, judge it, propose the targets of M."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from crmkit.model.consequence import Consequence
from crmkit.model.customer import Customer
from crmkit.model.judgement import Judgement
from crmkit.model.market import Analysis, AnalysisKind, AreaSum, Base, Indicator, IndicatorState, IndicatorTarget
from crmkit.model.month import Month
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.product import Product
from crmkit.rules.borderline import of_indicators
from crmkit.rules.calendar import month_days
from crmkit.rules.market import (
    TREND_MONTHS,
    Compared,
    Trend,
    base_of,
    growth,
    holds_month,
    indicator_states,
    indicators,
    proposals,
    with_hand_states,
)
from crmkit.rules.problems import PEER_RATIO, find_problem_customers
from crmkit.rules.warnings import area_ratios, big_customers, key_brand_warnings
from crmkit.store import market, people, products, targets
from crmkit.store.connection import Store
from crmkit.workflow.judged_month import JudgedMonth, judged_month
from crmkit.workflow.portfolio import Portfolio, month_figures

MONTHS_JOINED = 2  # January and February together


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One manager of the file in the month judged, beside the others; `ratio` = (1+g)/(1+g of all others)."""

    manager: Person
    now: AreaSum
    before: AreaSum
    ratio: Fraction | None

    @property
    def growth(self) -> Fraction | None:
        return growth(self.now.volume, self.before.volume)

    @property
    def key_growth(self) -> Fraction | None:
        return growth(self.now.key_volume, self.before.key_volume)


@dataclass(frozen=True, slots=True)
class Warned:
    """The ratio policy's warnings besides the area's, which its indicator carries."""

    key_brands: tuple[tuple[Product, Fraction], ...] = ()
    customers: tuple[tuple[Customer, str], ...] = ()  # with the ratio as a decimal text
    big: tuple[tuple[Customer, int], ...] = ()  # with the volume in thousandths


@dataclass(frozen=True, slots=True)
class JoinedMonths:
    """January and February together against their base: growth of the volume and of the key brands in percent."""

    base: Base
    growth: Fraction | None
    key_growth: Fraction | None


@dataclass(frozen=True, slots=True)
class MarketAnalysis:
    """Step 6 as it stands. `targets` are those of M, proposed ones included; `analysis` is None before it was made."""

    portfolio: Portfolio
    judged: Month
    states: tuple[IndicatorState, ...]
    targets: Mapping[Indicator, IndicatorTarget]
    asked: tuple[Indicator, ...]
    analysis: Analysis | None = None
    passed: Fraction = Fraction(1)
    team: tuple[TeamLine, ...] = ()
    warned: Warned | None = None  # None where the policy has no such warnings
    joined: JoinedMonths | None = None
    consequences: tuple[Consequence, ...] = ()
    near: int = 0  # indicators near their threshold

    @property
    def running(self) -> bool:
        return self.passed < 1

    @property
    def abnormal(self) -> tuple[IndicatorState, ...]:
        return tuple(one for one in self.states if one.final is Judgement.ABNORMAL)

    @property
    def unconfirmed(self) -> tuple[Indicator, ...]:
        """Indicators of M without a target in force."""
        return tuple(one for one in self.asked if one not in self.targets or not self.targets[one].in_force)


@dataclass(frozen=True, slots=True)
class _Ground:
    """The month judged and its base, as every manager's customers ordered in it."""

    judged: JudgedMonth
    first_order: date | None
    base: Base | None
    now: dict[int, AreaSum]
    before: dict[int, AreaSum]
    team: tuple[Person, ...] = field(default_factory=tuple)


def judge_market(store: Store, policy: Policy, portfolio: Portfolio, today: date) -> MarketAnalysis:
    """Compute step 6 without writing; states changed by hand, texts and targets in force stay.

    Raises Refusal(RULE, month-not-begun).
    """
    manager, month = portfolio.manager, portfolio.month
    ground = _ground(store, policy, portfolio, today)
    asked, judged = indicators(policy.indicator), ground.judged
    aims = targets.indicators(store, manager.id, judged.month)
    computed = indicator_states(asked, _compared(ground, manager.id), aims, judged.passed, policy)
    before = market.analysis(store, manager.id, month, AnalysisKind.MARKET)
    texts = (before.problems, before.focus) if before else (None, None)
    states = with_hand_states(computed, market.states(store, manager.id, month))
    return MarketAnalysis(
        portfolio=portfolio,
        judged=judged.month,
        states=states,
        targets=_month_targets(store, policy, manager, month, ground),
        asked=asked,
        analysis=Analysis(AnalysisKind.MARKET, judged.through, *texts),
        passed=judged.passed,
        team=_team(ground),
        warned=_warned(store, policy, portfolio, ground),
        joined=_joined(store, ground, manager.id),
        near=len(of_indicators(states, judged.passed, policy)),
    )


def month_targets(
    store: Store, policy: Policy, manager: Person, month: Month, today: date
) -> dict[Indicator, IndicatorTarget]:
    """The targets of M: those in force, and a proposal for every other indicator, where the orders allow one."""
    judged = judged_month(store, policy, manager, month, today)
    ground = _Ground(judged, market.first_order(store, manager.id), None, {}, {})
    return _month_targets(store, policy, manager, month, ground)


def _month_targets(
    store: Store, policy: Policy, manager: Person, month: Month, ground: "_Ground"
) -> dict[Indicator, IndicatorTarget]:
    kept = targets.indicators(store, manager.id, month)
    trend = _trend(store, ground, manager.id, month)
    proposed = {one.indicator: one for one in proposals(indicators(policy.indicator), trend)}
    return {
        one: kept[one] if one in kept and kept[one].in_force else proposed[one]
        for one in Indicator
        if one in proposed or (one in kept and kept[one].in_force)
    }


def write_market(store: Store, found: MarketAnalysis) -> None:
    """Keep what was computed, and the proposals."""
    manager, month = found.portfolio.manager.id, found.portfolio.month
    market.replace_states(store, manager, month, found.states)
    targets.write_indicators(store, manager, month, found.targets.values())
    if found.analysis:
        market.write_analysis(store, manager, month, found.analysis)


def _ground(store: Store, policy: Policy, portfolio: Portfolio, today: date) -> _Ground:
    manager = portfolio.manager
    judged = judged_month(store, policy, manager, portfolio.month, today)
    first = market.first_order(store, manager.id)
    base = base_of(judged.calendar, judged.month, judged.through, first)
    team = tuple(people.of_role(store, Role.CUSTOMER_MANAGER))
    whose = manager.id if len(team) < 2 else None
    now = market.areas(store, judged.month.first, judged.through, whose)
    before = market.areas(store, base.first, base.last, whose) if base else {}
    return _Ground(judged, first, base, now, before, team)


def _compared(ground: _Ground, manager: int) -> Compared:
    others = [one.id for one in ground.team if one.id != manager]
    sums = (ground.now, ground.before)
    beside = [sum((areas.get(one, AreaSum()) for one in others), AreaSum()) for areas in sums] if others else [None] * 2
    own = [areas.get(manager, AreaSum()) for areas in sums]
    return Compared(own[0], ground.base, own[1], beside[0], beside[1])


def _team(ground: _Ground) -> tuple[TeamLine, ...]:
    """Nobody to compare with: no lines."""
    if len(ground.team) < 2:
        return ()
    ratios = area_ratios(ground.now, ground.before, [one.id for one in ground.team])
    return tuple(
        TeamLine(one, ground.now.get(one.id, AreaSum()), ground.before.get(one.id, AreaSum()), ratios.get(one.id))
        for one in ground.team
    )


def _trend(store: Store, ground: _Ground, manager: int, month: Month) -> Trend:
    judged, first = ground.judged, ground.first_order
    newest = judged.month.previous if judged.running else judged.month
    held = [newest.plus(-back) for back in reversed(range(TREND_MONTHS))]
    recent = [one for one in held if holds_month(judged.calendar, one, first)]
    before = [one.plus(-12) for one in recent]
    has_year = bool(before) and all(holds_month(judged.calendar, one, first) for one in before)
    return Trend(
        recent=tuple(_area(store, ground, one, manager) for one in recent),
        recent_days=sum(len(month_days(judged.calendar, one)) for one in recent),
        year_ago=tuple(_area(store, ground, one, manager) for one in before) if has_year else (),
        same_month=_area(store, ground, month.plus(-12), manager) if has_year else None,
        days=len(month_days(judged.calendar, month)),
    )


def _area(store: Store, ground: _Ground, month: Month, manager: int) -> AreaSum:
    """What the area ordered in a month; the months compared are counted already."""
    judged, base = ground.judged, ground.base
    if ground.now and month == judged.month and judged.through == month.last:
        return ground.now.get(manager, AreaSum())
    if base and (base.first, base.last) == (month.first, month.last):
        return ground.before.get(manager, AreaSum())
    return market.area(store, month.first, month.last, manager)


def _joined(store: Store, ground: _Ground, manager: int) -> JoinedMonths | None:
    """January and February together, once February is judged and the file holds both of last year."""
    judged, base = ground.judged, ground.base
    if judged.month.number != MONTHS_JOINED or base is None:
        return None
    begin = judged.month.previous
    if not holds_month(judged.calendar, begin.plus(-12), ground.first_order):
        return None
    both = Base(base.kind, begin.plus(-12).first, base.last)
    now = market.area(store, begin.first, judged.through, manager)
    before = market.area(store, both.first, both.last, manager)
    return JoinedMonths(both, growth(now.volume, before.volume), growth(now.key_volume, before.key_volume))


def _warned(store: Store, policy: Policy, portfolio: Portfolio, ground: _Ground) -> Warned | None:
    if policy.anomaly.rule != "ratio":
        return None
    judged = ground.judged.month
    current = month_figures(store, policy, portfolio, judged)
    before = month_figures(store, policy, portfolio, judged.previous)
    found = find_problem_customers(portfolio.valid, [before, current], {}, {}, policy)
    behind = (
        (portfolio.by_id[problem.customer], problem.actual)
        for problems in found.problems.values()
        for problem in problems
        if problem.code == PEER_RATIO
    )
    volumes = {customer: one.volume for customer, one in current.customers.items()}
    return Warned(
        _key_brands(store, policy, ground, portfolio.manager.id),
        tuple(behind),
        big_customers(portfolio.valid, volumes, policy.ratio),
    )


def _key_brands(store: Store, policy: Policy, ground: _Ground, manager: int) -> tuple[tuple[Product, Fraction], ...]:
    base, judged = ground.base, ground.judged
    if base is None:
        return ()
    now = market.products(store, judged.month.first, judged.through, manager)
    before = market.products(store, base.first, base.last, manager)
    return key_brand_warnings(products.all(store), now, before, policy.ratio)


