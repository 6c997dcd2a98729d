"""The 5 % rule, the ratio policy, the four rates: exact at the border."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.judgement import Judgement, Measure
from crmkit.rules.anomaly import is_big_customer, judge, judge_ratio, peer_ratio, shown
from crmkit.rules.rates import on_shelf, repurchase, sell_through, stock_out
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy().anomaly
RATIO = shipped_policy("ratio").ratio
ABNORMAL, NORMAL, NOT_JUDGED = Judgement.ABNORMAL, Judgement.NORMAL, Judgement.NOT_JUDGED
RELATIVE, POINTS, STOCK_OUT = Measure.RELATIVE, Measure.POINTS, Measure.POINTS_HIGHER_WORSE


@pytest.mark.parametrize(
    ("measure", "target", "actual", "expected"),
    [
        (RELATIVE, "100", "95", ABNORMAL),
        (RELATIVE, "100", "95.01", NORMAL),
        (RELATIVE, "100", "95." + "0" * 60 + "1", NORMAL),
        (RELATIVE, "100", "300", NORMAL),
        (RELATIVE, "-100", "-105", ABNORMAL),
        (RELATIVE, "-100", "-104.99", NORMAL),
        (RELATIVE, "0", "-5", NOT_JUDGED),
        (RELATIVE, None, "5", NOT_JUDGED),
        (RELATIVE, "100", None, NOT_JUDGED),
        (POINTS, "8", "3", ABNORMAL),
        (POINTS, "8", "3.01", NORMAL),
        (POINTS, "0", "-5", ABNORMAL),
        (POINTS, "-3", "-7.9", NORMAL),
        (POINTS, None, "-50", NOT_JUDGED),
        (STOCK_OUT, "3", "5", ABNORMAL),
        (STOCK_OUT, "3", "4.99", NORMAL),
        (STOCK_OUT, "3", "0", NORMAL),
        (STOCK_OUT, "0", "2", ABNORMAL),
        (STOCK_OUT, "0", None, NOT_JUDGED),
    ],
)
def test_the_border_belongs_to_abnormal(
    measure: Measure, target: str | None, actual: str | None, expected: Judgement
) -> None:
    found = judge(
        measure, None if target is None else Decimal(target), None if actual is None else Decimal(actual), POLICY
    )
    assert found is expected


@given(
    st.decimals(min_value=Decimal("0.000001"), max_value=10**15, places=6),
    st.integers(1, 80),
)
def test_exactly_5_percent_is_abnormal_and_the_least_above_is_not(target: Decimal, digits: int) -> None:
    border = Fraction(target) * Fraction(95, 100)
    hair = Fraction(1, 10**digits)
    assert judge(RELATIVE, target, border, POLICY) is ABNORMAL
    assert judge(RELATIVE, target, border + hair, POLICY) is NORMAL
    assert judge(RELATIVE, target, border - hair, POLICY) is ABNORMAL


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.none(), st.sampled_from(Measure))
def test_a_missing_target_is_never_abnormal(actual: Decimal | None, measure: Measure) -> None:
    assert judge(measure, None, actual, POLICY) is NOT_JUDGED


def test_growth_against_shrinking_peers_keeps_its_sign() -> None:
    assert peer_ratio(80, 100, 50, 100) == Fraction(8, 5)  # −20 % against −50 %: better than they
    assert judge_ratio(peer_ratio(80, 100, 50, 100), RATIO) is NORMAL
    assert judge_ratio(peer_ratio(80, 100, 100, 100), RATIO) is ABNORMAL
    assert judge_ratio(peer_ratio(80_001, 100_000, 100, 100), RATIO) is NORMAL
    assert judge_ratio(peer_ratio(0, 100, 100, 100), RATIO) is ABNORMAL
    assert shown(peer_ratio(1, 3, 1, 1)) == Decimal("0.3333333333333333333333333333")


@pytest.mark.parametrize("numbers", [(5, 0, 1, 1), (5, -1, 1, 1), (5, 1, 0, 1), (5, 1, 1, 0)])
def test_without_a_base_nothing_is_judged(numbers: tuple[int, int, int, int]) -> None:
    assert judge_ratio(peer_ratio(*numbers), RATIO) is NOT_JUDGED
    assert shown(None) is None


def test_a_big_customer_passes_both_borders() -> None:
    others = [100_000] * 19
    assert is_big_customer(1_000_001, [1_000_001, *others], RATIO)
    assert not is_big_customer(1_000_000, [1_000_000, *others], RATIO)
    many = [1_000_000] * 7
    # 4 × the mean of 8 shops: x > 4·(x + 7 000 000)/8, so x > 7 000 000
    assert not is_big_customer(7_000_000, [7_000_000, *many], RATIO)
    assert is_big_customer(7_000_001, [7_000_001, *many], RATIO)


customers = st.frozensets(st.integers(1, 12))


@given(customers, customers, customers)
def test_the_four_rates_agree_with_a_slow_count(
    now: frozenset[int], before: frozenset[int], aim: frozenset[int]
) -> None:
    on_target = [one for one in range(1, 13) if one in aim and one in now]
    again = [one for one in range(1, 13) if one in now and one in before]
    assert on_shelf(aim, now).value == (Fraction(100 * len(on_target), len(aim)) if aim else None)
    assert repurchase(now, before).value == (Fraction(100 * len(again), len(before)) if before else None)
    assert sell_through(now, before).value == (Fraction(100 * len(now), len(before)) if before else None)


def test_stock_out_counts_lines_and_no_line_is_not_judged() -> None:
    assert stock_out(1, 50).value == 2
    assert stock_out(0, 0).value is None
