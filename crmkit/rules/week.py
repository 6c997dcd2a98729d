"""The week schedule 周工作安排 (step 10): what each day is, what it holds, when it is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import VisitMethod
from crmkit.model.month import Month
from crmkit.model.planning import Client
from crmkit.model.policy import CapacityPolicy
from crmkit.model.week import Week
from crmkit.model.week_schedule import DayState, DayTotals, WeekDay
from crmkit.rules.calendar import is_working, opening_days, working_days
from crmkit.rules.capacity import day_room, on_road, pace, visit_load

_SATURDAY = 6
_DIGITS = 12  # of a day's digest: nobody forges his own paper, chance must not


@dataclass(frozen=True, slots=True)
class DayGates:
    """What the gates of step 10 ask of one day, each by that day's own month."""

    approved: bool  # the month record is approved or later
    covered: bool  # a visit plan covers the day
    visits: int  # planned visits that are not cancelled


def day_state(calendar: WorkCalendar, day: date, company_off: bool, gates: DayGates, opening: int) -> DayState:
    """What a day is. Days without work come first, unless visits stand on them; then approval, then the visit plan.

    An opening day of an approved month carries no planned visits; one that a person put there (an appointment) shows.
    """
    shown = gates.approved and gates.covered and gates.visits
    if not shown and not is_working(calendar, day):
        if company_off:
            return DayState.COMPANY_OFF
        return DayState.WEEKEND if day.isoweekday() >= _SATURDAY else DayState.HOLIDAY
    if not shown and day in calendar.absent:
        return DayState.AWAY
    if not gates.approved:
        return DayState.WAITING
    if not shown and day in opening_days(calendar, Month.of(day), opening):
        return DayState.OPENING
    return DayState.PLANNED if gates.covered else DayState.UNPLANNED


def due_day(calendar: WorkCalendar, week: Week) -> date | None:
    """The week start: its first working day, usually Monday [our default after a holiday]; None without any."""
    days = working_days(calendar, week.monday, week.sunday)
    return days[0] if days else None


def is_late(due: date | None, done_on: date | None, today: date) -> bool:
    """Written after the day it was due, or not written yet and that day is over."""
    return due is not None and (done_on or today) > due


def day_totals(
    capacity: CapacityPolicy, visits: Sequence[tuple[Client, VisitMethod]], metres: int | None
) -> DayTotals:
    """What a day of these visits holds: at the policy's times, and as a share of the room the policy gives a day."""
    onsite = sum(on_road(method) for _client, method in visits)
    seconds = _load(replace(capacity, mode="minutes"), visits, metres)
    room = day_room(capacity)
    percent = _rounded(100 * _load(capacity, visits, metres), room) if room else 0
    return DayTotals(onsite, len(visits) - onsite, metres, -(-seconds // 60), percent)


def week_totals(days: Iterable[WeekDay]) -> DayTotals:
    """The sums of the days; the fullness is that of the days with visits."""
    held = [day.totals for day in days if day.totals.visits]
    ways = [one.metres for one in held if one.metres is not None]
    return DayTotals(
        sum(one.onsite for one in held),
        sum(one.calls for one in held),
        sum(ways) if ways else None,
        sum(one.minutes for one in held),
        _rounded(sum(one.percent for one in held), len(held)) if held else 0,
    )


def shown_digest(day: WeekDay) -> str:
    """A digest of what a paper shows of a day: its state and its visits in their order."""
    shown = [day.state.value, *(f"{stop.customer.code} {stop.method.value} {stop.position}" for stop in day.stops)]
    return sha256("\n".join(shown).encode()).hexdigest()[:_DIGITS]


def _load(capacity: CapacityPolicy, visits: Sequence[tuple[Client, VisitMethod]], metres: int | None) -> int:
    units, per = pace(capacity)
    return sum(visit_load(capacity, *visit) for visit in visits) + -(-(metres or 0) * units // per)


def _rounded(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole)
