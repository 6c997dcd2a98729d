"""What people do by hand: round-robin, and zones by k-means or by the angle; hard rules kept, tours made short."""

import math
from collections.abc import Callable, Mapping
from random import Random
from statistics import fmean

from grounds import Point

from crmkit.model.customer import Frequency
from crmkit.model.planning import Problem, Solution, Solver
from crmkit.solvers.board import Board
from crmkit.solvers.fitting import fit

_FAR_DAY = 1_000_000  # metres: a day outside the customer's zone
_OTHER_WEEK = 30_000

Points = Mapping[int, Point]
Cut = Callable[[Points, Mapping[int, int], int], dict[int, int]]


def dealt(problem: Problem, ways: Mapping[int, list[int]], solver: Solver, sweeps: int = 1) -> Solution:
    """A plan that follows zones (what each day costs each stop, in metres), within all hard rules, tours optimised.
    More sweeps let everybody choose again: by the detour and the evenness of the days as they are then.
    """
    board = Board(problem)
    for sweep in range(sweeps):
        for stop in range(len(problem.stops)):
            board.remove(stop)
            board.insert(stop, None if sweep else ways[stop])
    fit(board, Random(1))
    tours = tuple(solver.route(problem.metres, tuple(tour)) for tour in board.tours)
    placed = {(s, k): day for s, days in enumerate(board.at) for k, day in enumerate(days) if day >= 0}
    return Solution(placed, tours, 0, 1)


def round_robin(problem: Problem) -> dict[int, list[int]]:
    """Nothing but the order of the codes and how full the days are."""
    return {stop: [0] * len(problem.days) for stop in range(len(problem.stops))}


def zones(problem: Problem, points: Points, cut: Cut) -> dict[int, list[int]]:
    """Weekdays by zones, weeks by parts of each zone."""
    weight = {s: len(stop.duties) for s, stop in enumerate(problem.stops)}
    zone = cut(points, weight, 5)
    part: dict[int, int] = {}
    for k in range(5):
        mine = {s: points[s] for s in points if zone[s] == k}
        if mine:
            part |= cut(mine, weight, 4)
    return _zoned(problem, zone, part)


def _zoned(problem: Problem, zone: Mapping[int, int], part: Mapping[int, int]) -> dict[int, list[int]]:
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


def k_means(points: Points, weight: Mapping[int, int], count: int) -> dict[int, int]:
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


def swept(points: Points, weight: Mapping[int, int], count: int) -> dict[int, int]:
    """Zones of about equal weight by the angle around the middle."""
    middle = (fmean(x for x, _ in points.values()), fmean(y for _, y in points.values()))
    order = sorted(points, key=lambda s: math.atan2(points[s][1] - middle[1], points[s][0] - middle[0]))
    total, done, group = sum(weight[s] for s in order), 0, {}
    for s in order:
        group[s] = min(count - 1, done * count // total)
        done += weight[s]
    return group


def in_order(points: Points, weight: Mapping[int, int], count: int) -> dict[int, int]:
    """Blocks of about equal weight in the order of the codes."""
    total, done, group = sum(weight[s] for s in points), 0, {}
    for s in sorted(points):
        group[s] = min(count - 1, done * count // total)
        done += weight[s]
    return group
