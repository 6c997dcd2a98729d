"""A customer against its own past: what happens to everybody marks nobody (method.md §4, Baselines)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.figures import CustomerMonth, MonthFigures
from crmkit.model.month import Month
from crmkit.rules.baseline import area_volume, baseline
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy().baseline
FIRST = Month(2025, 8)


def month_of(month: Month, rates: list[int], own_days: int, working_days: int) -> MonthFigures:
    """Everybody orders at its own rate on each of its ordering days."""
    counted = {n: CustomerMonth(n, volume=rate * own_days) for n, rate in enumerate(rates)}
    days = dict.fromkeys(counted, own_days)
    return MonthFigures(month, working_days, counted, days, own_days * len(rates))


@given(st.lists(st.integers(1, 10_000), min_size=2, max_size=20), st.integers(1, 3), st.integers(8, 23))
def test_a_festival_that_takes_ordering_days_from_all_marks_nobody(
    rates: list[int], festival_days: int, working_days: int
) -> None:
    """However many working days a festival month keeps, who orders at the old rate stands at exactly 1."""
    history = [month_of(FIRST.plus(n), rates, 4, 22) for n in range(5)]
    current = month_of(FIRST.plus(5), rates, festival_days, working_days)
    areas = {figures.month: area_volume(figures) for figures in (*history, current)}
    for customer in range(len(rates)):
        found = baseline(customer, current, history, FIRST, areas, POLICY)
        assert found.relative_volume == Decimal(1)


def test_one_who_halves_while_the_area_stays_is_seen() -> None:
    rates = [100] * 10
    history = [month_of(FIRST.plus(n), rates, 4, 22) for n in range(5)]
    halved = month_of(FIRST.plus(5), [50, *rates[1:]], 4, 22)
    areas = {figures.month: area_volume(figures) for figures in (*history, halved)}
    found = baseline(0, halved, history, FIRST, areas, POLICY)
    # the area with the halved shop in it is at 95 %
    assert found.relative_volume is not None
    assert round(found.relative_volume, 6) == round(Decimal("0.5") / Decimal("0.95"), 6)
