"""Every number of the method in one frozen value. The shipped texts are sources/policies/*.toml.

Each field name is the key of the TOML file, each class a table of it: [frequency] top_percent = 20.
What a value may be stands in model/limits.py.
"""

from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class MonthPolicy:
    opening_days: int  # first working days of M without planned visits (deadline: end of the last of them)
    approval: Literal["manager", "self"]
    questionnaire_day: int  # step 1: online customers' records count up to this day of M-1, inclusive
    summary_hint_days: int  # step 14: in the last working days of M the reply names --month this


@dataclass(frozen=True, slots=True)
class ValidPolicy:
    ordering_counts: bool  # also valid, whatever the mark, when ordered within the months below
    ordering_months: int


@dataclass(frozen=True, slots=True)
class AnomalyPolicy:
    rule: Literal["target", "ratio"]  # against the month target, or against the peers' growth
    shortfall_percent: Decimal  # volume, carton value, rates: percent of the target, included
    growth_points: Decimal  # growth: percentage points, included
    stock_out_points: Decimal  # stock-out: percentage points, included; higher is worse


@dataclass(frozen=True, slots=True)
class RatioPolicy:
    warning: Decimal  # warning at or below (1+g)/(1+g_peers)
    big_customer_cartons: int  # 大户: more than these a month …
    big_customer_times: Decimal  # … and more than so many times the mean of its market type


@dataclass(frozen=True, slots=True)
class BaselinePolicy:
    min_months: int
    max_months: int


@dataclass(frozen=True, slots=True)
class ProblemPolicy:
    indicator_factor: Decimal  # problem code: at or below factor × own base × area target ÷ area base
    relative_volume: Decimal
    carton_value_drop_percent: Decimal


@dataclass(frozen=True, slots=True)
class RatePolicy:
    sell_through_months: int  # customers who ordered it in so many months before


@dataclass(frozen=True, slots=True)
class IndicatorPolicy:
    units_per_case: int  # 1 箱 = 50 000 支
    units_per_carton: int  # 支/条 of a product that names none
    with_volume_growth: bool  # indicators of step 6 besides the three the method names
    with_amount: bool
    with_ordering_customers: bool
    with_orders: bool
    with_key_brand_share: bool


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
    volume_growth: int  # the first five are weights
    carton_value: int
    products: int
    ordered_share: int
    key_products: int
    weak_below: Decimal
    cut: Decimal  # at the cut = high
    grade_span: int
    min_peers: int


@dataclass(frozen=True, slots=True)
class AbilityPolicy:
    cut: Decimal
    weak_at_most: int


@dataclass(frozen=True, slots=True)
class BorderlinePolicy:
    points: Decimal  # what lies so near to a threshold, on either side, is named


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """From when on the market manager's desk names a figure of a waiting plan; the number itself is named too."""

    load_percent: Decimal  # of the month's room
    key_share_points: Decimal  # share of key customers, points away from the mean of …
    key_share_months: int  # … so many months before
    frequencies_percent: Decimal  # frequencies set by hand, of the customers
    key_changes_percent: Decimal  # added to and taken off the key list, of the list
    strategies_percent: Decimal  # strategies dropped or added by hand, of all
    carried_percent: Decimal  # ability scores carried over or assumed for a group, of all
    alike_percent: Decimal  # customers with one and the same six scores, of those scored
    borderline_percent: Decimal  # judgements near their threshold, of the customers
    phone_percent: Decimal  # customers visited another way than on site
    text_percent: Decimal  # likeness of two texts that counts as copied
    text_characters: int  # shorter texts are alike by chance


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
    day_starts_hour: int  # at the first shop: for the hours at which shops are likely reached


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
    even_percent: int  # wanted: days' minutes vary by at most so much
    same_weekday: int
    preferred_gap: int
    before_order_day: int
    moves: int
    waiting: int
    hand_over: int  # of one customer to another manager (crmkit plan team)


@dataclass(frozen=True, slots=True)
class BestDayPolicy:
    """From when on a possible day is a poor one (yellow) for a visit."""

    detour_metres: int  # more than these
    load_percent: int  # the day would hold more than so many percent of the mean day


@dataclass(frozen=True, slots=True)
class HonestyPolicy:
    """From when on the writer's own check asks (crmkit visit check, summarize check)."""

    same_text_customers: int  # one text for so many customers
    text_percent: Decimal  # likeness of two texts that counts as the same
    text_characters: int  # shorter texts are alike by chance
    numbered_characters: int  # the same but for its numbers is one text only from this length on
    speed_kmh: int  # straight from shop to shop
    visit_minutes: int  # the shortest visit
    at_once_visits: int  # so many visits of a day typed in …
    at_once_seconds: int  # … so many seconds, without a text


@dataclass(frozen=True, slots=True)
class SummaryPolicy:
    """When two groups of customers may be compared (crmkit summarize effect)."""

    effect_least: int  # customers in each group
    effect_alike: Decimal  # the smaller mean before is at least so much of the larger
    effect_points: int  # percentage points between the groups that are worth a word


@dataclass(frozen=True, slots=True)
class BaseDataPolicy:
    customers_per_manager: int  # more than these are named (systems.md, "Grading and load")
    verify_months: int  # a field of a customer that nobody looked at for so long is stale
    duplicate_metres: int  # same name and no farther apart: perhaps one shop twice


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
    catalogue: tuple[CatalogueEntry, ...]  # codes: "keep", "weak.products", "low.display", "demand.supply", …
    routine: tuple[CatalogueEntry, ...]  # printed when a customer has none open

    def entry(self, code: str) -> CatalogueEntry | None:
        """The catalogue's entry of a code; None for "hand" and for a code an older policy had."""
        return next((entry for entry in self.catalogue if entry.code == code), None)


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    version: str
    month: MonthPolicy
    valid: ValidPolicy
    anomaly: AnomalyPolicy
    ratio: RatioPolicy
    baseline: BaselinePolicy
    problem: ProblemPolicy
    rates: RatePolicy
    indicator: IndicatorPolicy
    key: KeyPolicy
    frequency: FrequencyPolicy
    effect: EffectPolicy
    ability: AbilityPolicy
    borderline: BorderlinePolicy
    review: ReviewPolicy
    capacity: CapacityPolicy
    visit: VisitPolicy
    planning: PlanningPolicy
    best_day: BestDayPolicy
    summary: SummaryPolicy
    honesty: HonestyPolicy
    base_data: BaseDataPolicy
    calendar: CalendarPolicy
    strategy: StrategyPolicy


Scalar = str | int | bool | Decimal


@dataclass(frozen=True, slots=True)
class PolicyDifference:
    """One key that two policies answer differently; None where only the other has the entry."""

    key: str
    first: Scalar | None
    second: Scalar | None


def flat(policy: Policy) -> dict[str, Scalar]:
    """Dotted key → value, in the order of the file: {"frequency.top_percent": 20, …}."""
    return dict(_flattened("", policy))


def differences(first: Policy, second: Policy) -> tuple[PolicyDifference, ...]:
    """Every key in which two policies differ, name and version included, in the order of the file."""
    one, other = flat(first), flat(second)
    return tuple(
        PolicyDifference(key, one.get(key), other.get(key))
        for key in one | other
        if one.get(key) != other.get(key)
    )


def _flattened(prefix: str, value: Any) -> list[tuple[str, Scalar]]:
    if isinstance(value, CatalogueEntry):
        return [(f"{prefix}.{value.code}.zh", value.zh), (f"{prefix}.{value.code}.en", value.en)]
    if isinstance(value, tuple):
        return [pair for entry in value for pair in _flattened(prefix, entry)]
    if is_dataclass(value):
        start = f"{prefix}." if prefix else ""
        return [
            pair
            for field in fields(value)
            for pair in _flattened(f"{start}{field.name}", getattr(value, field.name))
        ]
    return [(prefix, value)]
