"""Operating effect 经营效果 and operating ability 经营能力 of one customer in one month (step 2)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class EffectItem(StrEnum):
    VOLUME_GROWTH = "volume_growth"
    CARTON_VALUE = "carton_value"
    PRODUCTS = "products"
    ORDERED_SHARE = "ordered_share"  # ordered ÷ allowed
    KEY_PRODUCTS = "key_products"


class AbilityItem(StrEnum):
    DISPLAY = "display"  # 陈列
    STOCK = "stock"  # 存货
    PRICING = "pricing"  # 明码标价
    RECOMMENDING = "recommending"  # 推荐
    ONLINE = "online"  # 自主网订
    LAWFUL = "lawful"  # 守法


class Quadrant(StrEnum):
    """effect/ability."""

    KEEP = "keep"  # high/high 保持共建
    UNLOCK = "unlock"  # low/high 挖潜
    COACH = "coach"  # high/low 提升
    SUPPORT = "support"  # low/low 帮扶


class ScoreOrigin(StrEnum):
    ENTERED = "entered"
    CARRIED = "carried"
    ASSUMED = "assumed"  # set for a group in one act


class PeerGroup(StrEnum):
    """How wide the peers had to be drawn."""

    GRADE = "grade"  # same market type, grade ±2
    MARKET = "market"  # same market type
    ALL = "all"


@dataclass(frozen=True, slots=True)
class EffectDetail:
    """One item of one customer: its exact value and its mid-rank percentile × 100 (None: no data, re-weighted)."""

    item: EffectItem
    value: Decimal | None
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Effect:
    """`score` 0-100 over the items with data; None when no item has any."""

    customer: int
    score: Decimal | None
    peers: PeerGroup
    peer_count: int
    details: tuple[EffectDetail, ...]

    def weak_items(self, below: Decimal) -> tuple[EffectItem, ...]:
        return tuple(d.item for d in self.details if d.score is not None and d.score < below)


@dataclass(frozen=True, slots=True)
class Ability:
    """Six scores of 1-5."""

    customer: int
    scores: dict[AbilityItem, int]
    origin: ScoreOrigin

    @property
    def score(self) -> Decimal:
        """Mean × 20."""
        return Decimal(sum(self.scores.values()) * 20) / len(self.scores)
