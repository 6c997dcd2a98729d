"""What each customer is owed in a month (method.md §4, "Visit calendar").

What is owed follows the official and company calendar; a person's own days off remove room, not duty.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Frequency
from crmkit.model.distance import Given
from crmkit.model.month import Month
from crmkit.model.planning import Client, Owed, Standing
from crmkit.model.policy import Policy
from crmkit.rules import calendar as days

_SIX_DAYS = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Span:
    """The month being planned: its calendar, its numbers, and the first day that can still be planned."""

    month: Month
    calendar: WorkCalendar
    policy: Policy
    start: date
    given: Given = field(default_factory=dict)  # ways between the customers planned for

    @property
    def visit_days(self) -> tuple[date, ...]:
        """The month's working days after its opening days."""
        return days.visit_days(self.calendar, self.month, self.policy.month.opening_days)

    @property
    def open_days(self) -> tuple[date, ...]:
        """Those of them that are not past."""
        return tuple(day for day in self.visit_days if day >= self.start)


def owed_weeks(calendar: WorkCalendar, month: Month, policy: Policy) -> tuple[date, ...]:
    """The Mondays of the weeks in which a weekly customer is owed a visit by this month.

    A week counts with at least `visit.weekly_needs_working_days` working days of the month after its
    opening days; with as many on both sides of a month border the earlier month owes it, so the later
    does not.
    """
    needed, opening = policy.visit.weekly_needs_working_days, policy.month.opening_days

    def enough(which: Month, monday: date) -> bool:
        mine = days.visit_days(calendar, which, opening)
        return sum(monday <= day <= monday + _SIX_DAYS for day in mine) >= needed

    return tuple(
        monday
        for monday in days.mondays(month)
        if enough(month, monday) and (monday in month or not enough(month.previous, monday))
    )


def owed_visits(span: Span, client: Client, standing: Sequence[Standing]) -> tuple[Owed, ...]:
    """The visits a customer is still owed in the month, in time; those made or kept are already taken off.

    `standing` are all visits made or kept of this customer, of any month. A week that has passed is not
    owed; a customer who became ours within the month is owed from that day on.
    """
    begin = max(span.month.first, client.new_since or span.month.first)
    end = _last_day(span, client)
    mine = [visit.day for visit in standing if visit.day in span.month]
    seen = client.new_since is None or any(visit.day >= client.new_since for visit in standing)
    if client.frequency is Frequency.WEEKLY:
        return _weekly(span, client, mine, (begin, end), seen=seen)
    total = 1 if client.frequency is Frequency.MONTHLY else 2
    if new_in_month(span, client) and total > 1 and not _room_for_two(span, begin, end):
        total = 1
    missing = max(0, total - len(mine))
    open_days = [day for day in span.open_days if begin <= day <= end]
    if not open_days:
        return ()
    next_by = open_days[-1] if seen else _first_visit_by(span, client, open_days)
    numbers = range(total - missing + 1, total + 1)
    return tuple(
        Owed(client.customer.id, number, open_days[0], next_by if number == numbers[0] else open_days[-1])
        for number in numbers
    )


def new_in_month(span: Span, client: Client) -> bool:
    """Did this customer become ours within the month?"""
    return client.new_since is not None and client.new_since in span.month


def _last_day(span: Span, client: Client) -> date:
    closed = client.customer.closed_on
    return span.month.last if closed is None else min(span.month.last, closed - timedelta(days=1))


def _weekly(
    span: Span, client: Client, mine: list[date], between: tuple[date, date], *, seen: bool
) -> tuple[Owed, ...]:
    begin, end = between
    needed = span.policy.visit.weekly_needs_working_days if new_in_month(span, client) else 1
    owed: list[Owed] = []
    number = 0
    for monday in owed_weeks(span.calendar, span.month, span.policy):
        sunday = monday + _SIX_DAYS
        if sum(monday <= day <= sunday and begin <= day <= end for day in span.visit_days) < needed:
            continue
        number += 1
        left = [day for day in span.open_days if monday <= day <= sunday and begin <= day <= end]
        if left and not any(monday <= day <= sunday for day in mine):
            last = left[-1]
            if not owed and not seen:
                last = max(left[0], min(last, _first_visit_by(span, client, left)))
            owed.append(Owed(client.customer.id, number, left[0], last, monday))
    return tuple(owed)


def _room_for_two(span: Span, begin: date, end: date) -> bool:
    """Do two visits of a new customer keep the lower gap within what is left of the month?"""
    left = [day for day in span.visit_days if begin <= day <= end]
    return len(left) > span.policy.visit.twice_monthly.min


def _first_visit_by(span: Span, client: Client, open_days: list[date]) -> date:
    """The last day of the first visit: within `new_customer_within_days` working days of a new
    customer's coming, or, when these have passed, within as many from the first day that can still be
    planned.
    """
    since = client.new_since or open_days[0]
    within = span.policy.frequency.new_customer_within_days
    in_time = [day for day in open_days if days.gap(span.calendar, since, day) <= within]
    return in_time[-1] if in_time else open_days[: within + 1][-1]
