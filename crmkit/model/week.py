"""The week, Monday to Sunday, as a value."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_FORM = re.compile(r"([0-9]{4})-?W([0-9]{2})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """A week of ISO 8601, printed as 2026-W45: it belongs to the year its Thursday lies in. Some years have 53."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1990 <= self.year <= 2100:
            message = f"{self.year} lies outside 1990 to 2100"
            raise ValueError(message)
        date.fromisocalendar(self.year, self.number, 1)

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read 2026-W45. Raises ValueError for anything else, and for a week the year does not have."""
        found = _FORM.fullmatch(text)
        if not found:
            message = f"{text!r} is not YYYY-Wnn"
            raise ValueError(message)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week a day lies in."""
        year, number, _weekday = day.isocalendar()
        return cls(year, number)

    def plus(self, weeks: int) -> "Week":
        """The week so many weeks later (earlier when negative)."""
        return Week.of(self.monday + timedelta(days=7 * weeks))

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        """Monday to Sunday."""
        return tuple(self.monday + timedelta(days=n) for n in range(7))

    def __contains__(self, day: date) -> bool:
        return self.monday <= day <= self.sunday

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"
