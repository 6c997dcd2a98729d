"""The frequency rule: its table, its ties, and a slow independent count."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.customer import Customer, Frequency
from crmkit.model.policy import FrequencyPolicy
from crmkit.model.strategy import FrequencyLine, FrequencySource, Override, TieBreak
from crmkit.rules.frequency import frequency_counts, frequency_lines, new_customer_line, tie_borders
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy().frequency


def shops(count: int) -> list[Customer]:
    return [Customer(id=number, code=f"C{number:03}", name="shop") for number in range(1, count + 1)]


def by_customer(lines: tuple[FrequencyLine, ...]) -> dict[int, Frequency]:
    return {line.customer: line.frequency for line in lines}


@pytest.mark.parametrize(
    ("others", "weekly", "twice", "monthly"),
    [(0, 0, 0, 0), (1, 0, 1, 0), (2, 0, 1, 1), (3, 1, 1, 1), (4, 1, 2, 1), (5, 1, 2, 2), (7, 1, 4, 2), (10, 2, 5, 3)],
)
def test_the_table_of_the_method(others: int, weekly: int, twice: int, monthly: int) -> None:
    assert frequency_counts(others, POLICY) == (weekly, twice, monthly)
    lines = frequency_lines(shops(others), set(), {}, {}, POLICY)
    found = Counter(line.frequency for line in lines)
    assert (found[Frequency.WEEKLY], found[Frequency.TWICE_MONTHLY], found[Frequency.MONTHLY]) == (
        weekly,
        twice,
        monthly,
    )


@given(st.integers(0, 2000), st.integers(0, 100), st.integers(0, 100))
def test_the_three_numbers_always_sum_to_all(others: int, top: int, bottom: int) -> None:
    policy = replace(POLICY, top_percent=top, bottom_percent=min(bottom, 100 - top))
    counts = frequency_counts(others, policy)
    assert sum(counts) == others
    assert min(counts) >= 0


def test_key_customers_are_weekly_and_take_no_place_among_the_others() -> None:
    lines = frequency_lines(shops(12), {3, 7}, {3: 0, 7: 9}, {}, POLICY)
    keys = [line for line in lines if line.source is FrequencySource.KEY]
    assert [(line.customer, line.frequency, line.rank) for line in keys] == [
        (3, Frequency.WEEKLY, 0),
        (7, Frequency.WEEKLY, 0),
    ]
    assert sorted(line.rank for line in lines if line.rank) == list(range(1, 11))


def test_most_strategies_first_then_volume_then_code_and_no_volume_counts_below_0() -> None:
    strategies = {1: 1, 2: 3, 3: 3, 4: 3, 5: 0}
    volumes = {2: -900, 3: 0, 4: 500}
    lines = frequency_lines(shops(5), set(), strategies, volumes, POLICY)
    assert [line.customer for line in lines] == [4, 2, 3, 1, 5]
    assert [line.volume for line in lines] == [500, 0, 0, 0, 0]
    assert [line.tied for line in lines] == [3, 3, 3, 1, 1]
    assert by_customer(lines)[5] is Frequency.MONTHLY


def test_a_hand_override_changes_its_own_line_only_and_keeps_its_note() -> None:
    plain = frequency_lines(shops(10), set(), {}, {}, POLICY)
    override = Override(Frequency.WEEKLY, "001 2026-11-01: owner is ill")
    changed = frequency_lines(shops(10), set(), {}, {}, POLICY, {10: override})
    assert [line for line in plain if line.customer != 10] == [line for line in changed if line.customer != 10]
    line = next(line for line in changed if line.customer == 10)
    assert (line.frequency, line.source, line.rank) == (Frequency.WEEKLY, FrequencySource.OVERRIDE, 10)
    assert line.note == override.note


def test_a_tie_at_the_border_tells_how_many_went_up_and_names_both_sides_from_the_border() -> None:
    strategies = {1: 5, **dict.fromkeys(range(2, 7), 3), **dict.fromkeys(range(7, 11), 1)}
    volumes = {2: 10, 3: 40, 4: 30, 5: 20, 6: 50, 7: 4, 8: 3, 9: 2, 10: 1}
    lines = frequency_lines(shops(10), set(), strategies, volumes, POLICY)
    top, bottom = tie_borders(lines, POLICY)
    assert (top.upper, top.lower, top.strategies) == (Frequency.WEEKLY, Frequency.TWICE_MONTHLY, 3)
    assert (top.went_up, top.tied, top.by) == (1, 5, TieBreak.VOLUME)
    assert (top.above, top.below) == ((6,), (3, 4, 5, 2))
    assert (bottom.went_up, bottom.tied, bottom.above, bottom.below) == (1, 4, (7,), (8, 9, 10))


def test_a_tie_that_volume_could_not_break_names_the_code_and_no_tie_names_nothing() -> None:
    tied = frequency_lines(shops(10), set(), {}, {}, POLICY)
    assert [border.by for border in tie_borders(tied, POLICY)] == [TieBreak.CODE, TieBreak.CODE]
    clear = frequency_lines(shops(10), set(), {number: number for number in range(1, 11)}, {}, POLICY)
    assert tie_borders(clear, POLICY) == ()
    assert tie_borders((), POLICY) == ()


def test_an_override_does_not_hide_the_border() -> None:
    override = {1: Override(Frequency.MONTHLY, "x")}
    lines = frequency_lines(shops(10), set(), {}, {}, POLICY, override)
    assert tie_borders(lines, POLICY)[0].above == (2, 1)


def test_a_new_customer_gets_the_policys_frequency() -> None:
    line = new_customer_line(5, POLICY)
    assert (line.frequency, line.source) == (Frequency.TWICE_MONTHLY, FrequencySource.NEW)


def slow_frequencies(
    codes: dict[int, str], keys: set[int], strategies: dict[int, int], volumes: dict[int, int]
) -> dict[int, str]:
    """Counts for every customer how many others stand before it; knows nothing of the rule's code."""
    others = [one for one in codes if one not in keys]
    n = len(others)
    top, bottom = (20 * n + 50) // 100, (30 * n + 50) // 100

    def stands_before(one: int, other: int) -> bool:
        if strategies.get(one, 0) != strategies.get(other, 0):
            return strategies.get(one, 0) > strategies.get(other, 0)
        mine, yours = max(volumes.get(one, 0), 0), max(volumes.get(other, 0), 0)
        return mine > yours if mine != yours else codes[one] < codes[other]

    found = dict.fromkeys(keys, "weekly")
    for one in others:
        before = sum(stands_before(other, one) for other in others if other != one)
        found[one] = "weekly" if before < top else "monthly" if before >= n - bottom else "twice_monthly"
    return found


@given(
    st.integers(0, 25).flatmap(
        lambda count: st.tuples(
            st.permutations(range(1, count + 1)),
            st.sets(st.integers(1, max(count, 1)), max_size=4),
            st.dictionaries(st.integers(1, max(count, 1)), st.integers(0, 4)),
            st.dictionaries(st.integers(1, max(count, 1)), st.integers(-3, 5)),
        )
    )
)
def test_the_rule_agrees_with_a_slow_count_in_any_row_order(
    drawn: tuple[list[int], set[int], dict[int, int], dict[int, int]],
) -> None:
    order, keys, strategies, volumes = drawn
    customers = [Customer(id=number, code=f"C{number:03}", name="shop") for number in order]
    keys &= set(order)
    lines = frequency_lines(customers, keys, strategies, volumes, POLICY)
    codes = {one.id: one.code for one in customers}
    assert {line.customer: str(line.frequency) for line in lines} == slow_frequencies(codes, keys, strategies, volumes)
    assert lines == frequency_lines(sorted(customers, key=lambda one: one.id), keys, strategies, volumes, POLICY)


def test_shares_that_both_round_up_never_give_more_places_than_customers() -> None:
    half = FrequencyPolicy(50, 50, "monthly", 5)
    assert frequency_counts(1, half) == (1, 0, 0)
    assert frequency_counts(3, half) == (2, 0, 1)
