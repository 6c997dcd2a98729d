"""A month out of a package as the pages of steps 7 and 8 show it: the reviewer sees what its manager saw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crmkit.model.brand import RateState
from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind
from crmkit.model.figures import decimal_of
from crmkit.model.judgement import Judgement, Rate
from crmkit.model.market import IndicatorState, IndicatorTarget, TargetOrigin
from crmkit.model.package import SentIndicator, SentLoad, SentPlan, SentRate, Submission
from crmkit.model.person import Person, Role
from crmkit.model.planning import Foresight, Repair, Unfit, WeekLoad
from crmkit.model.product import Product
from crmkit.model.strategy import FrequencyLine, KeyCandidate, Problem, Strategy, TieBorder
from crmkit.rules.validity import Validity
from crmkit.workflow.area_findings import AreaFindings
from crmkit.workflow.generate_month_plan import MonthPlan
from crmkit.workflow.generate_strategies import MonthStrategies
from crmkit.workflow.portfolio import Portfolio

Ids = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SentMonth:
    """Steps 7 and 8 as they were sent."""

    strategies: MonthStrategies
    plan: MonthPlan | None


def unpack_month(sent: Submission) -> SentMonth:
    """Raises KeyError for a code that the package's own list of customers does not have."""
    ids = {one.code: number for number, one in enumerate(sent.customers, start=1)}
    portfolio = _portfolio(sent)
    found = tuple(
        Strategy(ids[one.customer], one.code, one.origin, one.cause, one.text, one.state, key, one.number)
        for key, one in enumerate(sent.step7.strategies, start=1)
    )
    kept = MonthStrategies(portfolio, sent.strategies, sent.step7.satisfaction, found)
    return SentMonth(kept, _plan(sent, sent.step8, portfolio, ids, found) if sent.step8 else None)


def _portfolio(sent: Submission) -> Portfolio:
    listed = [
        (
            Customer(number, one.code, one.name, 1, grade=one.grade, market_type=one.market, visit_method=one.method,
                     frequency=one.frequency),
            one.valid,
        )
        for number, one in enumerate(sent.customers, start=1)
    ]  # fmt: skip
    valid = tuple(one for one, is_valid in listed if is_valid)
    methodless = tuple(one for one in valid if one.visit_method is None)
    parted = Validity(valid, methodless, tuple(one for one, is_valid in listed if not is_valid), ())
    return Portfolio(Person(1, sent.manager.code, sent.manager.name, Role.CUSTOMER_MANAGER), sent.month, parted)


def _plan(
    sent: Submission, plan: SentPlan, portfolio: Portfolio, ids: Ids, known: tuple[Strategy, ...]
) -> MonthPlan:
    lines = tuple(
        FrequencyLine(
            ids[n.customer], n.frequency, n.source, n.rank, n.strategies, n.volume, n.tied, n.note
        )
        for n in plan.frequencies
    )
    by_code = {one.customer: line for one, line in zip(plan.frequencies, lines, strict=True)}
    return MonthPlan(
        portfolio=portfolio,
        state=sent.states.state(DocumentKind.PLAN),
        problems=tuple(Problem(ids[p.customer], p.code, p.actual, p.limit) for p in plan.problems),
        candidates=tuple(
            KeyCandidate(ids[k.customer], k.rank, k.standing, k.reasons, k.lost, k.note) for k in plan.keys
        ),
        lines=lines,
        strategies=known,
        load=_load(plan.load, ids),
        load_from=plan.load.since,
        key_limit=plan.key_limit,
        borders=tuple(
            TieBorder(t.upper, t.lower, t.strategies, t.went_up, t.tied, t.by, _ids(ids, t.above), _ids(ids, t.below))
            for t in plan.ties
        ),
        overwritten=tuple(by_code[code] for code in plan.overwritten),
        area=_area(plan),
        texts=(plan.area_problems, plan.area_focus),
        over=plan.load.over,
        shortage=plan.shortage,
    )


def _ids(ids: Ids, codes: Iterable[str]) -> tuple[int, ...]:
    return tuple(ids[code] for code in codes)


def _load(load: SentLoad, ids: Ids) -> Foresight:
    return Foresight(
        asked=load.asked,
        room=load.room,
        short=load.short,
        day=load.day,
        visits=load.visits,
        weeks=tuple(WeekLoad(week.week, week.days, week.room, week.bound) for week in load.weeks),
        repairs=tuple(Repair(ids[r.customer], r.customer, r.number, r.kind, r.week) for r in load.repairs),
        unfit=tuple(Unfit(ids[u.customer], u.customer, u.number, u.week, u.misfit) for u in load.unfit),
    )


def _area(plan: SentPlan) -> AreaFindings:
    goods = {code: number for number, code in enumerate(dict.fromkeys(one.product for one in plan.rates), start=1)}
    aims = {
        one.indicator: IndicatorTarget(one.indicator, aim, TargetOrigin.ENTERED)
        for one in plan.indicators
        if (aim := _decimal(one.aim)) is not None
    }
    return AreaFindings(
        tuple(_rate(one, goods) for one in plan.rates),
        tuple(_indicator(one) for one in plan.indicators),
        {goods[one.product]: Product(goods[one.product], one.product, one.name) for one in plan.rates},
        aims,
        plan.not_analysed,
    )


def _rate(one: SentRate, goods: Mapping[str, int]) -> RateState:
    found = Rate(one.numerator, one.denominator)
    target, abnormal = _decimal(one.target), Judgement.ABNORMAL
    return RateState(goods[one.product], one.rate, target, found, abnormal, abnormal)


def _indicator(one: SentIndicator) -> IndicatorState:
    abnormal = Judgement.ABNORMAL
    return IndicatorState(one.indicator, _decimal(one.target), one.actual, abnormal, abnormal, ratio=one.ratio)


def _decimal(number: Fraction | None) -> Decimal | None:
    return None if number is None else decimal_of(number)
