"""The market indicators of an area: what they are held against, their state, the targets proposed (step 6, §4)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from crmkit.model.calendar import WorkCalendar
from crmkit.model.errors import Fault, Refusal
from crmkit.model.figures import AMOUNT_SCALE, VOLUME_SCALE
from crmkit.model.judgement import Judgement
from crmkit.model.market import (
    AreaSum,
    Base,
    BaseKind,
    Indicator,
    IndicatorState,
    IndicatorTarget,
    TargetOrigin,
)
from crmkit.model.month import Month
from crmkit.model.policy import IndicatorPolicy, Policy
from crmkit.rules.anomaly import judge, judge_ratio, peer_ratio
from crmkit.rules.calendar import month_days, working_days

TREND_MONTHS = 3  # the months before M that a proposal looks at [our default]
NAMED = (Indicator.VOLUME, Indicator.CARTON_VALUE, Indicator.KEY_BRAND_GROWTH)
_ADDITIVE = (Indicator.VOLUME, Indicator.AMOUNT, Indicator.ORDERS)  # grow with the days of a month
_PLACES = {Indicator.CARTON_VALUE: 2, Indicator.KEY_BRAND_GROWTH: 1, Indicator.VOLUME_GROWTH: 1}
_PLACES |= {Indicator.KEY_BRAND_SHARE: 1}  # the others are proposed as whole numbers


def indicators(policy: IndicatorPolicy) -> tuple[Indicator, ...]:
    """The three the method names, then those the policy adds."""
    added = {
        Indicator.VOLUME_GROWTH: policy.with_volume_growth,
        Indicator.AMOUNT: policy.with_amount,
        Indicator.ORDERING_CUSTOMERS: policy.with_ordering_customers,
        Indicator.ORDERS: policy.with_orders,
        Indicator.KEY_BRAND_SHARE: policy.with_key_brand_share,
    }
    return (*NAMED, *(indicator for indicator, wanted in added.items() if wanted))


def progress(calendar: WorkCalendar, month: Month, through: date) -> Fraction:
    """Working days passed ÷ working days of the month; 1 for a month without any."""
    days = month_days(calendar, month)
    return Fraction(len([day for day in days if day <= through]), len(days)) if days else Fraction(1)


def holds_month(calendar: WorkCalendar, month: Month, first_order: date | None) -> bool:
    """Does the file hold the whole month: had the area ordered by its first working day?"""
    days = month_days(calendar, month)
    return first_order is not None and first_order <= (days[0] if days else month.first)


def base_of(calendar: WorkCalendar, month: Month, through: date, first_order: date | None) -> Base | None:
    """What growth in a month is measured from: the same month last year when the file holds it, else last month.

    A running month (through < its last working day) compares its first k working days with the base's first k. None
    when the file holds neither.
    """
    for kind, base in ((BaseKind.LAST_YEAR, month.plus(-12)), (BaseKind.LAST_MONTH, month.previous)):
        if holds_month(calendar, base, first_order):
            return Base(kind, base.first, _same_days(calendar, month, through, base))
    return None


def _same_days(calendar: WorkCalendar, month: Month, through: date, base: Month) -> date:
    passed = len(working_days(calendar, month.first, through))
    days = month_days(calendar, base)
    if through >= month.last or passed >= len(month_days(calendar, month)) or passed >= len(days):
        return base.last
    return days[passed - 1] if passed else base.first


def growth(now: int, before: int) -> Fraction | None:
    """Growth in percent; None without a base above 0."""
    return Fraction((now - before) * 100, before) if before > 0 else None


def figure(indicator: Indicator, now: AreaSum, base: AreaSum | None) -> Fraction | None:
    """One indicator, exactly: cartons, money per carton, percent; None without data."""
    if not now.orders:
        return None
    if indicator is Indicator.KEY_BRAND_GROWTH:
        return growth(now.key_volume, base.key_volume) if base else None
    if indicator is Indicator.VOLUME_GROWTH:
        return growth(now.volume, base.volume) if base else None
    if indicator is Indicator.KEY_BRAND_SHARE:
        return Fraction(now.key_volume * 100, now.volume) if now.volume > 0 else None
    return now.carton_value if indicator is Indicator.CARTON_VALUE else Fraction(_level(indicator, now))


def _level(indicator: Indicator, found: AreaSum) -> Fraction:
    levels = {
        Indicator.VOLUME: Fraction(found.volume, VOLUME_SCALE),
        Indicator.AMOUNT: Fraction(found.amount, AMOUNT_SCALE),
        Indicator.ORDERS: Fraction(found.orders),
        Indicator.ORDERING_CUSTOMERS: Fraction(found.customers),
    }
    return levels[indicator]


@dataclass(frozen=True, slots=True)
class Compared:
    """An area now and in its base, and the same of the other managers' areas together (None: there is none)."""

    now: AreaSum
    base: Base | None
    before: AreaSum
    others_now: AreaSum | None = None
    others_before: AreaSum | None = None


def area_ratio(found: Compared) -> Fraction | None:
    """(1+g)/(1+g_peers) of the area's volume against all other areas of the team."""
    if found.base is None or found.others_now is None or found.others_before is None:
        return None
    return peer_ratio(found.now.volume, found.before.volume, found.others_now.volume, found.others_before.volume)


def key_brand_ratio(found: Compared) -> Fraction | None:
    """(1+g)/(1+g_peers) of the key brands against everything the area ordered [our default]."""
    if found.base is None:
        return None
    return peer_ratio(found.now.key_volume, found.before.key_volume, found.now.volume, found.before.volume)


def indicator_states(
    asked: Sequence[Indicator],
    found: Compared,
    targets: Mapping[Indicator, IndicatorTarget],
    passed: Fraction,
    policy: Policy,
) -> tuple[IndicatorState, ...]:
    """Every indicator of the month judged.

    `passed` is the part of the month's working days that counts: what grows with the days is held against that part of
    its target, the number of ordering customers is not judged before the end [our default]. Under the ratio policy
    volume and key brands are judged by their growth against their peers' and not by a target.
    """
    return tuple(_state(one, found, targets.get(one), passed, policy) for one in asked)


_RATIOS: Mapping[Indicator, Callable[[Compared], Fraction | None]] = {
    Indicator.VOLUME: area_ratio,
    Indicator.VOLUME_GROWTH: area_ratio,
    Indicator.KEY_BRAND_GROWTH: key_brand_ratio,
}


def _state(
    indicator: Indicator, found: Compared, target: IndicatorTarget | None, passed: Fraction, policy: Policy
) -> IndicatorState:
    aim = target.target if target and target.in_force else None
    actual = figure(indicator, found.now, found.before if found.base else None)
    base = found.base if indicator.is_growth else None
    if policy.anomaly.rule == "ratio" and indicator in _RATIOS:
        ratio = _RATIOS[indicator](found)
        said = judge_ratio(ratio, policy.ratio)
        return IndicatorState(indicator, aim, actual, said, said, found.base, ratio)
    said = judge(indicator.measure, due(indicator, aim, passed), actual, policy.anomaly)
    return IndicatorState(indicator, aim, actual, said, said, base)


def due(indicator: Indicator, aim: Decimal | None, passed: Fraction) -> Fraction | None:
    """What of a target is due when a part of the month has passed."""
    if aim is None or (indicator is Indicator.ORDERING_CUSTOMERS and passed < 1):
        return None
    return Fraction(aim) * passed if indicator in _ADDITIVE else Fraction(aim)


def with_hand_states(computed: Iterable[IndicatorState], kept: Iterable[IndicatorState]) -> tuple[IndicatorState, ...]:
    """Computed anew, with what the manager changed by hand and why; a change that the figures now bear out goes."""
    by_hand = {one.indicator: one for one in kept if one.by_hand}

    def joined(one: IndicatorState) -> IndicatorState:
        old = by_hand.get(one.indicator)
        return one if old is None or old.final is one.computed else replace(one, final=old.final, note=old.note)

    return tuple(map(joined, computed))


def judged_by_hand(one: IndicatorState, final: Judgement, note: str) -> IndicatorState:
    """A state changed by the manager, with a note; back to what was computed needs none. Raises Refusal(RULE)."""
    if final is one.computed:
        return replace(one, final=final, note=None)
    if not note.strip():
        way_out = f"crmkit analyze market judge {one.indicator.value} {final.value} --note REASON"
        raise Refusal(Fault.RULE, rule="note-needed", way_out=way_out)
    return replace(one, final=final, note=note.strip())


def targets_wanted(
    kept: Mapping[Indicator, IndicatorTarget], entered: Mapping[Indicator, Decimal], *, confirm: bool
) -> tuple[IndicatorTarget, ...]:
    """What is to be written: targets entered that do not stand so already, and with `confirm` the proposals left."""
    found = [IndicatorTarget(one, target, TargetOrigin.ENTERED) for one, target in entered.items()]
    wanted = [one for one in found if not _stands(one, kept.get(one.indicator))]
    if confirm:
        left = (one for key, one in kept.items() if key not in entered and not one.in_force)
        wanted += [replace(one, origin=TargetOrigin.CONFIRMED) for one in left]
    return tuple(wanted)


def _stands(wanted: IndicatorTarget, kept: IndicatorTarget | None) -> bool:
    return kept is not None and kept.in_force and kept.target == wanted.target


# proposals


@dataclass(frozen=True, slots=True)
class Trend:
    """What a proposal for M looks at: the last complete months with their working days, the same months a year before
    (empty where the file does not hold them all), M of last year, and M's working days.
    """

    recent: tuple[AreaSum, ...]
    recent_days: int
    year_ago: tuple[AreaSum, ...] = ()
    same_month: AreaSum | None = None
    days: int = 0


def proposals(asked: Sequence[Indicator], trend: Trend) -> tuple[IndicatorTarget, ...]:
    """Targets of M proposed from last year's same month and the trend [our default].

    With last year: its M × (the last three months ÷ the same three a year before). Without: the mean of the last three
    months, per working day where a figure grows with the days. Growth: what the last three months show against last
    year; without it 0, to hold what there is. An indicator without data gets none.
    """
    found = ((one, _proposed(one, trend)) for one in asked)
    return tuple(
        IndicatorTarget(one, _rounded(value, _PLACES.get(one, 0)), TargetOrigin.PROPOSED)
        for one, value in found
        if value is not None
    )


def _proposed(indicator: Indicator, trend: Trend) -> Fraction | None:
    recent, before = _total(trend.recent), _total(trend.year_ago)
    if not trend.recent or not recent.orders:
        return None
    if indicator.is_growth:
        return figure(indicator, recent, before) if trend.year_ago else Fraction(0)
    last_year = figure(indicator, trend.same_month, None) if trend.same_month else None
    then, now = figure(indicator, before, None), figure(indicator, recent, None)
    if last_year and then and now and min(last_year, then, now) > 0:
        return last_year * now / then
    return _positive(_held(indicator, trend, now))


def _held(indicator: Indicator, trend: Trend, now: Fraction | None) -> Fraction | None:
    """The level of the last months, for a month like M."""
    if now is None:
        return None
    if indicator in _ADDITIVE:
        return now / trend.recent_days * trend.days if trend.recent_days else None
    return now / len(trend.recent) if indicator is Indicator.ORDERING_CUSTOMERS else now


def _positive(value: Fraction | None) -> Fraction | None:
    return value if value is not None and value > 0 else None


def _total(sums: Iterable[AreaSum]) -> AreaSum:
    total = AreaSum()
    for one in sums:
        total += one
    return total


def _rounded(value: Fraction, places: int) -> Decimal:
    """Half to even; a figure to aim at, not one to judge."""
    return Decimal(round(value * 10**places)).scaleb(-places)
