"""The schedule of a week 周工作安排 (step 10) as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.debt import Debt
from crmkit.model.person import Person
from crmkit.model.sheet import Printing, SheetTask
from crmkit.model.visit import PlannedState
from crmkit.model.week import Week


class DayState(StrEnum):
    """What a day of a week schedule is."""

    PLANNED = "planned"  # its month is approved and a visit plan covers it; it may hold no visit
    UNPLANNED = "unplanned"  # approved, but no visit plan covers it yet
    WAITING = "waiting"  # 待审核: the record of its month is not approved
    OPENING = "opening"  # an opening day: no planned visits
    AWAY = "away"  # the manager's own day off
    COMPANY_OFF = "company_off"
    HOLIDAY = "holiday"  # a weekday without work by the official calendar
    WEEKEND = "weekend"


@dataclass(frozen=True, slots=True)
class WeekStop:
    """One visit of a day. `position` counts from 1 in the day's order, visits without a road after those on it.

    `pinned` is a fixed appointment or a visit held on its day, `note` what was said of it; `tasks` empty: this
    month's strategies are done.
    """

    position: int
    short_code: str
    customer: Customer
    method: VisitMethod
    state: PlannedState = PlannedState.OPEN
    pinned: bool = False
    note: str | None = None
    frequency: Frequency | None = None
    key: bool = False
    tasks: tuple[SheetTask, ...] = ()


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What one day, or the week, holds. `metres` None: no shop of it has coordinates.

    `minutes` are those of visits, calls and road at the policy's times and speed; `percent` is the share of the day's
    room that is used (of a week: of the room of its days with visits).
    """

    onsite: int = 0
    calls: int = 0  # by phone or other ways without a road
    metres: int | None = None
    minutes: int = 0
    percent: int = 0

    @property
    def visits(self) -> int:
        return self.onsite + self.calls


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day: what it is, its visits where there are any, route and note as the manager wrote them.

    `left_out` are customers planned for the day who are not on paper: no visit method, or not active. `reason` says
    why the company is off.
    """

    day: date
    state: DayState
    stops: tuple[WeekStop, ...] = ()
    totals: DayTotals = field(default_factory=DayTotals)
    route: str | None = None
    note: str | None = None
    reason: str | None = None
    left_out: tuple[Customer, ...] = ()
    provisional: bool = False
    sheet: int = 0  # the newest version of the day's printed sheet; 0: none


@dataclass(frozen=True, slots=True)
class WeekTexts:
    """What the manager wrote of a week. `done_at`, `done_by`: when both focus texts first stood there, and whose hand.

    `routes` and `notes` are by day.
    """

    market: str | None = None  # 市场信息采集重点
    brand: str | None = None  # 品牌工作重点
    routes: Mapping[date, str] = field(default_factory=dict)
    notes: Mapping[date, str] = field(default_factory=dict)
    done_at: str | None = None
    done_by: str | None = None

    @property
    def is_done(self) -> bool:
        """Step 10 is done for the week when both focus texts are written [our default]."""
        return bool(self.market and self.brand)


@dataclass(frozen=True, slots=True)
class WeekSchedule:
    """The schedule of one manager's week.

    `due` is its first working day (None: a week without work); `late` when it was not written by the end of that day.
    `methodless` are valid customers without a visit method, who stand on no paper. `changed` are the days that no
    longer are what the newest printed schedule shows.
    """

    manager: Person
    week: Week
    days: tuple[WeekDay, ...]
    texts: WeekTexts
    due: date | None
    late: bool
    totals: DayTotals
    zone: str
    methodless: tuple[Customer, ...] = ()
    printing: Printing | None = None
    changed: tuple[date, ...] = ()
    owed: tuple[Debt, ...] = ()  # open visit debts as of the week, the oldest first
