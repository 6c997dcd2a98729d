"""The market indicators of a manager's area and their targets (step 6)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from crmkit.model.figures import AMOUNT_SCALE, VOLUME_SCALE
from crmkit.model.judgement import Judgement, Measure
from crmkit.model.month import Month


class Indicator(StrEnum):
    """The three the method names, then those a policy may add ([indicator] with_…)."""

    VOLUME = "volume"  # 销量, cartons
    CARTON_VALUE = "carton_value"  # 平均单条值, money per carton
    KEY_BRAND_GROWTH = "key_brand_growth"  # 重点品牌增幅, percent
    VOLUME_GROWTH = "volume_growth"  # 销量增幅, percent
    AMOUNT = "amount"  # 销售额, money
    ORDERING_CUSTOMERS = "ordering_customers"  # 订货户数
    ORDERS = "orders"  # 订货次数
    KEY_BRAND_SHARE = "key_brand_share"  # 重点品牌占比, percent of the volume

    @property
    def measure(self) -> Measure:
        return Measure.POINTS if self.is_growth else Measure.RELATIVE

    @property
    def is_growth(self) -> bool:
        return self in (Indicator.KEY_BRAND_GROWTH, Indicator.VOLUME_GROWTH)


class BaseKind(StrEnum):
    """What a growth is measured from."""

    LAST_YEAR = "last_year"  # the same days of the same month last year
    LAST_MONTH = "last_month"  # the file does not hold that month


class TargetOrigin(StrEnum):
    PROPOSED = "proposed"  # by the program; no target yet
    CONFIRMED = "confirmed"  # as proposed, by the manager
    ENTERED = "entered"  # by the manager


@dataclass(frozen=True, slots=True)
class AreaSum:
    """What a manager's customers ordered in some days: thousandths of a carton, minor units.

    `customers` had a net volume above 0 in these days, `orders` counts order headers.
    """

    volume: int = 0
    amount: int = 0
    key_volume: int = 0
    customers: int = 0
    orders: int = 0

    def __add__(self, other: "AreaSum") -> "AreaSum":
        """Of two stretches of days; customers who ordered in both count in both."""
        return AreaSum(
            self.volume + other.volume,
            self.amount + other.amount,
            self.key_volume + other.key_volume,
            self.customers + other.customers,
            self.orders + other.orders,
        )

    @property
    def carton_value(self) -> Fraction | None:
        """Σ amount ÷ Σ cartons, in money; None without a positive volume."""
        return Fraction(self.amount * VOLUME_SCALE, self.volume * AMOUNT_SCALE) if self.volume > 0 else None


@dataclass(frozen=True, slots=True)
class Base:
    """What a growth is held against: which days, and why these."""

    kind: BaseKind
    first: date
    last: date

    @property
    def month(self) -> Month:
        return Month.of(self.first)


@dataclass(frozen=True, slots=True)
class IndicatorTarget:
    """The target of one indicator in one month: cartons, money per carton, percent."""

    indicator: Indicator
    target: Decimal
    origin: TargetOrigin

    @property
    def in_force(self) -> bool:
        return self.origin is not TargetOrigin.PROPOSED


@dataclass(frozen=True, slots=True)
class IndicatorState:
    """One indicator of the area in the month judged.

    `actual` is exact; `base` what a growth was measured from. `ratio` is (1+g)/(1+g_peers), where the ratio policy
    judges instead of the target.
    """

    indicator: Indicator
    target: Decimal | None
    actual: Fraction | None
    computed: Judgement
    final: Judgement
    base: Base | None = None
    ratio: Fraction | None = None
    note: str | None = None

    @property
    def by_hand(self) -> bool:
        return self.note is not None


class AnalysisKind(StrEnum):
    BRAND = "brand"  # step 5
    MARKET = "market"  # step 6


@dataclass(frozen=True, slots=True)
class Analysis:
    """That a manager's month was analysed, and what he wrote of it (None: the page drafts it from what is abnormal).

    `through` is the last day whose orders counted: earlier than the month's end while it was running.
    """

    kind: AnalysisKind
    through: date
    problems: str | None = None
    focus: str | None = None

    def rewritten(self, problems: str | None, focus: str | None) -> "Analysis":
        """With texts typed over those kept; None keeps one, an empty one takes it back."""
        wrote = self.problems if problems is None else problems.strip() or None
        aimed = self.focus if focus is None else focus.strip() or None
        return replace(self, problems=wrote, focus=aimed)
