"""Area statistics and restatements as rules: parts make the whole, the same orders restate nothing."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.area import AreaPlace, GradeBand
from crmkit.model.customer import Customer, MarketType
from crmkit.model.figures import CustomerMonth
from crmkit.model.month import Month
from crmkit.model.operating import (
    Ability,
    AbilityItem,
    Effect,
    EffectDetail,
    EffectItem,
    PeerGroup,
    Quadrant,
    ScoreOrigin,
)
from crmkit.model.restating import Input
from crmkit.rules.area import area_group, band, grouped, places
from crmkit.rules.restating import moved_quadrants, restated
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy()
OCTOBER, SEPTEMBER = Month(2026, 10), Month(2026, 9)

customers = st.lists(
    st.tuples(
        st.integers(1, 30) | st.none(),
        st.sampled_from([*MarketType, None]),
        st.decimals(0, 100, places=3) | st.none(),
        st.lists(st.integers(1, 5), min_size=6, max_size=6),
    ),
    max_size=40,
)


def stand(drawn: list[tuple[int | None, MarketType | None, Decimal | None, list[int]]]) -> tuple[AreaPlace, ...]:
    valid = [Customer(n, f"C{n:03}", "shop", grade=row[0], market_type=row[1]) for n, row in enumerate(drawn)]
    effects = {n: Effect(n, row[2], PeerGroup.ALL, 9, ()) for n, row in enumerate(drawn)}
    abilities = {
        n: Ability(n, dict(zip(AbilityItem, row[3], strict=True)), ScoreOrigin.ENTERED) for n, row in enumerate(drawn)
    }
    return places(valid[::-1], effects, abilities, POLICY)


@given(customers)
def test_the_parts_are_the_whole_whatever_they_are_parted_by(drawn: list[tuple[object, ...]]) -> None:
    found = stand(drawn)  # type: ignore[arg-type]
    whole = area_group(None, found)
    assert whole.count == len(drawn)
    for parts in (
        grouped(found, MarketType, lambda one: one.market_type),
        grouped(found, GradeBand, lambda one: band(one.grade)),
    ):
        assert sum(part.count for part in parts) == whole.count
        for place in Quadrant:
            assert sum(part.quadrants[place] for part in parts) == whole.quadrants[place]
        means = [(part.ability, part.count) for part in parts if part.ability is not None]
        if means:
            assert whole.ability is not None
            again = sum((Fraction(mean) * count for mean, count in means), Fraction(0)) / whole.count
            assert abs(again - Fraction(whole.ability)) < Fraction(1, 10**20)


def test_a_customer_without_any_figure_stands_in_no_quadrant_and_in_no_mean() -> None:
    rows = [(5, MarketType.URBAN, None, [3] * 6), (5, None, Decimal(50), [3] * 6)]
    whole = area_group(None, stand(rows))  # type: ignore[arg-type]
    assert (whole.count, sum(whole.quadrants.values()), whole.effect) == (2, 1, Decimal(50))


@pytest.mark.parametrize(
    ("grade", "word"),
    [(1, "low"), (10, "low"), (11, "middle"), (20, "middle"), (21, "high"), (30, "high"), (None, None)],
)
def test_the_bands_of_ten_grades(grade: int | None, word: str | None) -> None:
    assert band(grade) == word


def effect(customer: int, score: str, *weak: EffectItem) -> Effect:
    details = tuple(EffectDetail(item, Decimal(1), Decimal(39 if item in weak else 40)) for item in EffectItem)
    return Effect(customer, Decimal(score), PeerGroup.ALL, 9, details)


def inputs(volume: int) -> dict[Month, Input]:
    return {month: Input(CustomerMonth(1, volume=volume), 20) for month in (SEPTEMBER, OCTOBER)}


SAME = {1: effect(1, "50.5", EffectItem.PRODUCTS), 2: effect(2, "49")}
PLACES = {1: Quadrant.KEEP, 2: Quadrant.SUPPORT}
BELOW = Decimal(40)


def test_the_same_orders_restate_nothing() -> None:
    both = {1: inputs(1000), 2: inputs(5)}
    assert restated(SAME, SAME, (PLACES, PLACES), (both, both), BELOW) == ()
    tiny = {1: replace(SAME[1], score=Decimal("50.5000000000001")), 2: SAME[2]}
    assert restated(SAME, tiny, (PLACES, PLACES), (both, both), BELOW) == ()  # an effect is kept to twelve places


def test_what_is_otherwise_is_told_with_old_and_new() -> None:
    new = {1: effect(1, "49.5", EffectItem.CARTON_VALUE), 2: SAME[2]}
    moved = {1: inputs(1000) | {OCTOBER: Input(CustomerMonth(1, volume=900), 20)}, 2: inputs(5)}
    was, now = {1: inputs(1000), 2: inputs(5)}, {**PLACES, 1: Quadrant.UNLOCK}
    found = restated(SAME, new, (PLACES, now), (was, moved), BELOW)
    (one,) = found
    assert (one.customer, one.effect) == (1, (Decimal("50.5"), Decimal("49.5")))
    assert (one.weak_came, one.weak_went) == ((EffectItem.CARTON_VALUE,), (EffectItem.PRODUCTS,))
    assert one.moved == ((OCTOBER, "volume", 1000, 900),)
    assert moved_quadrants(found) == {(Quadrant.KEEP, Quadrant.UNLOCK): 1}
