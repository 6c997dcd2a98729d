"""Where a figure comes from: the imported rows behind it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one import among those behind a figure: `batch` None for rows no batch names, `file` its files."""

    batch: int | None
    file: str
    orders: int
    lines: int
    volume: int
    amount: int


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order line as it is stored; volume in thousandths, amount in minor units."""

    day: date
    customer: str
    number: str
    no: int
    product: str
    volume: int
    amount: int
    batch: int | None


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows of a span of days behind a figure: all of them by import, the first of them one by one."""

    first: date
    last: date
    sources: tuple[Source, ...]
    rows: tuple[OrderRow, ...]

    @property
    def lines(self) -> int:
        return sum(source.lines for source in self.sources)
