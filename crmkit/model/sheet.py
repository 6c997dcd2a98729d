"""The daily visit sheet 日拜访记录表 as a value: what the street needs of one day of one manager."""

from dataclasses import dataclass
from datetime import date, datetime

from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.debt import Debt
from crmkit.model.person import Person
from crmkit.model.policy import CatalogueEntry
from crmkit.model.strategy import StrategyOrigin
from crmkit.model.visit import Visit

DAILY_SHEET = "daily_sheet"  # printed, it freezes its day against replanning
WEEK_SCHEDULE = "week_schedule"  # printed, it freezes nothing


@dataclass(frozen=True, slots=True)
class SheetTask:
    """One unfinished strategy. `number` is the digit after the shop's short code: K7M-2.

    `words` come from the policy's catalogue; a text written by hand stands there in both languages. Behind a direct
    demand stand `wanted`, products and thousandths of a carton, or `said`, the customer's own words.
    """

    number: int
    words: CatalogueEntry
    origin: StrategyOrigin
    strategy: int = 0  # the store's id
    wanted: tuple[tuple[str, int], ...] = ()
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """One shop of the day, or one phone call. `position` is its place in the day's order, from 1.

    `reasons` are the problem codes that made it a key customer; `tasks` empty: the month's strategies are
    done and the sheet prints its routine items; `debt` counts owed visits not yet repaid 欠访, `owed` is the oldest.
    """

    position: int
    short_code: str
    customer: Customer
    method: VisitMethod
    frequency: Frequency | None = None
    key: bool = False
    reasons: tuple[str, ...] = ()
    last: Visit | None = None
    tasks: tuple[SheetTask, ...] = ()
    debt: int = 0
    owed: Debt | None = None
    shut_at: str | None = None  # HH:MM at which it is likely reached, when its opening hours say it is shut then


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """What the day holds. `minutes` and `metres` are None where they are not known."""

    visits: int
    urban: int
    rural: int
    phone: int
    minutes: int | None = None
    metres: int | None = None


@dataclass(frozen=True, slots=True)
class Printing:
    """One printing of a paper: the first is version 1."""

    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """One day of one manager. `stops` are visits on the road in order, `calls` all visits without one.

    An empty day is a sheet without stops and calls; it never borrows those of another day.
    """

    manager: Person
    day: date
    zone: str
    totals: SheetTotals
    stops: tuple[Stop, ...] = ()
    calls: tuple[Stop, ...] = ()
    routine: tuple[CatalogueEntry, ...] = ()
    focus: str | None = None
    left_out: tuple[Customer, ...] = ()  # planned for the day but no longer valid, or without a visit method
    provisional: bool = False
    printing: Printing | None = None  # None: looked at, not printed
    code: str = ""  # of the paper itself: typed with # before the day's lines
