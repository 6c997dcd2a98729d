"""The law of the planner: whatever the territory and the month, a slow judge of its own finds nothing wrong."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_planner import Plan, Shop, World, all_fit, complaints

from crmkit.model.calendar import DayOff
from crmkit.model.customer import Customer, Frequency, MarketType, Place, VisitMethod
from crmkit.model.month import Month
from crmkit.model.planning import Breach, Client, MonthVisits, RepairKind, Standing
from crmkit.model.policy import Policy
from crmkit.rules.calendar import build_calendar, needed_range, visit_days
from crmkit.rules.capacity import foresee
from crmkit.rules.owing import Span
from crmkit.rules.planning import state_problem
from crmkit.rules.settling import settle
from crmkit.solvers.balanced import BalancedSolver
from crmkit.sources.calendar import read_calendar
from crmkit.sources.holidays import official_days, published_years
from crmkit.sources.policy import shipped_policy

FIRST, LAST = Month(2023, 2), Month(max(published_years("CN")), 12)
MONTHS = [FIRST.plus(n) for n in range((LAST.year - FIRST.year) * 12 + LAST.number - FIRST.number + 1)]
HARD = [Month(2025, 1), Month(2025, 2), Month(2025, 10), Month(2026, 1), Month(2026, 2)]
ONSITE = VisitMethod.ONSITE


@cache
def policy(urban: int, rural: int, opening: int = 1) -> Policy:
    shipped = shipped_policy()
    return replace(
        shipped,
        capacity=replace(shipped.capacity, urban_per_day=urban, rural_per_day=rural),
        month=replace(shipped.month, opening_days=opening),
    )


def span_of(month: Month, rules: Policy, days_off: tuple[DayOff, ...] = (), start: date | None = None) -> Span:
    covers = needed_range(month)
    calendar = build_calendar(covers, official_days("CN", *covers), days_off, person=1, zone="Asia/Shanghai")
    return Span(month, calendar, rules, start or month.first)


def territory(count: int, seed: int) -> list[Client]:
    """An invented manager's area with the frequencies the method gives: 8 % key, then 20 / 50 / 30 percent."""
    random = Random(seed)
    key = count * 8 // 100
    others = count - key
    weekly, monthly = key + (20 * others + 50) // 100, (30 * others + 50) // 100
    clients = []
    for rank, number in enumerate(random.sample(range(count), count)):
        often = Frequency.WEEKLY if rank < weekly else Frequency.TWICE_MONTHLY
        rural = random.random() < 0.3
        spread = 150_000 if rural else 40_000
        place = Place(round(random.gauss(30_500_000, spread)), round(random.gauss(114_300_000, spread)))
        customer = Customer(
            number + 1,
            f"{number:04d}",
            "店",
            market_type=MarketType.RURAL if rural else MarketType.URBAN,
            visit_method=ONSITE,
            place=place,
            order_weekday=random.randrange(1, 6),
        )
        clients.append(Client(customer, Frequency.MONTHLY if rank >= count - monthly else often, rank, rank < key))
    return clients


def plan_of(span: Span, clients: list[Client], standing: list[Standing], effort: int = 20) -> MonthVisits:
    return settle(state_problem(span, clients, standing), BalancedSolver(), seed=7, effort=effort)


def world_of(span: Span, clients: list[Client], standing: list[Standing]) -> World:
    shops = [
        Shop(
            client.customer.code,
            client.frequency.value,
            client.customer.market_type is MarketType.URBAN,
            client.customer.closed_weekdays,
            [visit.day for visit in standing if visit.customer == client.customer.id],
        )
        for client in clients
    ]
    capacity = span.policy.capacity
    return World(
        span.month.year,
        span.month.number,
        set(span.calendar.working),
        set(span.calendar.absent),
        span.policy.month.opening_days,
        span.start,
        capacity.urban_per_day,
        capacity.rural_per_day,
        shops,
    )


def answer_of(result: MonthVisits, clients: list[Client]) -> Plan:
    codes = {client.customer.id: client.customer.code for client in clients}
    plan = Plan({}, {})
    for visit in result.visits:
        phone = visit.method is not ONSITE
        plan.visits.setdefault(codes[visit.customer], []).append((visit.day, phone))
    for unfit in result.unfit:
        plan.unfit.setdefault(unfit.code, []).append((unfit.week, unfit.misfit.value))
    return plan


def judged(span: Span, clients: list[Client], standing: list[Standing], effort: int = 20) -> MonthVisits:
    result = plan_of(span, clients, standing, effort)
    assert complaints(world_of(span, clients, standing), answer_of(result, clients)) == []
    kept = {visit.day for visit in standing}  # what stands may be more than a day holds: named, and nothing added
    assert all(one.breach is Breach.DAY_FULL and one.day in kept for one in result.violations)
    return result


def made(result: MonthVisits) -> list[Standing]:
    return [Standing(visit.customer, visit.day, visit.method, made=True) for visit in result.visits]


def test_every_published_month_of_a_territory_visited_as_planned() -> None:
    clients, rules, before = territory(60, 3), policy(8, 6), list[Standing]()
    for month in MONTHS:
        span = span_of(month, rules)
        problem = state_problem(span, clients, before)
        result = judged(span, clients, before)
        asked = sum(duty.load for stop in problem.stops for duty in stop.duties)
        room = len(visit_days(span.calendar, month, 1)) * problem.days[0].room
        if result.repairs:
            # truly impossible: more is asked than the days hold, or all but less than one visit's load (4 units),
            # which visits of 3 and 4 units cannot always fill; and no more is repaired than needed
            assert asked > room - 4, month
            assert len(result.repairs) <= -(-max(0, asked - room) // 3) + 1, month
        assert result.unfit == (), month
        before = made(result)


@pytest.mark.parametrize("month", HARD, ids=str)
def test_hard_months_at_full_size(month: Month) -> None:
    span, clients = span_of(month, policy(30, 25)), territory(240, 5)
    foresight = foresee(state_problem(span, clients, []))
    result = judged(span, clients, [], effort=60)
    assert bool(result.repairs) == bool(foresight.short)
    assert result.unfit == ()
    assert abs(len(result.repairs) - len(foresight.repairs)) <= 2
    if month == Month(2026, 2):  # fifteen days after the opening day: 13 percent more is asked than they hold
        assert foresight.short > 0


def test_january_2027_with_an_imported_calendar(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "2027.csv"
    file.write_text("日期,上班,名称\n2027-01-01,休,元旦\n2027/1/2,休,元旦\n2027年1月3日,休,元旦\n2027-01-09,班,补班\n")
    month, covers = Month(2027, 1), needed_range(Month(2027, 1))
    imported = {line.day: line.working for line in read_calendar(file)}
    assert official_days("CN", *covers).unpublished == (2027,)
    official = official_days("CN", *covers, imported)
    assert official.unpublished == ()
    calendar = build_calendar(covers, official, (), person=1, zone="Asia/Shanghai")
    result = judged(Span(month, calendar, policy(8, 6), month.first), territory(50, 1), [])
    days = {visit.day for visit in result.visits}
    assert date(2027, 1, 9) in days
    assert not days & {date(2027, 1, 1), date(2027, 1, 4)}  # New Year, and the opening day


def situation(month: Month, random: Random) -> tuple[Span, list[Client], list[Standing]]:
    """Few shops and small days, with everything that can stand in the way: days off of both kinds, closed weekdays,
    visits made and appointments kept, a start inside the month; shops without coordinates, at one point, far away,
    or none at all."""
    rules = policy(random.randrange(2, 9), random.randrange(2, 7), random.choice([1, 1, 1, 2, 3]))
    days = list(month.days)
    off = random.sample(days, random.choice([0, 1, 3, 6]))
    company = [day for day in random.sample(days, random.choice([0, 0, 2])) if day not in off]
    start = random.choice([month.first, month.first, days[len(days) // 3], days[len(days) // 2], days[-6]])
    holidays = [DayOff(day, 1, "") for day in off] + [DayOff(day, None, "") for day in company]
    span = span_of(month, rules, tuple(holidays), start)
    clients, standing = [], list[Standing]()
    point = Place(30_500_000, 114_300_000)
    for number in range(random.randrange(17)):
        near = Place(30_500_000 + random.randrange(90_000), 114_300_000 + random.randrange(90_000))
        customer = Customer(
            number + 1,
            f"{number:03d}",
            "店",
            market_type=random.choice([MarketType.URBAN, MarketType.RURAL]),
            visit_method=ONSITE,
            closed_weekdays=tuple(random.sample(range(1, 8), random.choice([0, 0, 1, 3]))),
            neighbourhood=f"片{number % 4}",
            place=random.choice([None, point, point, near, near, Place(31_900_000, 117_200_000)]),
        )
        clients.append(Client(customer, random.choice(list(Frequency)), number))
        if random.random() < 0.6:
            back = month.first - timedelta(days=random.randrange(1, 25))
            standing.append(Standing(number + 1, back, ONSITE, made=True))
        if random.random() < 0.2:
            kept = random.choice(days)
            standing.append(Standing(number + 1, kept, ONSITE, made=kept < start))
    return span, clients, standing


@given(st.sampled_from(MONTHS), st.integers(0, 10**6))
@settings(max_examples=200, deadline=None)
def test_the_judge_finds_nothing_wrong(month: Month, seed: int) -> None:
    judged(*situation(month, Random(seed)), effort=8)


@given(st.integers(0, 10**6), st.sampled_from(MONTHS))
@settings(max_examples=60, deadline=None)
def test_what_can_fit_does_fit_and_what_cannot_is_foreseen(seed: int, month: Month) -> None:
    """Against trying everything, in worlds small enough for that: days of two or three visits, half a month."""
    random = Random(seed)
    span = span_of(month, policy(random.choice([1, 2]), 1, opening=random.choice([9, 10])))
    clients = []
    for number in range(random.randrange(2, 6)):
        customer = Customer(
            number + 1,
            f"{number:03d}",
            "店",
            market_type=random.choice([MarketType.URBAN, MarketType.RURAL]),
            visit_method=ONSITE,
            closed_weekdays=tuple(random.sample(range(1, 8), random.randrange(4))),
        )
        clients.append(Client(customer, random.choice(list(Frequency)), number))
    result = judged(span, clients, [], effort=30)
    fits = all_fit(world_of(span, clients, []))
    assert fits == (not result.repairs and not result.unfit)
    if fits:
        assert foresee(state_problem(span, clients, [])).fits


@pytest.mark.parametrize(
    ("room", "worst"),
    [
        (7, RepairKind.SECOND_BY_PHONE),
        (3, RepairKind.WEEKLY_BY_PHONE),
    ],
)
def test_repairs_come_in_the_order_of_the_method(room: int, worst: RepairKind) -> None:
    """Every cheaper repair is used up before a dearer one, and within the last kind the lowest ranks go first."""
    clients = territory(60, 11)
    result = judged(span_of(Month(2026, 2), policy(room, room)), clients, [])
    kinds = list(RepairKind)
    used = kinds[: kinds.index(worst) + 1]
    assert [repair.kind for repair in result.repairs] == sorted(
        (repair.kind for repair in result.repairs), key=kinds.index
    )
    assert {repair.kind for repair in result.repairs} == set(used)
    often = dict(zip(kinds, (Frequency.TWICE_MONTHLY, Frequency.MONTHLY, Frequency.WEEKLY), strict=True))
    for kind in used:
        ranks = {client.customer.id: client.rank for client in clients if client.frequency is often[kind]}
        called = {repair.customer for repair in result.repairs if repair.kind is kind}
        if kind is not worst:
            assert called == set(ranks)
        elif kind is not RepairKind.WEEKLY_BY_PHONE:  # the weekly ones go by the week first
            kept = ranks.keys() - called
            assert max(ranks[one] for one in kept) < min(ranks[one] for one in called)


@pytest.mark.parametrize("spoiled", ["dropped", "doubled", "day off", "too near", "overfull"])
def test_the_judge_sees_a_spoiled_plan(spoiled: str) -> None:
    span, clients = span_of(Month(2026, 3), policy(5, 5), (DayOff(date(2026, 3, 18), 1, "假"),)), territory(30, 2)
    plan = answer_of(plan_of(span, clients, []), clients)
    weekly = next(client.customer.code for client in clients if client.frequency is Frequency.WEEKLY)
    days = sorted(plan.visits[weekly])
    if spoiled == "dropped":
        plan.visits[weekly] = days[1:]
    elif spoiled == "doubled":
        plan.visits[weekly] = [*days, days[0]]
    elif spoiled == "day off":
        plan.visits[weekly] = [day if day[0].isocalendar().week != 12 else (date(2026, 3, 18), False) for day in days]
    elif spoiled == "too near":
        plan.visits[weekly] = [(date(2026, 3, 13), False) if n == 1 else day for n, day in enumerate(days)]
        plan.visits[weekly][2] = (date(2026, 3, 16), False)
    else:
        for code in list(plan.visits)[:8]:
            plan.visits[code] = [(date(2026, 3, 20), False), *plan.visits[code][1:]]
    assert complaints(world_of(span, clients, []), plan) != []


def printed_plan() -> str:
    span, clients = span_of(Month(2025, 10), policy(12, 10)), territory(90, 4)
    return repr(plan_of(span, clients, [], effort=40))


def test_the_same_plan_twice_byte_for_byte_in_two_processes() -> None:
    code = "import test_planning_law as law; print(law.printed_plan())"
    outputs = []
    for hashing in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hashing, "PYTHONPATH": str(Path(__file__).parent)}
        ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        outputs.append(ran.stdout)
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 10_000
