"""The planner beside what people do by hand: invented territories, one month, each day's tour optimised for all.

    python benchmarks/territories.py [--customers 60,240,300] [--seed 1] [--efforts quick,normal,thorough] [--curve]

A territory is that of crmkit.sources.territory, everybody visited in the shop; 8 % of the customers are key, the rest
are weekly, twice monthly and monthly as the method deals them. Rooms are minutes; the hours of a day grow with the
number of customers, so that one person could do it. round-robin deals the customers to the days in order of code;
k-means makes five balanced zones (the weekdays), each with four parts (the weeks); sweep cuts them by the angle.
"""

import argparse
import math
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from statistics import fmean, pstdev

from crmkit.model.customer import Customer, Frequency, MarketType, Place, VisitMethod
from crmkit.model.month import Month
from crmkit.model.planning import Client, Problem, Solution, Solver
from crmkit.rules.calendar import build_calendar, needed_range
from crmkit.rules.owing import Span
from crmkit.rules.planning import state_problem
from crmkit.rules.settling import violations
from crmkit.solvers.balanced import BalancedSolver
from crmkit.solvers.board import Board
from crmkit.solvers.fitting import fit
from crmkit.solvers.periodic import EFFORTS, PeriodicSolver
from crmkit.sources.holidays import official_days
from crmkit.sources.policy import shipped_policy
from crmkit.sources.territory.shops import shops

MONTH = Month(2026, 3)  # 22 working days, no holiday
EVENNESS = 0  # 0: the policy's
_FAR_DAY = 1_000_000  # metres: a day outside the customer's zone
_OTHER_WEEK = 30_000


def problem_of(count: int, seed: int) -> Problem:
    """The month of one manager with so many customers."""
    shipped = shipped_policy()
    hours = 60 + max(420, 600 * count // 240)
    policy = replace(
        shipped,
        capacity=replace(shipped.capacity, mode="minutes", day_minutes=hours),
        planning=replace(shipped.planning, evenness=EVENNESS or shipped.planning.evenness),
    )
    covers = needed_range(MONTH)
    calendar = build_calendar(covers, official_days("CN", *covers), (), person=1, zone="Asia/Shanghai")
    return state_problem(Span(MONTH, calendar, policy, MONTH.first), clients_of(count, seed), [])


def clients_of(count: int, seed: int) -> list[Client]:
    """Customers of an invented territory with the frequencies of the method."""
    random = Random(seed)
    ranks = random.sample(range(count), count)
    key = count * 8 // 100
    weekly, monthly = key + (20 * (count - key) + 50) // 100, (30 * (count - key) + 50) // 100
    found = []
    for number, (shop, rank) in enumerate(zip(shops(seed, MONTH, count, 1), ranks, strict=True), 1):
        often = Frequency.WEEKLY if rank < weekly else Frequency.TWICE_MONTHLY
        customer = Customer(
            number,
            shop.code,
            shop.name,
            market_type=MarketType.RURAL if shop.rural else MarketType.URBAN,
            visit_method=VisitMethod.ONSITE,
            place=Place(shop.latitude, shop.longitude),
        )
        found.append(Client(customer, Frequency.MONTHLY if rank >= count - monthly else often, rank, rank < key))
    return found


def dealt(problem: Problem, ways: dict[int, list[int]], solver: Solver) -> Solution:
    """A plan that follows zones (what each day costs each stop, in metres), within all hard rules, tours optimised."""
    board = Board(problem)
    for stop in range(len(problem.stops)):
        board.insert(stop, ways[stop])
    fit(board, Random(1))
    tours = tuple(solver.route(problem.metres, tuple(tour)) for tour in board.tours)
    placed = {(s, k): day for s, days in enumerate(board.at) for k, day in enumerate(days) if day >= 0}
    return Solution(placed, tours, 0, 1)


def round_robin(problem: Problem) -> dict[int, list[int]]:
    """Nothing but the order of the codes and how full the days are."""
    return {stop: [0] * len(problem.days) for stop in range(len(problem.stops))}


def zoned(problem: Problem, zone: dict[int, int], part: dict[int, int]) -> dict[int, list[int]]:
    """A zone for each weekday, a part of it for each week of the month; half of the parts for two visits a month."""
    ways = {}
    first = problem.days[0].day.isocalendar().week
    for s, stop in enumerate(problem.stops):
        row = []
        for day in problem.days:
            week = day.day.isocalendar().week - first
            off = (week - part[s]) % (2 if stop.frequency is Frequency.TWICE_MONTHLY else 4)
            mine = stop.frequency is Frequency.WEEKLY or not off
            row.append(_FAR_DAY * (day.day.isoweekday() - 1 != zone[s]) + _OTHER_WEEK * (not mine))
        ways[s] = row
    return ways


def points_of(problem: Problem, count: int, seed: int) -> dict[int, tuple[float, float]]:
    """Flat places of the stops, in metres."""
    found = {}
    for s, client in enumerate(sorted(clients_of(count, seed), key=lambda one: one.customer.code)):
        place = client.customer.place
        assert place is not None
        assert problem.stops[s].customer == client.customer.id
        east = place.longitude_e6 * math.cos(math.radians(place.latitude_e6 / 1e6))
        found[s] = (east * 0.111_319, place.latitude_e6 * 0.111_319)
    return found


def k_means(points: dict[int, tuple[float, float]], weight: dict[int, int], count: int) -> dict[int, int]:
    """Zones of about equal weight: Lloyd's middles, then those with most to lose choose first."""
    members = sorted(points)
    middles = [points[members[len(members) * (2 * k + 1) // (2 * count)]] for k in range(count)] if members else []
    group: dict[int, int] = {}
    room = sum(weight[s] for s in members) / count * 1.03
    for _ in range(40):
        away = {s: [math.dist(points[s], middle) for middle in middles] for s in members}
        left, group = [room] * count, {}
        for s in sorted(members, key=lambda s: sorted(away[s])[0] - sorted(away[s])[min(1, count - 1)]):
            best = min(range(count), key=lambda k: (left[k] < weight[s], away[s][k]))
            group[s] = best
            left[best] -= weight[s]
        for k in range(count):
            mine = [points[s] for s in members if group[s] == k]
            if mine:
                middles[k] = (fmean(x for x, _ in mine), fmean(y for _, y in mine))
    return group


def swept(points: dict[int, tuple[float, float]], weight: dict[int, int], count: int) -> dict[int, int]:
    """Zones of about equal weight by the angle around the middle."""
    middle = (fmean(x for x, _ in points.values()), fmean(y for _, y in points.values()))
    order = sorted(points, key=lambda s: math.atan2(points[s][1] - middle[1], points[s][0] - middle[0]))
    total, done, group = sum(weight[s] for s in order), 0, {}
    for s in order:
        group[s] = min(count - 1, done * count // total)
        done += weight[s]
    return group


def zones(problem: Problem, points: dict[int, tuple[float, float]], cut: object) -> dict[int, list[int]]:
    """Weekdays by zones, weeks by parts of each zone."""
    weight = {s: len(stop.duties) for s, stop in enumerate(problem.stops)}
    zone = cut(points, weight, 5)  # type: ignore[operator]
    part: dict[int, int] = {}
    for k in range(5):
        mine = {s: points[s] for s in points if zone[s] == k}
        if mine:
            part |= cut(mine, weight, 4)  # type: ignore[operator]
    return zoned(problem, zone, part)


@dataclass(frozen=True)
class Figures:
    """What a plan is worth."""

    kilometres: float
    variation: float  # of the minutes of a day
    same_weekday: float
    left_out: int
    broken: int
    seconds: float


def figures(problem: Problem, solution: Solution, seconds: float) -> Figures:
    """Measured from the solution and the problem alone."""
    ways = [sum(problem.metres[a][b] for a, b in pairwise(route)) for route in solution.routes]
    loads = [problem.travel_load(way) for way in ways]
    for (s, k), day in solution.days.items():
        loads[day] += problem.stops[s].duties[k].load
    owed = sum(1 for stop in problem.stops for duty in stop.duties if duty.days)
    broken = violations(problem, solution.days, list(solution.routes))
    kept = total = 0
    for s, stop in enumerate(problem.stops):
        at = [solution.days[s, k] for k in range(len(stop.duties)) if (s, k) in solution.days]
        if stop.frequency is Frequency.WEEKLY:
            total += max(0, len(at) - 1)
            kept += sum(problem.days[a].day.weekday() == problem.days[b].day.weekday() for a, b in pairwise(at))
    return Figures(
        sum(ways) / 1000,
        pstdev(loads) / fmean(loads),
        kept / max(total, 1),
        owed - len(solution.days),
        len(broken),
        seconds,
    )


def timed(problem: Problem, solver: Solver, effort: int) -> Figures:
    start = time.process_time()
    solution = solver.solve(problem, seed=1, effort=effort)
    return figures(problem, solution, time.process_time() - start)


def compare(count: int, seed: int, efforts: Sequence[str]) -> None:
    """One territory, all methods."""
    problem = problem_of(count, seed)
    points, solver = points_of(problem, count, seed), PeriodicSolver()
    rows: list[tuple[str, Figures]] = []
    for name, ways in (
        ("round-robin by code", round_robin(problem)),
        ("k-means zones", zones(problem, points, k_means)),
        ("sweep zones", zones(problem, points, swept)),
    ):
        start = time.process_time()
        rows.append((name, figures(problem, dealt(problem, ways, solver), time.process_time() - start)))
    if count <= 300:
        rows.append(("BalancedSolver (plain Python, 600 rounds)", timed(problem, BalancedSolver(), 600)))
    rows += [(f"PeriodicSolver {effort}", timed(problem, solver, EFFORTS[effort])) for effort in efforts]
    base = rows[0][1].kilometres
    for name, found in rows:
        cells = [str(count), str(seed), name, f"{found.kilometres:.1f}", f"{found.kilometres / base:.3f}"]
        cells += [f"{found.variation:.3f}", f"{100 * found.same_weekday:.0f}", str(found.left_out), str(found.broken)]
        print("| " + " | ".join([*cells, f"{found.seconds:.1f}"]) + " |", flush=True)


def curve(counts: Sequence[int]) -> None:
    """Time and memory of a quick plan as the work grows."""
    print("| customers | visits | stating s | solving s (quick) | peak MB |\n|---|---|---|---|---|")
    for count in counts:
        start = time.process_time()
        problem = problem_of(count, 1)
        stated = time.process_time()
        PeriodicSolver().solve(problem, seed=1, effort=EFFORTS["quick"])
        solved = time.process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        visits = sum(len(stop.duties) for stop in problem.stops)
        print(f"| {count} | {visits} | {stated - start:.2f} | {solved - stated:.2f} | {peak:.0f} |", flush=True)


def main() -> None:
    """The tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", default="60,240,300,1000")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--efforts", default="quick,normal,thorough")
    parser.add_argument("--evenness", type=int, default=0, help="weight of even days; 0 is the policy's")
    parser.add_argument("--curve", action="store_true")
    wanted = parser.parse_args()
    global EVENNESS  # noqa: PLW0603 - one setting of one run
    EVENNESS = wanted.evenness
    counts = [int(word) for word in wanted.customers.split(",")]
    if wanted.curve:
        curve(counts)
        return
    head = ["customers", "seed", "method", "km", "of round-robin", "CV of minutes", "same weekday %"]
    head += ["left out", "broken", "CPU s"]
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for count in counts:
        for seed in range(1, wanted.seeds + 1):
            compare(count, seed, wanted.efforts.split(","))


if __name__ == "__main__":
    main()
