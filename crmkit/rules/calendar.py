"""The working calendar: what is counted in working days, and which days of a month are whose.

Pure functions over a WorkCalendar. Gaps count in working days of the official and company calendar (method.md
§4, "Visit calendar"): a person's own days off change no gap.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

from crmkit.model.calendar import DayOff, OfficialDays, WorkCalendar
from crmkit.model.month import Month

ONE_DAY = timedelta(days=1)


def needed_range(month: Month) -> tuple[date, date]:
    """The dates a calendar must cover to plan a month: the two months before (look-back) and the month
    itself.
    """
    return month.plus(-2).first, month.last


def build_calendar(
    covers: tuple[date, date],
    official: OfficialDays,
    days_off: Iterable[DayOff],
    *,
    person: int | None,
    zone: str,
) -> WorkCalendar:
    """The calendar of one person for the dates from covers[0] to covers[1]: official days less the company's
    days off; his own days off are kept apart.
    """
    listed = list(days_off)
    company = {off.day for off in listed if off.person is None}
    own = {off.day for off in listed if off.person is not None and off.person == person}
    working = tuple(day for day in official.working if day not in company)
    return WorkCalendar(*covers, working, frozenset(own & set(working)), official.provisional, zone)


def is_working(calendar: WorkCalendar, day: date) -> bool:
    """Is it an official and company working day?"""
    at = bisect_left(calendar.working, day)
    return at < len(calendar.working) and calendar.working[at] == day


def works_on(calendar: WorkCalendar, day: date) -> bool:
    """Does this person work on that day?"""
    return is_working(calendar, day) and day not in calendar.absent


def position(calendar: WorkCalendar, day: date) -> int:
    """How many working days have passed by the evening of that day, from the calendar's first.

    A day without work stands at the working day before it: a visit on a Saturday counts as made on Friday
    evening.
    """
    return bisect_right(calendar.working, day)


def gap(calendar: WorkCalendar, earlier: date, later: date) -> int:
    """Working days from one date to another: the next working day is 1, the same day 0, backwards
    negative.
    """
    return position(calendar, later) - position(calendar, earlier)


def working_days(calendar: WorkCalendar, first: date, last: date) -> tuple[date, ...]:
    """The working days from first to last, both included."""
    return calendar.working[bisect_left(calendar.working, first) : bisect_right(calendar.working, last)]


def month_days(calendar: WorkCalendar, month: Month) -> tuple[date, ...]:
    """The working days of a month."""
    return working_days(calendar, month.first, month.last)


def opening_days(calendar: WorkCalendar, month: Month, count: int) -> tuple[date, ...]:
    """The first `count` working days of a month: they are for steps 1-9 and approval and carry no planned
    visit.
    """
    return month_days(calendar, month)[:count]


def visit_days(calendar: WorkCalendar, month: Month, opening: int) -> tuple[date, ...]:
    """The working days of a month after its opening days: what is owed is owed on these."""
    return month_days(calendar, month)[opening:]


def deadline(calendar: WorkCalendar, month: Month, opening: int) -> date:
    """The last day of "before real visits begin" (method.md §3): the last opening day; without one, the day
    before the month.
    """
    days = opening_days(calendar, month, opening)
    return days[-1] if days else month.first - ONE_DAY


def monday_of(day: date) -> date:
    """The Monday of the Monday-Sunday week a day lies in."""
    return day - timedelta(days=day.isoweekday() - 1)


def mondays(month: Month) -> tuple[date, ...]:
    """The Mondays of the Monday-Sunday weeks a month touches, the first of which may lie in the month
    before.
    """
    start = monday_of(month.first)
    return tuple(start + timedelta(days=7 * n) for n in range((month.last - start).days // 7 + 1))


def next_official_day(calendar: WorkCalendar, after: date) -> date | None:
    """The first official and company working day after a date; None beyond the calendar's end."""
    at = bisect_right(calendar.working, after)
    return calendar.working[at] if at < len(calendar.working) else None


def next_working_day(calendar: WorkCalendar, after: date) -> date | None:
    """`--date next` 下一工作日: this person's first working day after a date; None beyond the calendar's
    end.
    """
    later = calendar.working[bisect_right(calendar.working, after) :]
    return next((day for day in later if day not in calendar.absent), None)


def ordering_days(calendar: WorkCalendar, month: Month, weekday: int | None) -> tuple[date, ...]:
    """The ordering days 订货日 of a month for an ISO weekday [our default where the method is silent].

    An ordering day without work moves to the next working day of its week in the month, else to the one
    before, else it falls out. Without a fixed weekday a customer has one in every week with work: its first
    working day.
    """
    found: list[date] = []
    for monday in mondays(month):
        days = working_days(calendar, max(monday, month.first), min(monday + timedelta(days=6), month.last))
        wished = monday + timedelta(days=(weekday or 1) - 1)
        if not days or (weekday is not None and wished not in month):
            continue
        later = [day for day in days if day >= wished]
        found.append(later[0] if later else days[-1])
    return tuple(found)
