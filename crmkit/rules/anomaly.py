"""Abnormal, normal or not judged (method.md §4, Anomaly), exactly: no figure is rounded before it is judged."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from crmkit.model.figures import VOLUME_SCALE, decimal_of
from crmkit.model.judgement import Judgement, Measure
from crmkit.model.policy import AnomalyPolicy, RatioPolicy

Exact = Decimal | Fraction | int


def judge(measure: Measure, target: Exact | None, actual: Exact | None, policy: AnomalyPolicy) -> Judgement:
    """The 5 % rule: at or beyond the shortfall is abnormal, one-sided, the border included.

    RELATIVE: shortfall ≥ 5 % × |target|; no target, target 0 or no figure is not judged. POINTS (growth, in percent)
    and POINTS_HIGHER_WORSE (stock-out, in percent): the distance in percentage points; a target of 0 or below is a
    target.
    """
    if target is None or actual is None:
        return Judgement.NOT_JUDGED
    if measure is Measure.RELATIVE and target == 0:
        return Judgement.NOT_JUDGED
    shortfall = Fraction(target) - Fraction(actual)
    if measure is Measure.POINTS_HIGHER_WORSE:
        shortfall = -shortfall
    return _abnormal_if(shortfall >= _allowed(measure, Fraction(target), policy))


def peer_ratio(
    now: int | Fraction, before: int | Fraction, peers_now: int | Fraction, peers_before: int | Fraction
) -> Fraction | None:
    """(1+g) ÷ (1+g_peers): own growth against the peers' (ratio policy).

    Not growth ÷ growth, which flips its sign when the peers shrink. `peers_…` are the peers' sums; None (not
    judged) when there is no growth to speak of: a base, or the peers' figure now, at or below 0.
    """
    if min(before, peers_before, peers_now) <= 0:
        return None
    return Fraction(now) * peers_before / (Fraction(before) * peers_now)


def judge_ratio(found: Fraction | None, policy: RatioPolicy) -> Judgement:
    """Abnormal = the ratio policy's warning: at or below 0.8 (以下 includes the number)."""
    if found is None:
        return Judgement.NOT_JUDGED
    return _abnormal_if(found <= Fraction(policy.warning))


def is_big_customer(volume: int, market_volumes: Sequence[int], policy: RatioPolicy) -> bool:
    """大户: more than 1000 cartons in the month and more than 4 × the mean of its market type.

    Volumes in thousandths of a carton; `market_volumes` are those of all valid customers of the market type, this
    one and those who ordered nothing included [our default]. Both borders are excluded: 超过.
    """
    over_cartons = volume > policy.big_customer_cartons * VOLUME_SCALE
    return over_cartons and volume * len(market_volumes) > policy.big_customer_times * sum(market_volumes)


def shown(found: Fraction | None) -> Decimal | None:
    """A judged figure to 28 digits, for people and the store; never judge on it."""
    return None if found is None else decimal_of(found)


def _allowed(measure: Measure, target: Fraction, policy: AnomalyPolicy) -> Fraction:
    if measure is Measure.RELATIVE:
        return Fraction(policy.shortfall_percent) / 100 * abs(target)
    points = policy.growth_points if measure is Measure.POINTS else policy.stock_out_points
    return Fraction(points)


def _abnormal_if(condition: bool) -> Judgement:
    return Judgement.ABNORMAL if condition else Judgement.NORMAL
