"""What is found when a figure is held against a target, a base or peers."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Judgement(StrEnum):
    ABNORMAL = "abnormal"  # 异常
    NORMAL = "normal"  # 正常
    NOT_JUDGED = "not_judged"  # 未判定


class Measure(StrEnum):
    """How an indicator is held against its target (method.md §4, Anomaly)."""

    RELATIVE = "relative"  # volume, carton value, rates: percent of the target
    POINTS = "points"  # growth: percentage points, a target of 0 or below is a target
    POINTS_HIGHER_WORSE = "points_higher_worse"  # stock-out


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a customer's own past says about the month judged (method.md §4, Baselines).

    `months` complete months were used. `expected_volume` is the volume (thousandths) the month would have had, had
    the customer done as the area did; `relative_volume` = actual ÷ expected; `carton_value` in minor units per
    carton. Each is None where it cannot be judged.
    """

    customer: int
    months: int
    expected_volume: Fraction | None = None
    relative_volume: Decimal | None = None
    carton_value: Fraction | None = None
    current_carton_value: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """One of the four rates 四率 with its count: `value` in percent, None when the denominator is 0."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(100 * self.numerator, self.denominator) if self.denominator else None
