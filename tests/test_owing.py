"""What is owed, as tables one can check by hand against the calendar; why a visit stands on its day; minutes."""

from dataclasses import replace
from datetime import date

import pytest

from crmkit.model.calendar import DayOff
from crmkit.model.customer import Customer, Frequency, MarketType, Place, VisitMethod
from crmkit.model.month import Month
from crmkit.model.planning import Client, Misfit, Owed, Standing
from crmkit.model.policy import Policy
from crmkit.rules.calendar import build_calendar, needed_range
from crmkit.rules.capacity import foresee
from crmkit.rules.owing import Span, owed_visits, owed_weeks
from crmkit.rules.planning import state_problem
from crmkit.rules.routing import distances, far_off, metres_between
from crmkit.rules.settling import settle
from crmkit.rules.visitday import why_day
from crmkit.solvers.balanced import BalancedSolver
from crmkit.solvers.routing import route_length, short_route
from crmkit.sources.holidays import official_days
from crmkit.sources.policy import shipped_policy

ONSITE = VisitMethod.ONSITE


def span_of(month: str, *off: DayOff, start: date | None = None, policy: Policy | None = None) -> Span:
    covers = needed_range(Month.parse(month))
    calendar = build_calendar(covers, official_days("CN", *covers), off, person=1, zone="Asia/Shanghai")
    chosen = Month.parse(month)
    return Span(chosen, calendar, policy or shipped_policy(), start or chosen.first)


def client_of(frequency: Frequency, number: int = 1, new_since: date | None = None, **more: object) -> Client:
    shop = Customer(number, f"{number:03d}", "店", market_type=MarketType.URBAN, visit_method=ONSITE)
    return Client(replace(shop, **more), frequency, number, new_since=new_since)  # type: ignore[arg-type]


def days_of(owed: tuple[Owed, ...]) -> list[tuple[int, int]]:
    return [(one.first.day, one.last.day) for one in owed]


@pytest.mark.parametrize(
    ("month", "mondays"),
    [
        # opening day 9 October, so 10 and 11 are two days only: the week of the 6th is not owed
        ("2025-10", ["2025-10-13", "2025-10-20", "2025-10-27"]),
        # 1 to 3 September are a Tuesday on; 31 August belongs to August, which has one day there
        ("2026-09", ["2026-08-31", "2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28"]),
        # 30 September is one day; the holiday leaves 8 to 10: the 8th opens
        ("2026-10", ["2026-10-12", "2026-10-19", "2026-10-26"]),
        ("2026-02", ["2026-02-02", "2026-02-09", "2026-02-23"]),
        # 28 to 31 December are four days: December owes the week
        ("2026-12", ["2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"]),
    ],
)
def test_owed_weeks(month: str, mondays: list[str]) -> None:
    span = span_of(month)
    assert [str(day) for day in owed_weeks(span.calendar, span.month, span.policy)] == mondays


def test_a_week_with_three_days_on_both_sides_is_owed_by_the_earlier_month() -> None:
    """30 September to 2 October made working: three on each side."""
    span = span_of("2024-10")
    extra = {date(2024, 10, day) for day in (1, 2, 3, 4)} | {date(2024, 9, 30), date(2024, 9, 29), date(2024, 9, 28)}
    worked = replace(span.calendar, working=tuple(sorted(set(span.calendar.working) | extra)))
    assert date(2024, 9, 30) in owed_weeks(worked, Month(2024, 10), span.policy)
    policy = replace(span.policy, visit=replace(span.policy.visit, weekly_needs_working_days=1))
    assert date(2024, 9, 30) not in owed_weeks(worked, Month(2024, 10), policy)
    assert date(2024, 9, 30) in owed_weeks(worked, Month(2024, 9), policy)


def test_own_days_off_change_no_duty_and_company_days_do() -> None:
    week = [date(2026, 3, day) for day in (9, 10, 11, 12, 13)]
    client = client_of(Frequency.WEEKLY)
    own, company = (span_of("2026-03", *(DayOff(day, who, "") for day in week)) for who in (1, None))
    assert len(owed_visits(own, client, [])) == len(owed_visits(span_of("2026-03"), client, []))
    assert len(owed_visits(company, client, [])) == len(owed_visits(own, client, [])) - 1
    duties = state_problem(own, [client], []).stops[0].duties
    assert [duty.misfit for duty in duties if duty.misfit] == [Misfit.ABSENT]


def test_started_inside_the_month_past_weeks_are_not_owed_and_made_visits_count() -> None:
    span = span_of("2026-03", start=date(2026, 3, 18))
    assert days_of(owed_visits(span, client_of(Frequency.WEEKLY), [])) == [(18, 20), (23, 27)]
    visited = [Standing(1, date(2026, 3, 17), VisitMethod.PHONE, made=True)]
    assert days_of(owed_visits(span, client_of(Frequency.WEEKLY), visited)) == [(23, 27)]
    assert [one.number for one in owed_visits(span, client_of(Frequency.TWICE_MONTHLY), visited)] == [2]
    assert owed_visits(span, client_of(Frequency.MONTHLY), visited) == ()


def test_visits_that_cannot_keep_the_lower_gap_are_listed_not_forced() -> None:
    span = span_of("2026-03", start=date(2026, 3, 26))
    client = client_of(Frequency.TWICE_MONTHLY)
    result = settle(state_problem(span, [client], []), BalancedSolver(), seed=1, effort=5)
    assert len(result.visits) == 1
    assert [(one.number, one.misfit) for one in result.unfit] == [(2, Misfit.GAP)]


def test_a_new_customer_is_visited_within_five_working_days() -> None:
    span = span_of("2026-03", start=date(2026, 3, 9))
    owed = owed_visits(span, client_of(Frequency.TWICE_MONTHLY, new_since=date(2026, 3, 11)), [])
    assert days_of(owed) == [(11, 18), (11, 31)]
    late = owed_visits(span, client_of(Frequency.TWICE_MONTHLY, new_since=date(2026, 3, 25)), [])
    assert days_of(late) == [(25, 31)]  # no two visits would keep their gap


def test_a_closing_customer_is_owed_until_the_day_before() -> None:
    client = client_of(Frequency.WEEKLY, closed_on=date(2026, 3, 18))
    assert days_of(owed_visits(span_of("2026-03"), client, [])) == [(3, 6), (9, 13), (16, 17)]


def test_why_a_visit_stands_on_its_day() -> None:
    policy = shipped_policy()
    tight = replace(policy, capacity=replace(policy.capacity, urban_per_day=1))
    span = span_of("2026-03", policy=tight)
    clients = [client_of(Frequency.TWICE_MONTHLY), client_of(Frequency.MONTHLY, 2)]
    standing = [Standing(1, date(2026, 3, day), ONSITE, made=False) for day in (4, 18)]
    standing += [Standing(2, date(2026, 3, 19), ONSITE, made=False)]
    reason = why_day(span, clients, standing, 1, date(2026, 3, 18))
    assert (reason.before, reason.gap_before, reason.after) == (date(2026, 3, 4), 10, None)
    assert (reason.number, reason.allowed) == (2, (6, 14))
    assert reason.full == (date(2026, 3, 19),)
    assert [day.day for day in reason.free] == [12, 13, 16, 17, 18, 20, 23, 24]


def test_minutes_count_the_road_and_the_phone() -> None:
    policy = shipped_policy()
    minutes = replace(policy, capacity=replace(policy.capacity, mode="minutes", day_minutes=200))
    spread = [Place(30_000_000 + 9_000 * (n % 6), 114_000_000 + 9_000 * (n // 6)) for n in range(90)]
    clients = [
        client_of(list(Frequency)[n % 3], n + 1, place=spread[n], closed_weekdays=(n % 5 + 1,)) for n in range(90)
    ]
    problem = state_problem(span_of("2026-03", policy=minutes), clients, [])
    result = settle(problem, BalancedSolver(), seed=1, effort=30)
    at = {stop.customer: n for n, stop in enumerate(problem.stops)}
    assert result.violations == ()
    assert result.repairs
    for day in {visit.day for visit in result.visits}:
        today = [visit for visit in result.visits if visit.day == day]
        road = [at[visit.customer] for visit in sorted(today, key=lambda one: one.position) if visit.position]
        seconds = 720 * len(road) + 300 * (len(today) - len(road))
        seconds += -(-route_length(problem.metres, road) * 18 // 125)  # 25 km/h
        assert seconds <= 140 * 60
        assert [visit.position for visit in today if visit.position] == list(range(1, len(road) + 1))


def test_foresight_says_by_how_much_before_any_plan() -> None:
    policy = shipped_policy()
    small = replace(policy, capacity=replace(policy.capacity, urban_per_day=2))
    clients = [client_of(Frequency.WEEKLY, n + 1) for n in range(12)]
    foresight = foresee(state_problem(span_of("2026-03", policy=small), clients, []))
    # four owed weeks and the two days of a fifth that is not: 20 visit days hold 40, each week 8 to 10 of 12
    assert foresight.visits == 48
    assert foresight.short == foresight.asked - 25 * (8 + 10 + 10 + 10)
    assert len(foresight.repairs) == 10
    assert not foresight.fits


def test_great_circle_and_missing_places() -> None:
    wuhan, beijing = Place(30_592_800, 114_305_500), Place(39_904_200, 116_407_400)
    assert abs(metres_between(wuhan, beijing) - 1_052_000) < 3_000
    near = [client_of(Frequency.MONTHLY, n, place=Place(30_000_000 + n, 114_000_000)).customer for n in range(1, 6)]
    off = client_of(Frequency.MONTHLY, 9, place=Place(31_000_000, 114_000_000)).customer
    blank = client_of(Frequency.MONTHLY, 10, neighbourhood="东").customer
    assert far_off([*near, off, blank]) == (off,)
    table = distances([*near, blank, replace(blank, id=11, code="011")], 35)
    assert table[5][6] < table[0][5]
    assert all(table[a][b] == table[b][a] for a in range(7) for b in range(7))


def test_a_day_is_visited_along_the_street() -> None:
    places = [Place(30_000_000, 114_000_000 + 1_000 * n) for n in (0, 7, 3, 1, 9, 5, 2)]
    metres = distances([client_of(Frequency.MONTHLY, n, place=at).customer for n, at in enumerate(places)], 0)
    route = short_route(metres, tuple(range(7)))
    assert route in {(0, 3, 6, 2, 5, 1, 4), (4, 1, 5, 2, 6, 3, 0)}
    assert short_route(metres, (4, 0, 2, 6, 1, 5, 3)) == route


def test_a_customer_of_late_last_month_is_due_over_the_border() -> None:
    span = span_of("2026-12")
    client = client_of(Frequency.TWICE_MONTHLY, new_since=date(2026, 11, 25))
    assert days_of(owed_visits(span, client, []))[0] == (2, 2)  # Wednesday: the fifth working day; the 1st opens
    seen = [Standing(client.customer.id, date(2026, 11, 30), VisitMethod.ONSITE, made=True)]
    assert days_of(owed_visits(span, client, seen))[0] == (2, 31)
