"""What lies so near to a threshold that a point more or less would have judged otherwise [our default: half a point].

A score counts in its own points, everything judged by percent in percentage points. Of a ranked list the last above a
line and the first below it are named when the same number of reasons or strategies stands on both sides.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from crmkit.model.borderline import Border, Borderline
from crmkit.model.brand import RateState
from crmkit.model.judgement import Baseline, Judgement, Measure
from crmkit.model.market import IndicatorState
from crmkit.model.operating import Ability, Effect
from crmkit.model.policy import AnomalyPolicy, Policy
from crmkit.model.strategy import KeyCandidate, Standing, TieBorder
from crmkit.rules.market import due

AREA = 0


def of_effects(effects: Iterable[Effect], policy: Policy) -> list[Borderline]:
    """Effects near the cut, items near weak; at the cut is high, below weak_below is weak."""
    found: list[Borderline] = []
    for effect in effects:
        if effect.score is not None:
            found += _near(Border.EFFECT_CUT, effect.customer, "", Fraction(effect.score), policy.effect.cut, policy)
        for detail in effect.details:
            if detail.score is not None:
                score, weak = Fraction(detail.score), policy.effect.weak_below
                found += _near(Border.WEAK_ITEM, effect.customer, detail.item.value, score, weak, policy)
    return found


def of_abilities(abilities: Iterable[Ability], policy: Policy) -> list[Borderline]:
    """Abilities near the cut; at the cut is high."""
    return [
        one
        for ability in abilities
        for one in _near(
            Border.ABILITY_CUT, ability.customer, "", Fraction(ability.score), policy.ability.cut, policy
        )
    ]


def of_indicators(states: Iterable[IndicatorState], passed: Fraction, policy: Policy) -> list[Borderline]:
    """Indicators of the area near their limit, by what was computed; `passed` as in rules.market."""
    found: list[Borderline] = []
    for one in states:
        if one.ratio is not None:
            limit = 100 * Fraction(policy.ratio.warning)
            found += _near(Border.PEER_RATIO, AREA, one.indicator.value, 100 * one.ratio, limit, policy, below=True)
        elif one.computed is not Judgement.NOT_JUDGED and one.target is not None and one.actual is not None:
            target = due(one.indicator, one.target, passed)
            found += _shortfall(
                Border.INDICATOR, one.indicator.value, one.indicator.measure, target, one.actual, policy
            )
    return found


def of_rates(states: Iterable[RateState], codes: Mapping[int, str], policy: Policy) -> list[Borderline]:
    """Rates of products near their limit, by what was computed."""
    found: list[Borderline] = []
    for one in states:
        value = one.rate.value
        if one.computed is not Judgement.NOT_JUDGED and one.target is not None and value is not None:
            item = f"{one.kind}:{codes[one.product]}"
            found += _shortfall(Border.RATE, item, one.kind.measure, Fraction(one.target), value, policy)
    return found


def of_baselines(bases: Iterable[Baseline], ratios: Mapping[int, Fraction], policy: Policy) -> list[Borderline]:
    """Customers near 0.80 of their base (or of their peers, where the ratio policy judges), or near the fall of the
    carton value.
    """
    found: list[Borderline] = []
    for base in bases:
        if base.customer in ratios:
            limit = 100 * Fraction(policy.ratio.warning)
            value = 100 * ratios[base.customer]
            found += _near(Border.PEER_RATIO, base.customer, "", value, limit, policy, below=True)
        elif base.relative_volume is not None:
            limit, value = 100 * Fraction(policy.problem.relative_volume), 100 * Fraction(base.relative_volume)
            found += _near(Border.RELATIVE_VOLUME, base.customer, "", value, limit, policy, below=True)
        if base.carton_value and base.current_carton_value is not None:
            fall = 100 * (1 - base.current_carton_value / base.carton_value)
            limit = Fraction(policy.problem.carton_value_drop_percent)
            found += _near(Border.CARTON_VALUE_DROP, base.customer, "", fall, limit, policy)
    return found


def of_key_line(candidates: Sequence[KeyCandidate], limit: int) -> list[Borderline]:
    """The last proposed and the first below the line, when they have the same number of reasons."""
    ranked = [one for one in candidates if one.standing in (Standing.PROPOSED, Standing.BELOW)]
    above = [one for one in ranked if one.standing is Standing.PROPOSED][-1:]
    below = [one for one in ranked if one.standing is Standing.BELOW][:1]
    if not above or not below or len(above[0].reasons) != len(below[0].reasons):
        return []
    return [
        Borderline(Border.KEY_LINE, one.customer, "", Fraction(one.rank), Fraction(limit), one in above)
        for one in (*above, *below)
    ]


def of_frequencies(borders: Iterable[TieBorder], ranks: Mapping[int, int]) -> list[Borderline]:
    """The last above and the first below each border that runs through a tie; `ranks` by customer."""
    return [
        Borderline(
            Border.FREQUENCY,
            customer,
            border.upper.value if crossed else border.lower.value,
            Fraction(ranks[customer]),
            Fraction(ranks[border.above[0]]),
            crossed,
        )
        for border in borders
        for customer, crossed in ((border.above[0], True), (border.below[0], False))
    ]


def _shortfall(
    border: Border, item: str, measure: Measure, target: Fraction | None, actual: Fraction, policy: Policy
) -> list[Borderline]:
    """How far below its target, in percent of it or in points, near the allowed distance."""
    if target is None or (measure is Measure.RELATIVE and target == 0):
        return []
    short = target - actual
    if measure is Measure.POINTS_HIGHER_WORSE:
        short = -short
    value = 100 * short / abs(target) if measure is Measure.RELATIVE else short
    return _near(border, AREA, item, value, _allowed(measure, policy.anomaly), policy)


def _allowed(measure: Measure, policy: AnomalyPolicy) -> Fraction:
    if measure is Measure.RELATIVE:
        return Fraction(policy.shortfall_percent)
    return Fraction(policy.growth_points if measure is Measure.POINTS else policy.stock_out_points)


def _near(
    border: Border,
    customer: int,
    item: str,
    value: Fraction,
    threshold: Fraction | Decimal,
    policy: Policy,
    *,
    below: bool = False,
) -> list[Borderline]:
    """One, when it is near enough; with `below` the threshold is reached from above (0.80 and less is a warning)."""
    limit = Fraction(threshold)
    if abs(value - limit) > Fraction(policy.borderline.points):
        return []
    return [Borderline(border, customer, item, value, limit, value <= limit if below else value >= limit)]
