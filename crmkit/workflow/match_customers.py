"""Whose problems match what is abnormal in the area: gathers who ordered the abnormal products, asks the rules."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from crmkit.model.figures import MonthFigures
from crmkit.model.judgement import Baseline
from crmkit.model.market import AnalysisKind
from crmkit.model.month import Month
from crmkit.model.policy import Policy
from crmkit.model.strategy import Problem
from crmkit.rules.market import progress
from crmkit.rules.matching import Counted, indicator_problems, matches, rate_problems
from crmkit.store import brand, market, targets
from crmkit.store.connection import Store
from crmkit.workflow.area_findings import AreaFindings
from crmkit.workflow.judge_brand import demand_served
from crmkit.workflow.portfolio import Portfolio
from crmkit.workflow.working_calendar import calendar_between


def matching_problems(
    store: Store,
    policy: Policy,
    portfolio: Portfolio,
    area: AreaFindings,
    history: Sequence[MonthFigures],
    baselines: Mapping[int, Baseline],
) -> dict[int, tuple[Problem, ...]]:
    """Problem codes of valid customers that match an abnormal indicator or product; none where nothing is abnormal."""
    counted = _counted(store, policy, portfolio, area)
    found = [problem for one in area.rates for problem in rate_problems(one, area.codes[one.product], counted, policy)]
    if area.indicators:
        passed = judged_part(store, policy, portfolio)
        for one in area.indicators:
            found += indicator_problems(one, portfolio.valid, history, baselines, passed, policy.problem)
    return matches(found, portfolio.valid)


def _counted(store: Store, policy: Policy, portfolio: Portfolio, area: AreaFindings) -> Counted:
    judged, manager = portfolio.month.previous, portfolio.manager.id
    keys = {one.product for one in area.rates}
    if not keys:
        return Counted(judged)
    begin = judged.plus(-max(policy.rates.sell_through_months, 1))
    return Counted(
        judged,
        brand.ordered(store, keys, begin, judged, manager),
        targets.customers(store, manager, judged),
        demand_served(store, judged, manager),
    )


def judged_part(store: Store, policy: Policy, portfolio: Portfolio) -> Fraction:
    """The part of M-1 that the market analysis saw."""
    return part_judged(store, policy, portfolio.manager.id, portfolio.month)


def part_judged(store: Store, policy: Policy, manager: int, month: Month) -> Fraction:
    """The same, where nobody's customers are at hand."""
    judged = month.previous
    analysis = market.analysis(store, manager, month, AnalysisKind.MARKET)
    calendar = calendar_between(store, policy, None, judged.first, judged.last, assume_weekdays=True)
    return progress(calendar, judged, analysis.through if analysis else judged.last)
