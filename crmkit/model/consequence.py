"""What a change of an earlier step brought about in the later ones that hang on it."""

from dataclasses import dataclass, field
from enum import StrEnum

from crmkit.model.month import Month

Turned = tuple[str, tuple[str, ...], tuple[str, ...]]


class Follower(StrEnum):
    """What hangs on earlier steps, in the order in which it follows."""

    BRAND_STATE = "brand_state"  # abnormal rates, by product
    MARKET_STATE = "market_state"  # abnormal indicators
    STRATEGIES = "strategies"  # by customer
    PROBLEMS = "problems"  # problem codes, by customer
    KEY_CUSTOMERS = "key_customers"
    FREQUENCIES = "frequencies"  # by customer


@dataclass(frozen=True, slots=True)
class Consequence:
    """How one follower of a working month moved: counts before and after, and the codes (of customers, products,
    indicators) that came, went, or stand there otherwise than before.
    """

    month: Month
    follower: Follower
    before: int
    after: int
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    turned: tuple[Turned, ...] = field(default=(), compare=False)  # each that changed, with what stood there and stands
