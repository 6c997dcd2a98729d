"""What a plan of visits is worth, so that two plans can stand side by side."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """A month's plan in numbers. Minutes are visits and road together, at the policy's times and speed.

    `gaps` are pairs of neighbouring visits of one customer within the month, `held` those within the hard bounds,
    `preferred` those within the preferred; `pairs` are those of weekly customers, `same_weekday` of these the ones on
    one weekday. Variations are standard deviation ÷ mean over the days that can take visits.
    """

    visits: int  # on the road
    calls: int
    days: int
    metres: int
    minutes: int
    variation_visits: Decimal
    variation_minutes: Decimal
    gaps: int
    held: int
    preferred: int
    pairs: int
    same_weekday: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is proven about the road: each day's visits can be driven in no less than `tours`, no plan of these visits
    on these days drives less than `month`. Metres.
    """

    tours: int
    month: int
