"""What a policy's numbers may be: a range for each key, and what must hold between keys.

A number of the policy that no rule could work with is refused when the file is read, with its line
(method.md §5: "impossible values are refused").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from crmkit.model.policy import Scalar

Number = int | Decimal

DEFAULT_RANGE: tuple[Number, Number] = (0, 1_000_000)

_GAPS: dict[str, tuple[Number, Number]] = {
    f"visit.{frequency}.{name}": (1, 31)
    for frequency in ("weekly", "twice_monthly")
    for name in ("min", "max", "preferred_min", "preferred_max", "border_min")
}

_SHARES = (
    "frequencies", "key_changes", "strategies", "carried", "alike", "borderline", "phone", "text",
)  # fmt: skip

RANGES: dict[str, tuple[Number, Number]] = {
    "month.opening_days": (1, 10),
    "month.questionnaire_day": (1, 28),
    "month.summary_hint_days": (0, 20),
    "valid.ordering_months": (1, 36),
    "anomaly.shortfall_percent": (0, 100),
    "anomaly.growth_points": (0, 1000),
    "anomaly.stock_out_points": (0, 100),
    "ratio.warning": (0, 10),
    "ratio.big_customer_times": (1, 1000),
    "baseline.min_months": (1, 36),
    "baseline.max_months": (1, 120),
    "problem.indicator_factor": (0, 1),
    "problem.relative_volume": (0, 1),
    "problem.carton_value_drop_percent": (0, 100),
    "rates.sell_through_months": (1, 12),
    "indicator.units_per_case": (1, 1_000_000),
    "indicator.units_per_carton": (1, 1_000_000),
    "key.max_share_percent": (0, 100),
    "frequency.top_percent": (0, 100),
    "frequency.bottom_percent": (0, 100),
    "frequency.new_customer_within_days": (1, 31),
    "effect.weak_below": (0, 100),
    "effect.cut": (0, 100),
    "effect.grade_span": (0, 30),
    "effect.min_peers": (1, 1000),
    "ability.cut": (20, 100),
    "ability.weak_at_most": (0, 5),
    "borderline.points": (0, 20),
    "review.load_percent": (0, 1000),
    "review.key_share_points": (0, 100),
    "review.key_share_months": (1, 12),
    **{f"review.{name}_percent": (0, 100) for name in _SHARES},
    "review.text_characters": (2, 4000),
    "capacity.urban_per_day": (1, 500),
    "capacity.rural_per_day": (1, 500),
    "capacity.day_minutes": (1, 1440),
    "capacity.lunch_minutes": (0, 1440),
    "capacity.day_starts_hour": (0, 23),
    "capacity.urban_minutes": (1, 1440),
    "capacity.rural_minutes": (1, 1440),
    "capacity.phone_minutes": (0, 1440),
    "capacity.speed_kmh": (1, 200),
    "capacity.detour_percent": (0, 1000),
    "visit.weekly_needs_working_days": (1, 7),
    "visit.monthly_border_min": (1, 31),
    "best_day.load_percent": (100, 1000),
    "honesty.same_text_customers": (2, 1000),
    "honesty.text_percent": (0, 100),
    "honesty.text_characters": (1, 1000),
    "honesty.numbered_characters": (1, 1000),
    "honesty.speed_kmh": (1, 300),
    "honesty.visit_minutes": (0, 600),
    "honesty.at_once_visits": (2, 1000),
    "honesty.at_once_seconds": (0, 86_400),
    "summary.effect_least": (2, 1000),
    "summary.effect_alike": (0, 1),
    "summary.effect_points": (1, 100),
    "base_data.customers_per_manager": (1, 100_000),
    "base_data.verify_months": (1, 120),
    "base_data.duplicate_metres": (0, 10_000),
    **_GAPS,
}

Values = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Between:
    """What must hold between several keys; `rule` says it in one English sentence."""

    keys: tuple[str, ...]
    holds: Callable[[Values], bool]
    rule: str


def _number(values: Values, key: str) -> Number:
    value = values[key]
    assert isinstance(value, int | Decimal)
    return value


def _ordered(*keys: str) -> Between:
    def holds(values: Values) -> bool:
        numbers = [_number(values, key) for key in keys]
        return all(low <= high for low, high in pairwise(numbers))

    return Between(keys, holds, " must not be more than ".join(keys))


def _sums(*keys: str, low: int, high: int) -> Between:
    def holds(values: Values) -> bool:
        return low <= sum(_number(values, key) for key in keys) <= high

    return Between(keys, holds, f"{' + '.join(keys)} must be {low} to {high}")


_WEIGHTS = (
    "effect.volume_growth",
    "effect.carton_value",
    "effect.products",
    "effect.ordered_share",
    "effect.key_products",
)

BETWEEN: tuple[Between, ...] = (
    _sums("frequency.top_percent", "frequency.bottom_percent", low=0, high=100),
    _sums(*_WEIGHTS, low=1, high=1_000_000),
    _ordered("baseline.min_months", "baseline.max_months"),
    _ordered("capacity.lunch_minutes", "capacity.day_minutes"),
    *(
        _ordered(*(f"visit.{frequency}.{name}" for name in ("min", "preferred_min", "preferred_max", "max")))
        for frequency in ("weekly", "twice_monthly")
    ),
)


def outside_range(key: str, value: Number) -> tuple[Number, Number] | None:
    """The range a number breaks, or None when it keeps it."""
    low, high = RANGES.get(key, DEFAULT_RANGE)
    return None if low <= value <= high else (low, high)
