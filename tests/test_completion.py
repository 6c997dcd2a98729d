"""Visits counted three ways: against a slow count, over month borders, holidays, sickness and shut shops."""

from datetime import date, timedelta

import pytest
import slow_completion
from hypothesis import given
from hypothesis import strategies as some

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.month import Month
from crmkit.model.planning import Client
from crmkit.model.policy import Policy
from crmkit.model.summary import OwedWindow, Period, Share, SummaryKind
from crmkit.model.visit import MissReason, PlannedState, PlannedVisit, Visit
from crmkit.rules.calendar import build_calendar, needed_range
from crmkit.rules.completion import completion, owed_windows
from crmkit.rules.owing import Span
from crmkit.sources.holidays import official_days
from crmkit.sources.policy import shipped_policy

NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)
ONSITE = VisitMethod.ONSITE


def month_of(month: Month, until: date | None = None) -> Period:
    return Period(SummaryKind.MONTH, month.first, month.last, until or month.last)


def week_of(monday: date, until: date | None = None) -> Period:
    sunday = monday + timedelta(days=6)
    return Period(SummaryKind.WEEK, monday, sunday, until or sunday)


def plan(customer: int, day: date, state: PlannedState = PlannedState.OPEN) -> PlannedVisit:
    return PlannedVisit(customer, 1, day, ONSITE, 1, state)


def made(customer: int, day: date, *, method: VisitMethod = ONSITE, extra: bool = False) -> Visit:
    return Visit(customer, 1, day, visited=True, method=method, ad_hoc=extra, planned=None if extra else 1)


def missed(customer: int, day: date, reason: MissReason = MissReason.CLOSED) -> Visit:
    return Visit(customer, 1, day, visited=False, method=ONSITE, miss_reason=reason, planned=1)


DAYS = some.dates(date(2026, 10, 26), date(2026, 12, 6))
SHOPS = some.integers(1, 4)


@given(
    some.lists(some.tuples(SHOPS, DAYS, some.booleans()), max_size=25, unique_by=lambda one: one[:2]),
    some.lists(some.tuples(SHOPS, DAYS, some.booleans()), max_size=25, unique_by=lambda one: one[:2]),
    some.lists(some.tuples(SHOPS, some.integers(0, 5), some.integers(1, 2)), max_size=8, unique_by=lambda o: o[:2]),
    DAYS,
)
def test_the_three_counts_are_those_of_a_slow_count(
    plans: list[slow_completion.Plan],
    facts: list[slow_completion.Fact],
    weeks: list[tuple[int, int, int]],
    until: date,
) -> None:
    period = month_of(NOVEMBER, max(NOVEMBER.first, min(until, NOVEMBER.last)))
    monday = date(2026, 10, 26)
    windows = [
        (shop, monday + timedelta(days=7 * week), monday + timedelta(days=7 * week + 6), count)
        for shop, week, count in weeks
    ]
    found = completion(
        [plan(shop, day, PlannedState.CANCELLED if off else PlannedState.OPEN) for shop, day, off in plans],
        [made(shop, day) if visited else missed(shop, day) for shop, day, visited in facts],
        [OwedWindow(*window) for window in windows],
        period,
    )
    span = (period.first, period.until)
    assert (found.on_day.done, found.on_day.of) == slow_completion.on_day(plans, facts, *span)
    assert (found.in_period.done, found.in_period.of) == slow_completion.in_period(plans, facts, *span)
    assert (found.by_frequency.done, found.by_frequency.of) == slow_completion.by_frequency(windows, facts, *span)
    assert found.on_day.done <= found.in_period.done <= found.in_period.of


def test_a_visit_moved_within_the_week_counts_for_the_period_and_not_for_the_day() -> None:
    found = completion([plan(1, date(2026, 11, 3))], [made(1, date(2026, 11, 5))], (), week_of(date(2026, 11, 2)))
    assert (found.on_day, found.in_period) == (Share(0, 1), Share(1, 1))


def test_ways_extras_and_reasons_are_told_apart() -> None:
    day = date(2026, 11, 3)
    facts = [
        made(1, day, method=VisitMethod.PHONE),
        made(2, day, extra=True),
        missed(3, day),
        missed(4, day, MissReason.WEATHER),
    ]
    found = completion([plan(5, day)], facts, (), month_of(NOVEMBER))
    assert (found.made, found.by_phone, found.extra, found.untyped) == (2, 1, 1, 1)
    assert found.missed == {MissReason.CLOSED: 1, MissReason.WEATHER: 1}


def test_nothing_planned_is_nothing_of_nothing() -> None:
    found = completion((), (), (), month_of(NOVEMBER))
    assert found.on_day == found.in_period == found.by_frequency == Share(0, 0)


def china(month: Month) -> WorkCalendar:
    first, last = needed_range(month)
    official = official_days("CN", first, last, (), assume_weekdays=True)
    return build_calendar((first, last), official, (), person=1, zone="Asia/Shanghai")


def windows(month: Month, frequency: Frequency, period: Period, policy: Policy) -> list[OwedWindow]:
    client = Client(Customer(id=1, code="1", name="店", manager=1), frequency)
    return list(owed_windows(Span(month, china(month), policy, month.first), [client], period))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return shipped_policy()


def test_a_week_over_the_month_border_is_owed_once(policy: Policy) -> None:
    """26 October to 1 November belongs to October; 30 November to 6 December has one day of November only."""
    border = week_of(date(2026, 10, 26))
    both = [windows(month, Frequency.WEEKLY, border, policy) for month in (OCTOBER, NOVEMBER)]
    assert [len(one) for one in both] == [1, 0]
    assert not windows(NOVEMBER, Frequency.WEEKLY, week_of(date(2026, 11, 30)), policy)


def test_a_holiday_week_owes_nobody(policy: Policy) -> None:
    """National Day: 1 to 7 October 2026 are no working days."""
    owed = windows(OCTOBER, Frequency.WEEKLY, month_of(OCTOBER), policy)
    assert date(2026, 9, 28) not in {window.first for window in owed}
    assert all(window.first >= date(2026, 10, 5) for window in owed)


def test_a_running_month_asks_only_for_weeks_that_are_over(policy: Policy) -> None:
    whole = windows(NOVEMBER, Frequency.WEEKLY, month_of(NOVEMBER), policy)
    half = windows(NOVEMBER, Frequency.WEEKLY, month_of(NOVEMBER, date(2026, 11, 13)), policy)
    assert [window.first for window in half] == [date(2026, 11, 2), date(2026, 11, 9)]
    assert len(whole) == 4
    assert not windows(NOVEMBER, Frequency.MONTHLY, month_of(NOVEMBER, date(2026, 11, 13)), policy)
    assert [w.count for w in windows(NOVEMBER, Frequency.TWICE_MONTHLY, month_of(NOVEMBER), policy)] == [2]


def test_a_week_asks_weekly_customers_only(policy: Policy) -> None:
    week = week_of(date(2026, 11, 9))
    assert len(windows(NOVEMBER, Frequency.WEEKLY, week, policy)) == 1
    assert not windows(NOVEMBER, Frequency.TWICE_MONTHLY, week, policy)
    assert not windows(NOVEMBER, Frequency.WEEKLY, week_of(date(2026, 11, 9), date(2026, 11, 11)), policy)
