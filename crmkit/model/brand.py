"""Brand targets, target customers and the state of a product's four rates 四率 (steps 3 to 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from crmkit.model.judgement import Judgement, Measure, Rate
from crmkit.model.month import Month


class RateKind(StrEnum):
    ON_SHELF = "on_shelf"  # 上柜率
    SELL_THROUGH = "sell_through"  # 动销率
    REPURCHASE = "repurchase"  # 重购率
    STOCK_OUT = "stock_out"  # 断货率

    @property
    def measure(self) -> Measure:
        """How it is held against its target: stock-out in points, where higher is worse."""
        return Measure.POINTS_HIGHER_WORSE if self.is_worse_higher else Measure.RELATIVE

    @property
    def is_worse_higher(self) -> bool:
        return self is RateKind.STOCK_OUT


@dataclass(frozen=True, slots=True)
class BrandTarget:
    """What a customer manager aims at for one product from one month to another; `rates` in percent, as typed."""

    id: int
    manager: int
    product: int
    first: Month
    last: Month
    rates: Mapping[RateKind, Decimal]

    def holds(self, month: Month) -> bool:
        return self.first <= month <= self.last

    def meets(self, first: Month, last: Month) -> bool:
        """Do the two ranges share a month?"""
        return self.first <= last and first <= self.last


@dataclass(frozen=True, slots=True)
class RateState:
    """One rate of one product in the month judged: target and count, what the rule says, what the manager says."""

    product: int
    kind: RateKind
    target: Decimal | None
    rate: Rate
    computed: Judgement
    final: Judgement
    note: str | None = None  # why the manager changed it

    @property
    def by_hand(self) -> bool:
        return self.note is not None


@dataclass(frozen=True, slots=True)
class ProductOrders:
    """Who ordered a product, month by month: customers with a net volume above 0."""

    product: int
    months: Mapping[Month, frozenset[int]]

    def of(self, month: Month) -> frozenset[int]:
        return self.months.get(month, frozenset())


@dataclass(frozen=True, slots=True)
class DemandServed:
    """Demand lines of a product in a month, and how many of each customer's were served with nothing."""

    lines: int = 0
    unserved: Mapping[int, int] | None = None

    @property
    def count(self) -> int:
        return sum((self.unserved or {}).values())
