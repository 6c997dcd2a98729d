"""Judgements that could as well have gone the other way."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Border(StrEnum):
    """A threshold of the method."""

    EFFECT_CUT = "effect_cut"
    WEAK_ITEM = "weak_item"
    ABILITY_CUT = "ability_cut"
    INDICATOR = "indicator"  # the 5 % rule on an indicator of the area
    RATE = "rate"  # the 5 % rule on a rate of a product
    RELATIVE_VOLUME = "relative_volume"
    PEER_RATIO = "peer_ratio"
    CARTON_VALUE_DROP = "carton_value_drop"
    KEY_LINE = "key_line"
    FREQUENCY = "frequency"


@dataclass(frozen=True, slots=True)
class Borderline:
    """One judgement near its threshold. `value` and `threshold` are in the border's own measure: points of a score,
    percent of the target or base (a shortfall), or a rank of the list. `crossed`: the threshold counts as reached,
    which is good for a score and bad for a shortfall.

    `customer` is whose it is (0: the area's), `item` which effect item, indicator or rate:product.
    """

    border: Border
    customer: int
    item: str
    value: Fraction
    threshold: Fraction
    crossed: bool

    @property
    def distance(self) -> Fraction:
        """From the threshold, signed."""
        return self.value - self.threshold
