"""The daily visit sheet 日拜访记录表 as a value: what the street needs of one day of one manager."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.debt import Debt
from crmkit.model.evening import AdHocItem
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
class ProductsOf:
    """One product of one shop, before or since a visit: its order days, thousandths of a carton, minor units."""

    product: str
    days: int
    volume: int
    amount: int


@dataclass(frozen=True, slots=True)
class SinceVisit:
    """What a shop ordered after the day of its last visit, as far as the orders are known (`until`, included).

    `usual` are minor units of an order day in the weeks before, None where too few are known; `gained` and `lost` name
    products, the largest first. All our defaults, see rules/sheet.py.
    """

    until: date
    days: int  # on which it ordered
    volume: int = 0
    amount: int = 0
    usual: Fraction | None = None
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def change(self) -> Fraction | None:
        """An order day against the usual one, as a percentage above (below: negative) it."""
        return 100 * (Fraction(self.amount, self.days) / self.usual - 1) if self.usual and self.days else None


@dataclass(frozen=True, slots=True)
class Bringing:
    """One product asked for in shops of the day: thousandths of a carton all together, and the shops' short codes."""

    product: str
    volume: int
    shops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """The places of a day's shops on paper: (label of the numbers there, thousandths across, thousandths down) in a
    frame `wide` and `tall` thousandths large, north up; `metres` that 1000 thousandths are, `bar` a round number of
    them for the scale; `way` the same places in
    the order of the road; `beside` the numbers of shops without a place, or with one far off.
    """

    spots: tuple[tuple[str, int, int], ...]
    way: tuple[int, ...]  # places in `spots`
    wide: int
    tall: int
    metres: int
    bar: int
    beside: tuple[int, ...] = ()


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
    since: SinceVisit | None = None  # None: never visited, or no orders are known since
    promises: tuple[AdHocItem, ...] = ()  # open ad hoc items ●, the oldest first
    verify: tuple[str, ...] = ()  # columns of the customer that nobody made sure of for longest


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """What the day holds. `minutes` and `metres` are None where they are not known; `full`: permille of its room."""

    visits: int
    urban: int
    rural: int
    phone: int
    minutes: int | None = None
    metres: int | None = None
    full: int | None = None
    measured: bool = False  # every way is given, or lies between two places that are known


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
    bring: tuple[Bringing, ...] = ()  # what the day's shops ask for, those asked by most shops first
    sketch: Sketch | None = None
    code: str = ""  # of the paper itself: typed with # before the day's lines
