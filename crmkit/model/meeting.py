"""The page of the Saturday meeting 周六例会: what the week's visits became, what next week is for, what is open."""

from dataclasses import dataclass, field
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.document import Transition
from crmkit.model.person import Person
from crmkit.model.visit import MissReason
from crmkit.model.week import Week
from crmkit.model.week_schedule import WeekSchedule


@dataclass(frozen=True, slots=True)
class VisitCounts:
    """Visits of a day or a week. `planned` are all that were not cancelled: `made` on their day, `early` on another,
    `missed`, `untyped` (their day is over and nobody typed them in) and `coming`. `extra` were made unplanned.
    """

    planned: int = 0
    made: int = 0
    early: int = 0
    missed: int = 0
    untyped: int = 0
    coming: int = 0
    extra: int = 0


@dataclass(frozen=True, slots=True)
class MissedVisit:
    customer: Customer
    day: date
    reason: MissReason
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a visit brought back: a market anomaly or a customer's opinion."""

    customer: Customer
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class OpenMatters:
    """What waits: steps of the month that are late (their keys), visits missed and not made up, days of next week
    without approval or visit plan, the month sent back.
    """

    late_steps: tuple[str, ...] = ()
    owed: int = 0
    waiting_days: tuple[date, ...] = ()
    rejection: Transition | None = None


@dataclass(frozen=True, slots=True)
class ManagerReport:
    """One customer manager's part of the meeting."""

    manager: Person
    days: tuple[tuple[date, VisitCounts], ...]
    total: VisitCounts
    missed: tuple[MissedVisit, ...]
    anomalies: tuple[Heard, ...]
    opinions: tuple[Heard, ...]
    coming_week: WeekSchedule
    matters: OpenMatters = field(default_factory=OpenMatters)


@dataclass(frozen=True, slots=True)
class Meeting:
    """The week that ends and the reports of those who speak; `coming` is the week after it."""

    week: Week
    today: date
    reports: tuple[ManagerReport, ...]

    @property
    def coming(self) -> Week:
        return self.week.plus(1)
