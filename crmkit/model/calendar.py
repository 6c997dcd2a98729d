"""The working calendar of a month's work."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day off of the company (person None) or of one person."""

    day: date
    person: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days between two dates, both included.

    `working` are the official and company working days (what is *owed* follows them);
    `absent` the days of these on which this manager does not work (they remove room, not duty);
    `provisional` is true when a year was assumed, not published.
    """

    first: date
    last: date
    working: tuple[date, ...]
    absent: frozenset[date] = frozenset()
    provisional: bool = False
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One line of an imported calendar: an official statement about one day."""

    day: date
    working: bool
    name: str | None = None


@dataclass(frozen=True, slots=True)
class OfficialDays:
    """What the official calendar says about a range of dates.

    `working` are the working days, ascending. `unpublished` names the years of which the range needs days nobody
    has published yet; when it is not empty, `working` holds only what is known. `provisional` is true when days
    were assumed (Monday to Friday) and not published.
    """

    working: tuple[date, ...]
    unpublished: tuple[int, ...] = ()
    provisional: bool = False
