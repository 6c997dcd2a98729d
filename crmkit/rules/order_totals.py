"""What an order file says the total of an order is, held against the sum of the order's lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field

Order = tuple[str, str, str]  # day, customer, number


@dataclass(slots=True)
class OrderTotals:
    """The totals said and the lines found, by order. Amounts in minor units."""

    said: dict[Order, set[int]] = field(default_factory=dict)
    lines: dict[Order, dict[int, int]] = field(default_factory=dict)

    def take(self, rows: Iterable[tuple[Order, int | None, int, int | None]]) -> None:
        """Rows as (order, line number or None, amount, total or None); a line that comes twice is counted once."""
        for order, no, amount, total in rows:
            found = self.lines.setdefault(order, {})
            found.setdefault(-1 - len(found) if no is None else no, amount)
            if total is not None:
                self.said.setdefault(order, set()).add(total)

    def differing(self) -> list[tuple[Order, tuple[int, ...], int]]:
        """Orders as (order, totals said, sum of the lines) where both are not one figure, to the last minor unit.

        The total may stand on every line or on one only; an order without any is not judged (our default).
        """
        sums = [(order, said, sum(self.lines[order].values())) for order, said in self.said.items()]
        return [(order, tuple(sorted(said)), found) for order, said, found in sums if said != {found}]
