"""The planning of a month's visits: the problem, its solution, and what a solver is.

Everything is whole numbers and positions in tuples, so that any solver, in any language, sees the same
problem. Days and stops are named by their index in `Problem.days` and `Problem.stops`, duties by (stop,
duty) indexes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.month import Month

Metres = Sequence[Sequence[int]]  # [from][to]
DEFAULT_SEED = 1
EFFORTS = ("quick", "normal", "thorough")  # about 2, 12 and 65 seconds for 240 customers


@dataclass(frozen=True, slots=True)
class Client:
    """A customer as planning sees him: who, how often, and where he stands in the frequency lists."""

    customer: Customer
    frequency: Frequency
    rank: int = 0  # place in the ranking of the month, 1 the best: the largest number is repaired first
    key: bool = False
    new_since: date | None = None  # a customer who became ours on that day, of the month or late in the one before
    owed_since: date | None = None  # since when his oldest visit debt runs


@dataclass(frozen=True, slots=True)
class Standing:
    """A visit that stays where it is: made (a fact), or planned and pinned, printed, or outside the range."""

    customer: int
    day: date
    method: VisitMethod
    made: bool
    skipped: bool = False  # taken off the plan by hand: no longer owed, takes no room, no gap is kept to it


@dataclass(frozen=True, slots=True)
class Owed:
    """One visit a customer is owed, before anybody asks where it fits. Dates are both included."""

    customer: int
    number: int  # 1-based among what the customer is owed in the month, in time
    first: date
    last: date
    week: date | None = None  # the Monday, when it is owed for a week


class Misfit(StrEnum):
    """Why an owed visit stands on no day."""

    ABSENT = "absent"  # every day it may stand on is a day off of this manager, or frozen
    CLOSED = "closed"  # the shop is shut on every such day
    GAP = "gap"  # no such day keeps the lower gap to a visit made or kept
    ROOM = "room"  # the days are full


@dataclass(frozen=True, slots=True)
class Duty:
    """One owed visit as the solver gets it.

    `days` are the indexes of the days it may stand on, ascending; empty with `misfit` saying why.
    `wishes` are the costs of these days that depend on nothing else (thousandths of a weight).
    `load` is what the visit takes of a day's room, `seconds` how long it lasts.
    `max_gap` 0 means that no upper gap ties it to the duty before it.
    """

    number: int
    week: date | None
    days: tuple[int, ...]
    wishes: tuple[int, ...]
    min_gap: int
    max_gap: int
    load: int
    seconds: int
    method: VisitMethod
    misfit: Misfit | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A customer in the problem."""

    customer: int
    code: str
    frequency: Frequency
    rank: int
    preferred: tuple[int, int]  # working days between two visits, least and most
    duties: tuple[Duty, ...]
    had: int = 0  # visits that may move which the plan before had
    old: tuple[int, ...] = ()  # their days, as far as these can still take visits


@dataclass(frozen=True, slots=True)
class PlanDay:
    """A day that can take visits. `position` counts working days, so that gaps are differences of
    positions.
    """

    day: date
    position: int
    room: int  # units of load in all
    standing: tuple[int, ...] = ()  # stops whose visits stay on this day, by road
    standing_load: int = 0
    standing_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """What makes a plan good; whole numbers, larger = matters more."""

    travel: int  # per kilometre
    evenness: int  # per (10 percent from the mean) squared, of each day's time
    even_units: int  # the same of each day's units of room; 0 where these are time
    even_percent: int  # wanted: the times of days vary by at most so much (standard deviation ÷ mean)
    same_weekday: int  # per change of weekday of a weekly customer
    preferred_gap: int  # per working day outside the preferred gap


@dataclass(frozen=True, slots=True)
class Problem:
    """A month's planning problem. Loads and rooms share one unit: `room` of a day is one day's capacity.

    `metres[a][b]` is the way between two stops. `pace` = (units, metres): travel takes units of room
    per metres; (0, 1) where travel takes none. `speed` = (seconds, metres): days are even in time, the road
    included, whatever their room is counted in.
    """

    month: Month
    days: tuple[PlanDay, ...]
    stops: tuple[Stop, ...]
    metres: Metres
    weights: Weights
    phone_load: int
    phone_seconds: int
    pace: tuple[int, int] = (0, 1)
    speed: tuple[int, int] = (0, 1)

    def travel_load(self, metres: int) -> int:
        """Units of a day's room that so many metres of road take, rounded up."""
        units, per = self.pace
        return -(-metres * units // per)

    def travel_seconds(self, metres: int) -> int:
        """How long so many metres of road take, rounded up."""
        seconds, per = self.speed
        return -(-metres * seconds // per)


Spot = tuple[int, int]  # (stop, duty)


@dataclass(frozen=True, slots=True)
class Solution:
    """Where each duty stands: (stop, duty) → day index; a duty not named stands nowhere.

    `routes` are the stops of each day in the order of the road, standing ones included.
    """

    days: dict[Spot, int]
    routes: tuple[tuple[int, ...], ...]
    iterations: int
    seed: int
    cost: int = 0
    least_moves: int = 0  # proven: no plan with all these visits moves fewer of the plan before


class Solver(Protocol):
    """An optimiser. Same problem, seed and effort → the same solution on every machine."""

    name: str

    def solve(self, problem: Problem, *, seed: int, effort: int) -> Solution:
        """Search with `effort` iterations. Never returns a solution that breaks a gap, a window or a
        day's room; what does not fit is left out.
        """
        ...

    def route(self, metres: Metres, stops: tuple[int, ...]) -> tuple[int, ...]:
        """A short order of these stops: an open way, start and end free."""
        ...


class RepairKind(StrEnum):
    """The repairs of method.md §4 "Room", cheapest first."""

    SECOND_BY_PHONE = "second_by_phone"  # second visit of a twice-monthly customer
    MONTHLY_BY_PHONE = "monthly_by_phone"
    WEEKLY_BY_PHONE = "weekly_by_phone"  # in the shortest week


@dataclass(frozen=True, slots=True)
class Repair:
    """One visit made by phone because the days are full."""

    customer: int
    code: str
    number: int
    kind: RepairKind
    week: date | None
    frees: int = field(default=0, compare=False)  # units of room it gives back


@dataclass(frozen=True, slots=True)
class Unfit:
    """An owed visit that stands on no day even after repairs: it becomes visit debt 欠访."""

    customer: int
    code: str
    number: int
    week: date | None
    misfit: Misfit


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """Room and need of one Monday-Sunday week, in units; what may stand in several weeks is in
    `Foresight` only.
    """

    week: date
    days: int
    room: int
    bound: int  # load of the visits that can stand in this week only, standing ones included
    visits: int = 0  # how many are owed that can stand in this week only
    owed: int = 0  # their load: `bound` without what stands


@dataclass(frozen=True, slots=True)
class AreaLoad:
    """What the customers of one neighbourhood 小片 ask for; None: customers without one."""

    neighbourhood: str | None
    customers: int
    visits: int
    asked: int


@dataclass(frozen=True, slots=True)
class Foresight:
    """What can be said before any plan exists.

    `short` units cannot be held by any plan whatever: a proven lower bound (0 = nothing proven
    missing). `asked` and `room` are units of the whole month, `day` one day's room. `repairs` are the
    visits to be made by phone so that the rest can stand, `unfit` what stands nowhere even then.
    """

    asked: int
    room: int
    short: int
    day: int
    visits: int
    weeks: tuple[WeekLoad, ...]
    repairs: tuple[Repair, ...]
    unfit: tuple[Unfit, ...]
    areas: tuple[AreaLoad, ...] = ()  # by neighbourhood, the heaviest first

    @property
    def anywhere(self) -> tuple[int, int]:
        """Visits that can stand in more than one week, and their load."""
        nowhere = sum(one.misfit is not Misfit.ROOM for one in self.unfit)
        visits = self.visits - nowhere - sum(week.visits for week in self.weeks)
        return visits, self.asked - sum(week.owed for week in self.weeks)

    @property
    def fits(self) -> bool:
        return not self.short and not self.unfit

    def in_days(self, units: int) -> Decimal:
        """Units of load as full working days of one person, to a hundredth; 0 in a month without days."""
        return Decimal(units * 100 // max(self.day, 1)) / 100


class Breach(StrEnum):
    """A hard rule a plan does not hold."""

    DAY_FULL = "day_full"
    GAP_SHORT = "gap_short"
    GAP_LONG = "gap_long"
    WRONG_DAY = "wrong_day"
    NOT_PLANNED = "not_planned"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken hard rule: the customer (0 for a day's room), the day, what was found and what was
    allowed.
    """

    breach: Breach
    day: date | None
    customer: int = 0
    code: str = ""
    found: int = 0
    allowed: int = 0


@dataclass(frozen=True, slots=True)
class DayVisit:
    """One visit of a finished plan. `position` is the 1-based place on the day's road, 0 without a road."""

    customer: int
    day: date
    method: VisitMethod
    position: int
    number: int
    week: date | None


@dataclass(frozen=True, slots=True)
class MonthVisits:
    """A settled plan: the new visits in order of day and road, what became a phone call, what stands
    nowhere.
    """

    visits: tuple[DayVisit, ...]
    repairs: tuple[Repair, ...]
    unfit: tuple[Unfit, ...]
    violations: tuple[Violation, ...]
    kept: dict[tuple[int, date], int] = field(default_factory=dict)  # (customer, day): place on the road
    iterations: int = 0
    cost: int = 0
    least_moves: int = 0  # proven: no plan with all these visits moves fewer


@dataclass(frozen=True, slots=True)
class DayReason:
    """Why a visit stands on its day: which duty it keeps, how far its neighbours are, what else was free."""

    day: date
    number: int
    week: date | None
    window: tuple[date, date]
    before: date | None  # the visit before, of any method
    gap_before: int | None
    after: date | None
    gap_after: int | None
    allowed: tuple[int, int]  # hard gap, least and most (most 0: none)
    free: tuple[date, ...]  # days on which it could stand too, gaps and room kept
    full: tuple[date, ...]  # days that keep the gaps but have no room left
