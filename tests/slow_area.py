"""Rates and indicators counted again, slowly and straight from rows: no import from what it checks.

A row is (day, customer, product, volume in thousandths, amount in cents); months are texts such as 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

Row = tuple[str, str, str, int, int]


def month_before(month: str, back: int = 1) -> str:
    year, number = int(month[:4]), int(month[5:])
    for _ in range(back):
        year, number = (year - 1, 12) if number == 1 else (year, number - 1)
    return f"{year:04d}-{number:02d}"


@dataclass(frozen=True)
class Area:
    """The rows of one manager's customers."""

    rows: tuple[Row, ...]
    key_brands: frozenset[str] = frozenset()

    def ordered(self, product: str, month: str) -> set[str]:
        """Who took more of it than he gave back."""
        net: dict[str, int] = {}
        for day, customer, what, volume, _amount in self.rows:
            if day[:7] == month and what == product:
                net[customer] = net.get(customer, 0) + volume
        return {customer for customer, volume in net.items() if volume > 0}

    def volume(self, month: str, last: str = "9999") -> int:
        return sum(row[3] for row in self.rows if row[0][:7] == month and row[0] <= last)

    def amount(self, month: str) -> int:
        return sum(row[4] for row in self.rows if row[0][:7] == month)

    def key_volume(self, month: str, last: str = "9999") -> int:
        rows = (row for row in self.rows if row[0][:7] == month and row[0] <= last)
        return sum(row[3] for row in rows if row[2] in self.key_brands)

    # the four rates, as (numerator, denominator)

    def on_shelf(self, product: str, month: str, targets: Iterable[str]) -> tuple[int, int]:
        listed = set(targets)
        return sum(customer in self.ordered(product, month) for customer in listed), len(listed)

    def sell_through(self, product: str, month: str, months: int = 3) -> tuple[int, int]:
        before: set[str] = set()
        for back in range(1, months + 1):
            before |= self.ordered(product, month_before(month, back))
        return len(self.ordered(product, month)), len(before)

    def repurchase(self, product: str, month: str) -> tuple[int, int]:
        before = self.ordered(product, month_before(month))
        return sum(customer in self.ordered(product, month) for customer in before), len(before)

    # the three indicators

    def cartons(self, month: str) -> Fraction:
        return Fraction(self.volume(month), 1000)

    def carton_value(self, month: str) -> Fraction:
        """Money per carton."""
        return Fraction(self.amount(month), 100) / self.cartons(month)

    def key_growth(self, month: str, base: str) -> Fraction | None:
        then = self.key_volume(base)
        return Fraction(self.key_volume(month) * 100, then) - 100 if then > 0 else None


def verdict(target: Fraction | None, actual: Fraction | None) -> str:
    """A rate or an indicator against its target: 5 % or more of it missing is abnormal."""
    if target is None or actual is None or target == 0:
        return "not_judged"
    return "abnormal" if actual <= target - abs(target) / 20 else "normal"
