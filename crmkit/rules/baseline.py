"""A customer held against its own past, per ordering day and against the area (method.md §4, Baselines).

Our defaults where the method leaves room:
- the month judged is no part of its own base: else a fall would pull down what it is held against;
- the month of the first order is not complete: what was ordered before the first known order is not known;
- a base is Σ volume ÷ Σ ordering days of its months (at most baseline.max_months, the latest), so a month with few
  ordering days weighs little;
- the area's base is taken over the same months as the customer's, so that Spring Festival marks nobody.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from crmkit.model.figures import VOLUME_SCALE, MonthFigures, decimal_of
from crmkit.model.judgement import Baseline
from crmkit.model.month import Month
from crmkit.model.policy import BaselinePolicy


def base_months(
    history: Sequence[MonthFigures], first_order: Month | None, policy: BaselinePolicy
) -> list[MonthFigures]:
    """The complete months of a customer's base, oldest first; empty when there are fewer than min_months.

    `history` are the months before the one judged, oldest first, without gaps.
    """
    if first_order is None:
        return []
    complete = [figures for figures in history if figures.month > first_order][-policy.max_months :]
    return complete if len(complete) >= policy.min_months else []


def area_volume(figures: MonthFigures) -> int:
    """The area's volume of a month: all customers listed, returns counted negative."""
    return sum(customer.volume for customer in figures.customers.values())


def baseline(
    customer: int,
    current: MonthFigures,
    history: Sequence[MonthFigures],
    first_order: Month | None,
    areas: Mapping[Month, int],
    policy: BaselinePolicy,
) -> Baseline:
    """What `current` (M-1) looks like against the customer's own base. `areas`: `area_volume` of every month."""
    months = base_months(history, first_order, policy)
    if not months:
        return Baseline(customer, 0, current_carton_value=_carton_value([current], customer))
    expected = _expected_volume(customer, current, months, areas)
    actual = current.of(customer).volume
    return Baseline(
        customer=customer,
        months=len(months),
        expected_volume=expected,
        relative_volume=decimal_of(actual / expected) if expected else None,
        carton_value=_carton_value(months, customer),
        current_carton_value=_carton_value([current], customer),
    )


def _expected_volume(
    customer: int, current: MonthFigures, months: Sequence[MonthFigures], areas: Mapping[Month, int]
) -> Fraction | None:
    """Own base per ordering day × the area's now ÷ the area's base × own ordering days; None = not judged."""
    own_volume = sum(figures.of(customer).volume for figures in months)
    own_days = sum(figures.days_of(customer) for figures in months)
    area_base = sum(areas[figures.month] for figures in months)
    area_days = sum(figures.days_of_area for figures in months)
    area_now = areas[current.month]
    if min(own_volume, own_days, area_base, area_days, area_now, current.days_of_area) <= 0:
        return None
    own_base = Fraction(own_volume, own_days)
    area_ratio = Fraction(area_now, current.days_of_area) / Fraction(area_base, area_days)
    return own_base * area_ratio * current.days_of(customer) or None


def _carton_value(months: Sequence[MonthFigures], customer: int) -> Fraction | None:
    """Σ amount ÷ Σ cartons in minor units per carton; None without a positive volume."""
    volume = sum(figures.of(customer).volume for figures in months)
    amount = sum(figures.of(customer).amount for figures in months)
    return Fraction(amount * VOLUME_SCALE, volume) if volume > 0 else None
