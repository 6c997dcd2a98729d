"""The month: the unit of the whole method."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_FORM = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; ordered, printed as 2026-11."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1988 <= self.year <= 2102 or not 1 <= self.number <= 12:  # the bases of 1990-01 lie before it
            message = f"{self.year}-{self.number} is no month between 1988-01 and 2102-12"
            raise ValueError(message)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read exactly YYYY-MM, 1990-01 to 2100-12. Raises ValueError for anything else."""
        found = _FORM.fullmatch(text)
        if not found or not 1990 <= int(found[1]) <= 2100:
            message = f"{text!r} is not YYYY-MM between 1990-01 and 2100-12"
            raise ValueError(message)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month a day lies in."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        """The month so many months later (earlier when negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def previous(self) -> "Month":
        return self.plus(-1)

    @property
    def next(self) -> "Month":
        return self.plus(1)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        following = date(self.year + self.number // 12, self.number % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the month, in order."""
        return tuple(self.first + timedelta(days=n) for n in range(self.last.day))

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.number)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
