"""Steps 3 to 6 as rules: where abnormal begins, what a range of targets moves, what growth is measured from."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.brand import BrandTarget, DemandServed, ProductOrders, RateKind, RateState
from crmkit.model.calendar import WorkCalendar
from crmkit.model.consequence import Follower
from crmkit.model.customer import Customer, MarketType
from crmkit.model.errors import Fault, Refusal
from crmkit.model.figures import CustomerMonth, MonthFigures
from crmkit.model.judgement import Baseline, Judgement, Rate
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
from crmkit.model.product import Product, Watched
from crmkit.rules.brand import (
    judged_by_hand,
    months_changed,
    rate_states,
    refuse_overlap,
    unwatched_month,
    with_hand_states,
)
from crmkit.rules.consequences import consequences
from crmkit.rules.market import (
    Compared,
    Trend,
    base_of,
    figure,
    growth,
    indicator_states,
    indicators,
    progress,
    proposals,
    targets_wanted,
)
from crmkit.rules.matching import Counted, indicator_problems, matches, rate_problems
from crmkit.rules.warnings import area_ratios, big_customers, key_brand_warnings
from crmkit.sources.policy import shipped_policy

POLICY, RATIO = shipped_policy(), shipped_policy("ratio")
AUGUST = Month(2026, 8)
ABNORMAL, NORMAL, NOT_JUDGED = Judgement.ABNORMAL, Judgement.NORMAL, Judgement.NOT_JUDGED
DIGITS = st.integers(1, 10**30).map(lambda number: Decimal(number).scaleb(-20))


def target(rates: Mapping[RateKind, Decimal], first: Month = AUGUST, last: Month = AUGUST) -> BrandTarget:
    return BrandTarget(1, 1, 7, first, last, rates)


def ordered(**months: set[int]) -> ProductOrders:
    """a=now, b=the month before, and so on back."""
    return ProductOrders(7, {AUGUST.plus(-back): frozenset(who) for back, who in enumerate(months.values())})


def states(
    orders: ProductOrders,
    aims: Mapping[RateKind, Decimal],
    listed: set[int] | None = None,
    demand: DemandServed | None = None,
) -> dict[RateKind, RateState]:
    held = {7: target(aims)} if aims else {}
    asked = {7: demand or DemandServed()}
    found = rate_states([7], {7: orders}, AUGUST, held, {7: listed or set()}, asked, POLICY)
    return {one.kind: one for one in found}


# the 5 % rule on rates and indicators


@given(st.integers(1, 5000), st.data())
def test_a_rate_is_abnormal_exactly_from_five_percent_on(denominator: int, data: st.DataObject) -> None:
    """Target and count of any size: the border itself is abnormal, the least above it is not."""
    hundredths = data.draw(st.integers(1, 10_000))
    target_ = Fraction(hundredths, 100)
    numerator = data.draw(st.integers(0, denominator))
    rate = Rate(numerator, denominator)
    orders = ProductOrders(7, {AUGUST: frozenset(range(numerator)), AUGUST.previous: frozenset(range(denominator))})
    found = states(orders, {RateKind.REPURCHASE: Decimal(hundredths) / 100})[RateKind.REPURCHASE]
    assert found.rate == rate
    assert (found.final is ABNORMAL) == (100 * Fraction(numerator, denominator) <= target_ * Fraction(95, 100))


def indicator(aim: Decimal | None, actual: AreaSum, which: Indicator = Indicator.VOLUME, **more: object) -> Judgement:
    aims = {} if aim is None else {which: IndicatorTarget(which, aim, TargetOrigin.ENTERED)}
    found = Compared(actual, more.get("base"), more.get("before", AreaSum()))  # type: ignore[arg-type]
    passed = more.get("passed", Fraction(1))
    return indicator_states([which], found, aims, passed, POLICY)[0].final  # type: ignore[arg-type]


@given(st.integers(1, 10**15))
def test_minus_five_percent_is_abnormal_and_less_is_not(cartons: int) -> None:
    """Whole targets so that 95 % of them is a whole number of thousandths; one thousandth more is normal."""
    aim, border = Decimal(cartons), cartons * 950
    assert indicator(aim, AreaSum(border, 1, orders=1)) is ABNORMAL
    assert indicator(aim, AreaSum(border + 1, 1, orders=1)) is NORMAL


def test_minus_four_point_nine_nine_percent_is_normal_however_many_decimals() -> None:
    for text in ("100", "100.0", "100." + "0" * 40):
        assert indicator(Decimal(text), AreaSum(95_000, 1, orders=1)) is ABNORMAL
        assert indicator(Decimal(text), AreaSum(95_010, 1, orders=1)) is NORMAL
    long = Decimal("100." + "0" * 30 + "1")  # 95 % of it lies above 95: 95 is still abnormal, 95.001 is not
    assert indicator(long, AreaSum(95_000, 1, orders=1)) is ABNORMAL
    assert indicator(long, AreaSum(95_001, 1, orders=1)) is NORMAL


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_without_a_target_nothing_is_ever_abnormal(volume: int, key: int) -> None:
    now = AreaSum(volume, volume, key, 1, 1)
    for which in Indicator:
        assert indicator(None, now, which, base=Base(BaseKind.LAST_MONTH, date(2026, 7, 1), date(2026, 7, 31)),
                         before=AreaSum(10**9, 1, 10**9, 1, 1)) is NOT_JUDGED  # fmt: skip
    proposed = {Indicator.VOLUME: IndicatorTarget(Indicator.VOLUME, Decimal(10**9), TargetOrigin.PROPOSED)}
    found = indicator_states([Indicator.VOLUME], Compared(now, None, AreaSum()), proposed, Fraction(1), POLICY)
    assert found[0].final is NOT_JUDGED, "a proposal is no target before the manager says so"


def test_a_target_of_nothing_is_one_only_where_the_rule_goes_by_points() -> None:
    base = {"base": Base(BaseKind.LAST_MONTH, date(2026, 7, 1), date(2026, 7, 31)), "before": AreaSum(0, 0, 1000)}
    for key, expected in ((950, ABNORMAL), (951, NORMAL)):
        now = AreaSum(10**6, 1, key, 1, 1)
        assert indicator(Decimal(0), now, Indicator.KEY_BRAND_GROWTH, **base) is expected
        assert indicator(Decimal(-5), AreaSum(10**6, 1, key - 50, 1, 1), Indicator.KEY_BRAND_GROWTH, **base) is expected
    orders = ordered(now={1}, before={1, 2})
    assert states(orders, {RateKind.REPURCHASE: Decimal(0)})[RateKind.REPURCHASE].final is NOT_JUDGED


def test_stock_out_is_worse_the_higher_it_is() -> None:
    aims = {RateKind.STOCK_OUT: Decimal(0)}
    for unserved, expected in ((0, NORMAL), (1, NORMAL), (2, ABNORMAL), (100, ABNORMAL)):
        found = states(ordered(), aims, demand=DemandServed(100, {5: unserved}))[RateKind.STOCK_OUT]
        assert (found.rate, found.final) == (Rate(unserved, 100), expected)
    assert states(ordered(), aims)[RateKind.STOCK_OUT].final is NOT_JUDGED  # nobody was asked


def test_the_rates_by_hand() -> None:
    """Targets 1-4, of whom 1 and 2 ordered; 5 people in three months; July 1, 3, 5 of whom 1 came again."""
    orders = ordered(august={1, 2, 9}, july={1, 3, 5}, june={4}, may={5, 6}, april={7})
    found = {kind: one.rate for kind, one in states(orders, {}, {1, 2, 3, 4}).items()}
    assert found == {
        RateKind.ON_SHELF: Rate(2, 4),
        RateKind.SELL_THROUGH: Rate(3, 5),
        RateKind.REPURCHASE: Rate(1, 3),
        RateKind.STOCK_OUT: Rate(0, 0),
    }


# states changed by hand


def test_both_states_are_kept_a_change_needs_a_note_and_goes_when_the_figures_bear_it_out() -> None:
    one = states(ordered(now={1}, before={1, 2}), {RateKind.REPURCHASE: Decimal(90)})[RateKind.REPURCHASE]
    with pytest.raises(Refusal) as told:
        judged_by_hand(one, NORMAL, "  ", "P1")
    assert told.value.facts["rule"] == "note-needed"
    changed = judged_by_hand(one, NORMAL, " supply was short ", "P1")
    assert (changed.computed, changed.final, changed.note) == (ABNORMAL, NORMAL, "supply was short")
    assert with_hand_states([one], [changed]) == (changed,)
    better = states(ordered(now={1, 2}, before={1, 2}), {RateKind.REPURCHASE: Decimal(90)})[RateKind.REPURCHASE]
    assert with_hand_states([better], [changed]) == (better,)
    assert judged_by_hand(changed, ABNORMAL, "", "P1").note is None


# ranges of targets


def test_a_range_that_meets_another_is_refused_and_the_same_beginning_is_a_change() -> None:
    kept = [target({}, Month(2026, 3), Month(2026, 5))]
    for first, last in (
        (Month(2026, 5), Month(2026, 9)),
        (Month(2026, 1), Month(2026, 3)),
        (Month(2026, 4), Month(2026, 4)),
    ):
        with pytest.raises(Refusal) as told:
            refuse_overlap(target({}, first, last), kept, "P7")
        assert told.value.facts["rule"] == "targets-overlap"
    refuse_overlap(target({}, Month(2026, 6), Month(2026, 9)), kept, "P7")
    refuse_overlap(target({}, Month(2026, 3), Month(2026, 9)), kept, "P7")
    with pytest.raises(Refusal) as told:
        refuse_overlap(target({}, Month(2026, 6), Month(2026, 5)), kept, "P7")
    assert told.value.fault is Fault.BAD_VALUE


MONTHS = st.integers(0, 8).map(AUGUST.plus)


@given(MONTHS, MONTHS, MONTHS, MONTHS, st.booleans())
def test_a_change_moves_exactly_the_months_that_are_judged_otherwise(
    a: Month, b: Month, c: Month, d: Month, same: bool
) -> None:
    first = target({RateKind.ON_SHELF: Decimal(50)}, min(a, b), max(a, b))
    rate = Decimal("50.0") if same else Decimal(51)
    second = target({RateKind.ON_SHELF: rate}, min(c, d), max(c, d))
    for month in (AUGUST.plus(n) for n in range(10)):
        aims = [one.rates.get(RateKind.ON_SHELF) if one.holds(month) else None for one in (first, second)]
        assert (month in months_changed(first, second)) == (aims[0] != aims[1])


def test_every_month_of_a_range_must_be_watched() -> None:
    listed = [
        Watched(1, 7, Month(2026, 3), Month(2026, 5)),
        Watched(2, 7, Month(2026, 7)),
        Watched(3, 8, Month(2026, 1)),
    ]
    assert unwatched_month(target({}, Month(2026, 4), Month(2026, 8)), listed) == Month(2026, 6)
    assert unwatched_month(target({}, Month(2026, 7), Month(2027, 8)), listed) is None


# what growth is measured from


def calendar(first: date = date(2024, 1, 1), last: date = date(2026, 12, 31)) -> WorkCalendar:
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    return WorkCalendar(
        first, last, tuple(day for day in days if day.isoweekday() < 6), frozenset(), False, "Asia/Shanghai"
    )


@pytest.mark.parametrize(
    ("first_order", "kind", "month"),
    [
        (date(2025, 8, 1), BaseKind.LAST_YEAR, Month(2025, 8)),
        (date(2025, 8, 4), BaseKind.LAST_MONTH, Month(2026, 7)),  # begun after its first working day: not held whole
        (date(2026, 7, 1), BaseKind.LAST_MONTH, Month(2026, 7)),
    ],
)
def test_the_same_month_last_year_when_the_file_holds_it_else_last_month(
    first_order: date, kind: BaseKind, month: Month
) -> None:
    assert base_of(calendar(), AUGUST, AUGUST.last, first_order) == Base(kind, month.first, month.last)


def test_a_month_that_the_file_does_not_hold_is_no_base() -> None:
    assert base_of(calendar(), AUGUST, AUGUST.last, date(2026, 7, 2)) is None
    assert base_of(calendar(), AUGUST, AUGUST.last, None) is None


@given(st.integers(1, 31))
def test_a_running_month_compares_as_many_working_days_of_its_base(day: int) -> None:
    """August 2026 has 21 working days, July 23: up to the last of them it is whole."""
    through = date(2026, 8, day)
    base = base_of(calendar(), AUGUST, through, date(2026, 7, 1))
    assert base is not None
    worked = [d for d in AUGUST.days if d <= through and d.isoweekday() < 6]
    compared = [d for d in Month(2026, 7).days if d <= base.last and d.isoweekday() < 6]
    if len(worked) == 21:
        assert base.last == date(2026, 7, 31)
    elif worked:
        assert len(compared) == len(worked)
    assert progress(calendar(), AUGUST, through) == Fraction(len(worked), 21)


def test_what_grows_with_the_days_is_held_against_what_is_due() -> None:
    half = Fraction(1, 2)
    assert indicator(Decimal(100), AreaSum(47_500, 1, orders=1), passed=half) is ABNORMAL
    assert indicator(Decimal(100), AreaSum(47_501, 1, orders=1), passed=half) is NORMAL
    value = AreaSum(1000, 9_501, orders=1)  # 95.01 a carton, at any time of the month
    assert indicator(Decimal(100), value, Indicator.CARTON_VALUE, passed=half) is NORMAL
    assert (
        indicator(Decimal(9), AreaSum(customers=1, orders=1), Indicator.ORDERING_CUSTOMERS, passed=half) is NOT_JUDGED
    )


def test_no_orders_at_all_are_no_data_and_not_a_fall() -> None:
    assert indicator(Decimal(100), AreaSum()) is NOT_JUDGED
    assert figure(Indicator.CARTON_VALUE, AreaSum(0, 0, orders=2), None) is None


@given(st.lists(st.builds(AreaSum, *[st.integers(-(10**9), 10**9)] * 5), max_size=6))
def test_the_sums_of_parts_are_the_whole(parts: list[AreaSum]) -> None:
    whole = sum(parts, AreaSum())
    assert whole == sum(reversed(parts), AreaSum())
    assert whole.volume == sum(part.volume for part in parts)
    assert whole.key_volume == sum(part.key_volume for part in parts)


def test_growth_needs_a_base() -> None:
    assert (growth(110, 100), growth(0, 100), growth(5, 0), growth(5, -1)) == (10, -100, None, None)


# proposals


def test_proposals_by_hand() -> None:
    """September 1000 last year; June to August 3300 against 3000: 1100. Without last year: 3300 / 66 x 22 = 1100."""
    recent = tuple(AreaSum(1_100_000, 11_000_000, 220_000, 10, 50) for _ in range(3))
    ago = tuple(AreaSum(1_000_000, 9_000_000, 200_000, 10, 50) for _ in range(3))
    year = Trend(recent, 66, ago, AreaSum(1_000_000, 9_500_000, 100_000, 10, 50), 22)
    found = {one.indicator: one.target for one in proposals(tuple(Indicator), year)}
    assert found[Indicator.VOLUME] == 1100
    assert found[Indicator.CARTON_VALUE] == Decimal("105.56")  # 95 x 100/90
    assert found[Indicator.KEY_BRAND_GROWTH] == Decimal("10.0")
    plain = {one.indicator: one.target for one in proposals(tuple(Indicator), Trend(recent, 66, days=22))}
    assert plain[Indicator.VOLUME] == 1100
    assert plain[Indicator.CARTON_VALUE] == Decimal("100.00")
    assert plain[Indicator.KEY_BRAND_GROWTH] == 0
    assert plain[Indicator.ORDERING_CUSTOMERS] == 10
    assert plain[Indicator.KEY_BRAND_SHARE] == Decimal("20.0")
    assert proposals(tuple(Indicator), Trend((), 0)) == ()


def test_confirming_takes_what_is_proposed_and_leaves_what_stands() -> None:
    kept = {
        Indicator.VOLUME: IndicatorTarget(Indicator.VOLUME, Decimal(10), TargetOrigin.ENTERED),
        Indicator.CARTON_VALUE: IndicatorTarget(Indicator.CARTON_VALUE, Decimal(9), TargetOrigin.PROPOSED),
    }
    confirmed = targets_wanted(kept, {Indicator.VOLUME: Decimal("10.0")}, confirm=True)
    assert confirmed == (IndicatorTarget(Indicator.CARTON_VALUE, Decimal(9), TargetOrigin.CONFIRMED),)
    entered = targets_wanted(kept, {Indicator.CARTON_VALUE: Decimal(9)}, confirm=False)
    assert entered == (IndicatorTarget(Indicator.CARTON_VALUE, Decimal(9), TargetOrigin.ENTERED),)


def test_the_policy_adds_indicators() -> None:
    assert indicators(POLICY.indicator) == (Indicator.VOLUME, Indicator.CARTON_VALUE, Indicator.KEY_BRAND_GROWTH)


# the ratio policy


def test_the_ratio_policy_judges_area_and_key_brands_by_their_peers() -> None:
    base = Base(BaseKind.LAST_MONTH, date(2026, 7, 1), date(2026, 7, 31))
    for volume, expected in ((80, ABNORMAL), (81, NORMAL)):
        found = Compared(
            AreaSum(volume, 1, 50, 1, 1), base, AreaSum(100, 1, 100, 1, 1), AreaSum(500, 1), AreaSum(500, 1)
        )
        judged = indicator_states(indicators(RATIO.indicator), found, {}, Fraction(1), RATIO)
        assert judged[0].final is expected
        assert judged[1].final is NOT_JUDGED  # no growth: by its target, which is not set
        assert judged[2].final is ABNORMAL  # 0.5 against 0.8
    alone = Compared(AreaSum(10, 1, 1, 1, 1), base, AreaSum(100, 1, 1, 1, 1))
    assert indicator_states([Indicator.VOLUME], alone, {}, Fraction(1), RATIO)[0].final is NOT_JUDGED


def test_each_area_is_held_against_all_others_together() -> None:
    now, before = ({1: AreaSum(90), 2: AreaSum(110), 3: AreaSum(50)}, {1: AreaSum(100), 2: AreaSum(100), 3: AreaSum(0)})
    found = area_ratios(now, before, [1, 2, 3])
    assert found == {1: Fraction(90, 100) * Fraction(100, 160), 2: Fraction(110, 100) * Fraction(100, 140)}


def test_warnings_of_key_brands_and_big_customers() -> None:
    goods = [
        Product(1, "P1", "a", 5, key_brand=True),
        Product(2, "P2", "b", 5),
        Product(3, "P3", "c", 6, key_brand=True),
    ]
    found = key_brand_warnings(goods, {1: 60, 2: 140, 3: 1}, {1: 100, 2: 100, 3: 100}, RATIO.ratio)
    assert found == ((goods[0], Fraction(60, 100)),)  # P3 is alone in its category: as good as its peers
    shops = [Customer(n, f"{n}", "shop", market_type=MarketType.URBAN) for n in range(10)]
    volumes = dict.fromkeys(range(9), 100000) | {9: 1_000_000}
    assert big_customers(shops, volumes, RATIO.ratio) == ()  # exactly 1000 cartons are not more than 1000
    assert big_customers(shops, volumes | {9: 1_000_001}, RATIO.ratio) == ((shops[9], 1_000_001),)


# whose problems match


def state(which: Indicator, aim: str | None, actual: int, base: Base | None = None) -> IndicatorState:
    exact = Fraction(actual)
    return IndicatorState(which, None if aim is None else Decimal(aim), exact, ABNORMAL, ABNORMAL, base)


def shops(count: int) -> list[Customer]:
    return [Customer(n, f"{n:03}", "shop") for n in range(1, count + 1)]


def test_volume_carton_value_and_key_brand_growth_are_shared_out_by_what_each_had() -> None:
    """Two shops had 60 and 40 of 100; 120 are aimed at, so 72 and 48 are due; 95 % of that is the border."""
    july = MonthFigures(Month(2026, 7), 20, {1: CustomerMonth(1, 60_000, 600_000, key_volume=6_000),
                                             2: CustomerMonth(2, 40_000, 400_000, key_volume=4_000)})  # fmt: skip

    def august(first: int, second: int) -> MonthFigures:
        return MonthFigures(AUGUST, 20, {1: CustomerMonth(1, first, first, key_volume=5_700),
                                         2: CustomerMonth(2, second, second, key_volume=3_801)})  # fmt: skip

    history = [july, august(68_400, 45_601)]
    area = 68_400 + 45_601
    bases = {n: Baseline(n, 1, Fraction(share * area, 100)) for n, share in ((1, 60), (2, 40))}
    found = indicator_problems(
        state(Indicator.VOLUME, "120", 100), shops(2), history, bases, Fraction(1), POLICY.problem
    )
    assert [(p.customer, p.code, p.limit) for p in found] == [(1, "volume", "68400")]
    base = Base(BaseKind.LAST_MONTH, date(2026, 7, 1), date(2026, 7, 31))
    grown = IndicatorState(
        Indicator.KEY_BRAND_GROWTH, Decimal(0), Fraction(9_501 * 100, 10_000) - 100, ABNORMAL, ABNORMAL, base
    )
    found = indicator_problems(grown, shops(2), history, bases, Fraction(1), POLICY.problem)
    assert [(p.customer, p.code, p.actual, p.limit) for p in found] == [(1, "key_brand_growth", "5700", "5700")]
    worth = {
        n: Baseline(n, 1, carton_value=Fraction(10_000), current_carton_value=Fraction(now))
        for n, now in ((1, 9_500), (2, 9_501))
    }
    found = indicator_problems(
        state(Indicator.CARTON_VALUE, "100", 95), shops(2), history, worth, Fraction(1), POLICY.problem
    )
    assert [(p.customer, p.code, p.limit) for p in found] == [(1, "carton_value", "9500")]


def test_key_brands_that_fell_to_nothing_still_name_who_stopped() -> None:
    july = MonthFigures(Month(2026, 7), 20, {1: CustomerMonth(1, 9, 9, key_volume=6)})
    history = [july, MonthFigures(AUGUST, 20, {1: CustomerMonth(1, 9, 9)})]
    base = Base(BaseKind.LAST_MONTH, date(2026, 7, 1), date(2026, 7, 31))
    one = state(Indicator.KEY_BRAND_GROWTH, "0", -100, base)
    found = indicator_problems(one, shops(1), history, {1: Baseline(1, 0)}, Fraction(1), POLICY.problem)
    assert [problem.customer for problem in found] == [1]


def test_without_a_target_or_a_base_no_customer_has_a_code() -> None:
    history = [MonthFigures(AUGUST, 20, {1: CustomerMonth(1, 1, 1)})]
    for one in (state(Indicator.VOLUME, None, 1), state(Indicator.VOLUME, "9", 1), state(Indicator.AMOUNT, "9", 1)):
        assert indicator_problems(one, shops(1), history, {1: Baseline(1, 0)}, Fraction(1), POLICY.problem) == ()


def test_who_shows_what_is_wrong_with_a_product() -> None:
    orders = ordered(august={1}, july={1, 2}, june={3}, may=set())
    counted = Counted(AUGUST, {7: orders}, {7: {1, 4}}, {7: DemandServed(3, {5: 2, 6: 0})})
    found = {
        kind: {
            p.customer
            for p in rate_problems(RateState(7, kind, None, Rate(0, 1), ABNORMAL, ABNORMAL), "P7", counted, POLICY)
        }
        for kind in RateKind
    }
    assert found == {
        RateKind.ON_SHELF: {4}, RateKind.SELL_THROUGH: {2, 3}, RateKind.REPURCHASE: {2}, RateKind.STOCK_OUT: {5}
    }  # fmt: skip
    one = RateState(7, RateKind.SELL_THROUGH, None, Rate(0, 1), ABNORMAL, ABNORMAL)
    assert set(matches(rate_problems(one, "P7", counted, POLICY), shops(2))) == {2}  # 3 is no valid customer


# what followed


def test_what_followed_is_counted_and_named_and_what_is_new_did_not_follow() -> None:
    before = {
        Follower.KEY_CUSTOMERS: {"001": ("proposed",), "002": ("added",)},
        Follower.FREQUENCIES: {"001": ("weekly",)},
    }
    after = {
        Follower.KEY_CUSTOMERS: {"002": ("proposed",), "003": ("proposed",)},
        Follower.FREQUENCIES: {"001": ("weekly",)},
        Follower.PROBLEMS: {"001": ("stopped",)},
    }
    (one,) = consequences(AUGUST, before, after)
    assert (one.follower, one.before, one.after) == (Follower.KEY_CUSTOMERS, 2, 2)
    assert (one.came, one.went, one.changed) == (("003",), ("001",), ("002",))
