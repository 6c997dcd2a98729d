"""What an operating state was computed from, and what later orders would make of it (step 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from crmkit.model.consequence import Consequence
from crmkit.model.figures import CustomerMonth
from crmkit.model.month import Month
from crmkit.model.operating import EffectItem, Quadrant


@dataclass(frozen=True, slots=True)
class Input:
    """One customer's counted orders of one month and the ordering days they were counted over."""

    figures: CustomerMonth
    days: int


@dataclass(frozen=True, slots=True)
class RowsSeen:
    """The order rows of a manager's customers in one month: counts, sums, and a digest that any change changes."""

    month: Month
    orders: int
    lines: int
    volume: int
    amount: int
    digest: int


@dataclass(frozen=True, slots=True)
class Computing:
    """When and by whom the state was computed, by which policy, and the last operation of the file it saw."""

    at: str
    actor: str
    through: int
    policy: str
    rows: tuple[RowsSeen, ...]


@dataclass(frozen=True, slots=True)
class LateRows:
    """An operation after the computing that brought or changed order rows of the two months."""

    op: int
    at: str
    actor: str
    command: str
    lines: int


@dataclass(frozen=True, slots=True)
class CustomerRestated:
    """What would be otherwise for one customer: effect, quadrant, weak items; `moved` are the figures of its own
    orders that differ, by month and name, old and new. Without any its peers moved.
    """

    customer: int
    effect: tuple[Decimal | None, Decimal | None]
    quadrant: tuple[Quadrant | None, Quadrant | None]
    weak_came: tuple[EffectItem, ...]
    weak_went: tuple[EffectItem, ...]
    moved: tuple[tuple[Month, str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Restatement:
    """What a month's operating state would be by the orders of now, beside what it was; nothing of it is written."""

    computing: Computing | None
    rows: tuple[RowsSeen, ...]
    late: tuple[LateRows, ...]
    customers: tuple[CustomerRestated, ...]
    quadrants: Mapping[tuple[Quadrant | None, Quadrant | None], int]  # (old, new) where they differ
    consequences: tuple[Consequence, ...]

    @property
    def same_rows(self) -> bool:
        """Are the order rows still those it was computed from?"""
        return self.computing is not None and self.computing.rows == self.rows
