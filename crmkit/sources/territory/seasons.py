"""The trade year of the invented territory: which days bring orders, and how strong demand is on a day.

A table of its own, not the published calendar: the files must not change when a library learns a new year.
"""

from datetime import date, timedelta
from functools import cache

from crmkit.model.month import Month

# Days from 21 January to Spring Festival 春节, and from 7 September to Mid-autumn 中秋, of 1990 to 2100.
_TABLE_STARTS = 1990
_SPRING = (
    (6, 25, 14, 2, 20, 10, 29, 17, 7, 26),
    (15, 3, 22, 11, 1, 19, 8, 28, 17, 5),
    (24, 13, 2, 20, 10, 29, 18, 7, 26, 15),
    (4, 22, 11, 1, 20, 8, 27, 16, 5, 23),
    (13, 2, 21, 10, 29, 18, 7, 25, 14, 3),
    (22, 11, 1, 20, 9, 27, 16, 5, 24, 12),
    (2, 21, 11, 29, 18, 7, 25, 14, 3, 22),
    (12, 0, 19, 8, 27, 15, 5, 24, 13, 2),
    (21, 10, 29, 17, 6, 25, 15, 3, 22, 12),
    (1, 19, 8, 27, 16, 5, 24, 13, 3, 20),
    (9, 28, 17, 6, 25, 15, 4, 22, 11, 0),
    (19,),
)
_AUTUMN = (
    (26, 15, 4, 23, 13, 2, 20, 9, 28, 17),
    (5, 24, 14, 4, 21, 11, 29, 18, 7, 26),
    (15, 5, 23, 12, 1, 20, 8, 27, 17, 6),
    (24, 14, 3, 22, 10, 29, 18, 8, 26, 15),
    (5, 24, 12, 1, 20, 9, 27, 17, 6, 25),
    (13, 3, 21, 10, 28, 18, 8, 27, 15, 4),
    (23, 12, 0, 19, 9, 28, 17, 6, 25, 14),
    (2, 21, 10, 29, 18, 8, 26, 16, 4, 22),
    (12, 1, 19, 9, 28, 17, 5, 24, 13, 3),
    (21, 10, 29, 19, 7, 26, 15, 4, 22, 11),
    (1, 20, 9, 28, 17, 6, 23, 13, 2, 22),
    (11,),
)
_PAUSE_DAYS = 7  # no deliveries from New Year's Eve on, nor from 1 October on
_SHUT = ((1, 1), (4, 5), (5, 1), (5, 2), (5, 3))  # month and day: the order of such a day comes later

# Demand by days before (-) or after a feast, in permil of an ordinary day; first matching row wins.
_AROUND_SPRING = ((-30, -16, 1150), (-15, -1, 1400), (0, 6, 500), (7, 21, 880))
_AROUND_AUTUMN = ((-14, -1, 1160), (0, 9, 950))
_RURAL_FEAST = 60  # permil more before Spring Festival in the villages: people come home
_SUMMER = 960


def _offset(table: tuple[tuple[int, ...], ...], year: int) -> int:
    decade, place = divmod(year - _TABLE_STARTS, 10)
    return table[decade][place]


def spring_festival(year: int) -> date:
    """First day of the lunar year, 1990-2100."""
    return date(year, 1, 21) + timedelta(days=_offset(_SPRING, year))


def mid_autumn(year: int) -> date:
    """Mid-autumn day, 1990-2100."""
    return date(year, 9, 7) + timedelta(days=_offset(_AUTUMN, year))


def paused(day: date) -> bool:
    """In the week of Spring Festival (from its eve) or of the National Day nothing is delivered."""
    eve = spring_festival(day.year) - timedelta(days=1)
    return 0 <= (day - eve).days < _PAUSE_DAYS or (day.month == 10 and day.day <= _PAUSE_DAYS)


def _shut(day: date) -> bool:
    return day.isoweekday() > 5 or (day.month, day.day) in _SHUT or day == mid_autumn(day.year)


@cache
def order_days(month: Month, weekday: int) -> tuple[date, ...]:
    """The days of a month on which a shop with this ordering day (ISO weekday) orders, in order.

    The order of a holiday comes on the next open day of its week within the month, else on the one before; in a
    week without an open day there is none.
    """
    wished = (day for day in month.days if day.isoweekday() == weekday)
    found = (_open_day(day, month) for day in wished)
    return tuple(day for day in found if day)


def _open_day(wished: date, month: Month) -> date | None:
    monday = wished - timedelta(days=wished.isoweekday() - 1)
    week = (monday + timedelta(days=n) for n in range(5))
    days = [day for day in week if day in month and not _shut(day) and not paused(day)]
    return next((day for day in days if day >= wished), days[-1] if days else None)


@cache
def month_demand(month: Month, rural: bool) -> int:
    """Demand of a whole month in permil of an ordinary week: about 4300."""
    return sum(demand(day, rural) for day in month.days) // 7


@cache
def demand(day: date, rural: bool) -> int:
    """Demand of the whole area on a day, in permil of an ordinary one."""
    to_spring = (day - spring_festival(day.year)).days
    for low, high, permil in _AROUND_SPRING:
        if low <= to_spring <= high:
            return permil + (_RURAL_FEAST if rural and to_spring < 0 else 0)
    to_autumn = (day - mid_autumn(day.year)).days
    for low, high, permil in _AROUND_AUTUMN:
        if low <= to_autumn <= high:
            return permil
    return _SUMMER if day.month in (6, 7, 8) else 1000
