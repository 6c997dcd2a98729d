"""Every number of the method in one frozen value. The shipped texts are sources/policies/*.toml.

Each field name is the key of the TOML file, each class a table of it: [frequency] top_percent = 20.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class MonthPolicy:
    opening_days: int
    approval: Literal["manager", "self"]
    questionnaire_day: int


@dataclass(frozen=True, slots=True)
class ValidPolicy:
    ordering_counts: bool  # also valid, whatever the mark, when ordered within the months below
    ordering_months: int


@dataclass(frozen=True, slots=True)
class AnomalyPolicy:
    shortfall_percent: Decimal


@dataclass(frozen=True, slots=True)
class BaselinePolicy:
    min_months: int
    max_months: int


@dataclass(frozen=True, slots=True)
class ProblemPolicy:
    indicator_factor: Decimal
    relative_volume: Decimal
    carton_value_drop_percent: Decimal


@dataclass(frozen=True, slots=True)
class KeyPolicy:
    rule: Literal["union", "matching"]
    max_share_percent: Decimal


@dataclass(frozen=True, slots=True)
class FrequencyPolicy:
    top_percent: int
    bottom_percent: int
    new_customer: Literal["weekly", "twice_monthly", "monthly"]
    new_customer_within_days: int


@dataclass(frozen=True, slots=True)
class EffectPolicy:
    volume_growth: int
    carton_value: int
    products: int
    ordered_share: int
    key_products: int
    weak_below: Decimal
    cut: Decimal
    grade_span: int
    min_peers: int


@dataclass(frozen=True, slots=True)
class AbilityPolicy:
    cut: Decimal
    weak_at_most: int


@dataclass(frozen=True, slots=True)
class GapPolicy:
    """Working days between two visits of a customer; the next working day is 1."""

    min: int
    max: int
    preferred_min: int
    preferred_max: int
    border_min: int


@dataclass(frozen=True, slots=True)
class CapacityPolicy:
    mode: Literal["visits", "minutes"]
    urban_per_day: int
    rural_per_day: int
    day_minutes: int
    lunch_minutes: int
    urban_minutes: int
    rural_minutes: int
    phone_minutes: int
    key_extra_minutes: int
    speed_kmh: int
    detour_percent: int


@dataclass(frozen=True, slots=True)
class VisitPolicy:
    weekly_needs_working_days: int
    weekly: GapPolicy
    twice_monthly: GapPolicy
    monthly_border_min: int


@dataclass(frozen=True, slots=True)
class PlanningPolicy:
    """Weights of a good plan: whole numbers, larger = matters more."""

    travel: int
    evenness: int
    same_weekday: int
    preferred_gap: int
    before_order_day: int
    moves: int
    waiting: int


@dataclass(frozen=True, slots=True)
class CalendarPolicy:
    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What one strategy says, in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class StrategyPolicy:
    catalogue: tuple[CatalogueEntry, ...]  # codes: "keep", "weak.volume_growth", "low.display", "demand.supply", …
    routine: tuple[CatalogueEntry, ...]  # printed when a customer has none open


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    version: str
    month: MonthPolicy
    valid: ValidPolicy
    anomaly: AnomalyPolicy
    baseline: BaselinePolicy
    problem: ProblemPolicy
    key: KeyPolicy
    frequency: FrequencyPolicy
    effect: EffectPolicy
    ability: AbilityPolicy
    capacity: CapacityPolicy
    visit: VisitPolicy
    planning: PlanningPolicy
    calendar: CalendarPolicy
    strategy: StrategyPolicy
