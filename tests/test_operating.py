"""Operating effect, ability and quadrant: worked examples, laws, a slow percentile."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.customer import Customer, MarketType
from crmkit.model.figures import CustomerMonth, MonthFigures, ratio
from crmkit.model.month import Month
from crmkit.model.operating import Ability, AbilityItem, EffectItem, PeerGroup, Quadrant, ScoreOrigin
from crmkit.rules.operating import (
    assumed_abilities,
    carried_abilities,
    effect_values,
    effects,
    mid_rank_percentile,
    quadrant,
    unscored,
    weak_abilities,
    weighted_score,
)
from crmkit.rules.peers import peers_of
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy()
OCTOBER, SEPTEMBER = Month(2026, 10), Month(2026, 9)


def shop(number: int, grade: int | None = 10, market: MarketType | None = MarketType.URBAN) -> Customer:
    return Customer(id=number, code=f"C{number:03}", name="shop", grade=grade, market_type=market)


def month(month: Month, rows: list[CustomerMonth], days: int = 20) -> MonthFigures:
    return MonthFigures(month, days, {row.customer: row for row in rows})


def scored(customer: int, *scores: int) -> Ability:
    return Ability(customer, dict(zip(AbilityItem, scores, strict=True)), ScoreOrigin.ENTERED)


def test_the_five_values_of_a_shop_by_hand() -> None:
    now = CustomerMonth(1, volume=12_000, amount=300_000, products=7, key_products=2, ordered_limited=9, allowed=12)
    values = effect_values(1, month(OCTOBER, [now], 18), month(SEPTEMBER, [CustomerMonth(1, volume=10_000)], 20))
    assert values == {
        EffectItem.VOLUME_GROWTH: ratio(1, 3),  # 12/18 against 10/20 a day
        EffectItem.CARTON_VALUE: Decimal(25_000),
        EffectItem.PRODUCTS: Decimal(7),
        EffectItem.ORDERED_SHARE: Decimal("0.75"),
        EffectItem.KEY_PRODUCTS: Decimal(2),
    }


def test_own_ordering_days_count_where_a_shop_has_them() -> None:
    now = MonthFigures(OCTOBER, 20, {1: CustomerMonth(1, volume=500)}, {1: 5})
    then = MonthFigures(SEPTEMBER, 20, {1: CustomerMonth(1, volume=400)}, {1: 4})
    assert effect_values(1, now, then)[EffectItem.VOLUME_GROWTH] == 0


def test_what_has_no_data_is_none_and_nothing_ordered_carries_0_products() -> None:
    values = effect_values(1, month(OCTOBER, []), month(SEPTEMBER, []), has_key_brands=False)
    assert values == {
        EffectItem.VOLUME_GROWTH: None,
        EffectItem.CARTON_VALUE: None,
        EffectItem.PRODUCTS: Decimal(0),
        EffectItem.ORDERED_SHARE: None,
        EffectItem.KEY_PRODUCTS: None,
    }
    fell = effect_values(1, month(OCTOBER, []), month(SEPTEMBER, [CustomerMonth(1, volume=5)]))
    assert fell[EffectItem.VOLUME_GROWTH] == -1


def test_eight_peers_by_hand() -> None:
    """Products 1..8, all else equal or without data: percentile of the k-th is (k-½)/8; the rest stands at 50."""
    rows = [CustomerMonth(n, volume=1000, amount=100, products=n) for n in range(1, 9)]
    before = [CustomerMonth(n, volume=1000) for n in range(1, 9)]
    found = effects([shop(n) for n in range(1, 9)], month(OCTOBER, rows), month(SEPTEMBER, before), POLICY.effect)
    first = found[0]
    scores = {detail.item: detail.score for detail in first.details}
    assert scores[EffectItem.PRODUCTS] == Decimal("6.25")
    assert scores[EffectItem.VOLUME_GROWTH] == scores[EffectItem.KEY_PRODUCTS] == 50
    assert scores[EffectItem.ORDERED_SHARE] is None
    # (25·50 + 25·50 + 15·6.25 + 20·50) ÷ (100 - 15)
    assert first.score == ratio(Fraction(1250 + 1250 + 1000) + Fraction(375, 4), 85)
    assert first.weak_items(POLICY.effect.weak_below) == (EffectItem.PRODUCTS,)
    assert (first.peers, first.peer_count) == (PeerGroup.GRADE, 8)


def test_without_key_brands_their_weight_goes_to_the_others() -> None:
    row = CustomerMonth(1, volume=1000, amount=100, products=1)
    (found,) = effects([shop(1)], month(OCTOBER, [row]), month(SEPTEMBER, []), POLICY.effect, has_key_brands=False)
    assert found.score == 50


def test_peers_widen_below_eight() -> None:
    urban = [shop(n, grade=10) for n in range(1, 9)] + [shop(9, grade=13), shop(10, grade=None)]
    rural = [shop(11, market=MarketType.RURAL), shop(12, market=None)]
    peers = peers_of(urban + rural, POLICY.effect)
    assert [one.id for one in peers(urban[0])[1]] == list(range(1, 9))
    assert peers(urban[8])[0] is PeerGroup.MARKET  # 11 … 15: only itself
    assert len(peers(urban[8])[1]) == 10
    assert peers(urban[9])[0] is PeerGroup.MARKET
    assert (peers(rural[0])[0], len(peers(rural[0])[1])) == (PeerGroup.ALL, 12)
    assert peers(rural[1])[0] is PeerGroup.ALL


def test_grade_12_is_near_10_and_13_is_not() -> None:
    valid = [shop(n, grade=10) for n in range(1, 8)] + [shop(8, grade=12), shop(9, grade=13)]
    group, members = peers_of(valid, POLICY.effect)(valid[0])
    assert (group, [one.id for one in members]) == (PeerGroup.GRADE, list(range(1, 9)))


@given(st.lists(st.integers(-3, 3).map(Decimal), min_size=1, max_size=30))
def test_percentiles_agree_with_a_slow_count_and_keep_their_bounds(values: list[Decimal]) -> None:
    ordered = sorted(values)
    found = [mid_rank_percentile(value, ordered) for value in values]
    for value, percentile in zip(values, found, strict=True):
        points = sum(2 if other < value else 1 if other == value else 0 for other in values)
        assert percentile == Fraction(points * 100, 2 * len(values))
        assert 0 < percentile < 100
    assert sum(found) / len(found) == 50


rows = st.lists(
    st.builds(
        CustomerMonth,
        customer=st.just(0),
        volume=st.integers(-50, 400).map(lambda v: v * 100),
        amount=st.integers(0, 90_000),
        products=st.integers(0, 30),
        key_products=st.integers(0, 5),
        ordered_limited=st.integers(0, 20),
        allowed=st.integers(0, 20),
    ),
    min_size=24,
    max_size=24,
)


def figures_of(month_: Month, drawn: list[CustomerMonth], factor: int = 1) -> MonthFigures:
    import dataclasses

    found = {
        number: dataclasses.replace(row, customer=number, volume=row.volume * factor, amount=row.amount * factor)
        for number, row in enumerate(drawn, start=1)
    }
    return MonthFigures(month_, 20, found)


@given(rows, st.lists(st.integers(1, 14), min_size=12, max_size=12), st.randoms(use_true_random=False))
def test_effect_does_not_depend_on_row_order_and_scaling_all_volumes_changes_no_score(
    drawn: list[CustomerMonth], grades: list[int], random: "object"
) -> None:
    valid = [shop(n, grade=grade) for n, grade in enumerate(grades, start=1)]
    now, before = drawn[:12], drawn[12:]
    found = effects(valid, figures_of(OCTOBER, now), figures_of(SEPTEMBER, before), POLICY.effect)
    shuffled = list(valid)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert found == effects(shuffled, figures_of(OCTOBER, now), figures_of(SEPTEMBER, before), POLICY.effect)
    scaled = effects(valid, figures_of(OCTOBER, now, 7), figures_of(SEPTEMBER, before, 7), POLICY.effect)
    assert [one.score for one in scaled] == [one.score for one in found]
    assert all(one.score is not None and 0 < one.score < 100 for one in found)


@given(st.dictionaries(st.sampled_from(list(EffectItem)), st.fractions(0, 100)))
def test_a_weighted_score_lies_between_its_items(scores: dict[EffectItem, Fraction]) -> None:
    found = weighted_score(scores, POLICY.effect)
    if not scores:
        assert found is None
    else:
        assert found is not None
        assert min(scores.values()) <= found <= max(scores.values())


@pytest.mark.parametrize(
    ("effect", "ability", "expected"),
    [
        ("50", "60", Quadrant.KEEP),
        ("49.999999", "60", Quadrant.UNLOCK),
        ("50", "59.99", Quadrant.COACH),
        ("49.99", "59.99", Quadrant.SUPPORT),
        (None, "80", None),
    ],
)
def test_at_the_cut_is_high(effect: str | None, ability: str, expected: Quadrant | None) -> None:
    assert quadrant(None if effect is None else Decimal(effect), Decimal(ability), POLICY) is expected


def test_ability_is_the_mean_times_20_and_1_and_2_are_weak() -> None:
    ability = scored(1, 1, 2, 3, 3, 4, 5)
    assert ability.score == 60
    assert weak_abilities(ability, POLICY) == (AbilityItem.DISPLAY, AbilityItem.STOCK)


def test_the_gate_names_whoever_lacks_a_score() -> None:
    partly = Ability(2, {AbilityItem.STOCK: 3}, ScoreOrigin.ENTERED)
    lacking = unscored([shop(3), shop(2), shop(1)], {1: scored(1, 3, 3, 3, 3, 3, 3), 2: partly})
    assert [one.id for one in lacking] == [2, 3]


def test_scores_carried_over_or_assumed_say_so() -> None:
    (carried,) = carried_abilities([scored(1, 3, 3, 3, 3, 3, 3), scored(2, 3, 3, 3, 3, 3, 3)], [1, 5])
    assert (carried.customer, carried.origin) == (1, ScoreOrigin.CARRIED)
    assumed = assumed_abilities([4, 5], dict.fromkeys(AbilityItem, 3))
    assert [(one.customer, one.origin, one.score) for one in assumed] == [
        (4, ScoreOrigin.ASSUMED, 60),
        (5, ScoreOrigin.ASSUMED, 60),
    ]
