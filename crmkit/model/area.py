"""Area statistics 片区统计: all customers of one customer manager in the matrix of effect and ability (step 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from crmkit.model.customer import Customer
from crmkit.model.operating import Quadrant


class GradeBand(StrEnum):
    LOW = "low"  # grades 1-10
    MIDDLE = "middle"  # 11-20
    HIGH = "high"  # 21-30


@dataclass(frozen=True, slots=True)
class AreaPlace:
    """One customer's place; an effect without any data stands in no quadrant."""

    customer: Customer
    effect: Decimal | None
    ability: Decimal
    quadrant: Quadrant | None


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """A group of customers: how many stand in each quadrant, mean effect and mean ability (None: nobody has any).

    `word` is the code of what they have in common; None where that is not known.
    """

    word: str | None
    count: int
    quadrants: Mapping[Quadrant, int]
    effect: Decimal | None
    ability: Decimal | None
